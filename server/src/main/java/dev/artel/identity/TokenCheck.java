package dev.artel.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import dev.artel.http.Caller;
import dev.artel.protocol.IdText;
import dev.artel.protocol.UserId;
import java.text.ParseException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what a token says and whether to believe it: signature, times, issuer, audience, type,
/// subject. Knows nothing of revocation.
final class TokenCheck {
  /// Longer tokens are refused before a byte of them is decoded. Below the server's limit for all
  /// headers together, so that the answer is 401.
  static final int TOKEN_CHARS_MAX = 6 * 1024;

  private static final int TOKEN_ID_CHARS_MAX = 255;

  private final Keys keys;
  private final @Nullable String issuer;
  private final @Nullable String audience;
  private final boolean requireType;
  private final Duration skew;
  private final Clock clock;

  TokenCheck(Keys keys, IdentitySettings settings, Clock clock) {
    this.keys = keys;
    this.issuer = settings.issuer();
    this.audience = settings.audience();
    this.requireType = settings.requireType();
    this.skew = settings.clockSkew();
    this.clock = clock;
  }

  /// Who calls with that token.
  ///
  /// @throws dev.artel.base.Fault with the reason when the token is not to be believed
  Caller check(String token) {
    if (token.length() > TOKEN_CHARS_MAX) {
      throw Refusal.MALFORMED.fault();
    }
    JWSObject signed;
    try {
      signed = JWSObject.parse(token);
    } catch (ParseException notAToken) {
      throw Refusal.MALFORMED.fault();
    }
    // Pinned before a key is looked at: a token must not choose how it is verified.
    if (!signed.getHeader().getAlgorithm().equals(keys.algorithm())
        || !signedByOneOf(keys.verifiers(signed.getHeader()), signed)) {
      throw Refusal.SIGNATURE.fault();
    }
    Map<String, Object> claims = signed.getPayload().toJSONObject();
    if (claims == null) {
      throw Refusal.CLAIMS.fault();
    }
    return caller(claims);
  }

  private static boolean signedByOneOf(List<JWSVerifier> verifiers, JWSObject signed) {
    for (JWSVerifier verifier : verifiers) {
      try {
        if (signed.verify(verifier)) {
          return true;
        }
      } catch (JOSEException _) {
        // A signature that cannot even be computed over is a wrong one.
      }
    }
    return false;
  }

  private Caller caller(Map<String, Object> claims) {
    Instant now = clock.instant();
    Instant expires = time(claims, "exp");
    if (expires == null) {
      throw Refusal.CLAIMS.fault();
    }
    if (!now.isBefore(expires.plus(skew))) {
      throw Refusal.EXPIRED.fault();
    }
    Instant notBefore = time(claims, "nbf");
    Instant issued = time(claims, "iat");
    Instant latest = now.plus(skew);
    boolean tooEarly =
        (notBefore != null && latest.isBefore(notBefore))
            || (issued != null && latest.isBefore(issued));
    if (tooEarly
        || (issuer != null && !issuer.equals(claims.get("iss")))
        || (audience != null && !isFor(audience, claims.get("aud")))
        || (requireType && !"access".equals(claims.get("type")))) {
      throw Refusal.CLAIMS.fault();
    }
    Set<String> scopes = words(claims.get("scope"));
    return new Caller(
        user(claims.get("sub")),
        claims.containsKey("roles") ? list(claims.get("roles")) : scopes,
        scopes,
        tokenId(claims.get("jti")),
        issued,
        expires);
  }

  private static UserId user(@Nullable Object subject) {
    if (subject instanceof String text) {
      return IdText.parse(text).map(UserId::new).orElseThrow(Refusal.USER_ID::fault);
    }
    throw Refusal.USER_ID.fault();
  }

  private static boolean isFor(String audience, @Nullable Object claimed) {
    return claimed instanceof List<?> several
        ? several.contains(audience)
        : audience.equals(claimed);
  }

  private static @Nullable String tokenId(@Nullable Object claimed) {
    if (claimed == null) {
      return null;
    }
    // PostgreSQL, which is asked whether the token was revoked, has no text with NUL.
    if (claimed instanceof String text
        && !text.isEmpty()
        && text.length() <= TOKEN_ID_CHARS_MAX
        && text.indexOf('\0') < 0) {
      return text;
    }
    throw Refusal.CLAIMS.fault();
  }

  private static Set<String> words(@Nullable Object claimed) {
    if (claimed == null) {
      return Set.of();
    }
    if (claimed instanceof String text) {
      return text.isBlank() ? Set.of() : new HashSet<>(Arrays.asList(text.strip().split(" +")));
    }
    throw Refusal.CLAIMS.fault();
  }

  private static Set<String> list(@Nullable Object claimed) {
    if (!(claimed instanceof List<?> several)) {
      throw Refusal.CLAIMS.fault();
    }
    var words = new HashSet<String>();
    for (Object word : several) {
      if (!(word instanceof String text)) {
        throw Refusal.CLAIMS.fault();
      }
      words.add(text);
    }
    return words;
  }

  /// RFC 7519 2: seconds since the epoch, possibly with a fraction.
  private static @Nullable Instant time(Map<String, Object> claims, String name) {
    Object claimed = claims.get(name);
    if (claimed == null && !claims.containsKey(name)) {
      return null;
    }
    if (!(claimed instanceof Number number)) {
      throw Refusal.CLAIMS.fault();
    }
    try {
      double fraction = number.doubleValue() - Math.floor(number.doubleValue());
      return Instant.ofEpochSecond(number.longValue()).plusMillis(Math.round(fraction * 1000));
    } catch (DateTimeException | ArithmeticException beyondTime) {
      throw Refusal.CLAIMS.fault();
    }
  }
}
