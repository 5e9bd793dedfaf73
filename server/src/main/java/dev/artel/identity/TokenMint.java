package dev.artel.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Signs access tokens, where Artel holds the key.
final class TokenMint {
  private final JWSSigner signer;
  private final @Nullable String issuer;
  private final @Nullable String audience;
  private final Clock clock;

  TokenMint(byte[] secret, IdentitySettings settings, Clock clock) {
    try {
      this.signer = new MACSigner(secret);
    } catch (JOSEException tooShort) {
      throw new IllegalArgumentException("the signing secret is too short", tooShort);
    }
    this.issuer = settings.issuer();
    this.audience = settings.audience();
    this.clock = clock;
  }

  String mint(UserId user, Set<String> roles, Set<String> scopes, Duration life) {
    Instant now = clock.instant();
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", user.toString());
    // To the millisecond: a token from just after a revocation must not look older than it.
    claims.put("iat", BigDecimal.valueOf(now.toEpochMilli(), 3));
    claims.put("exp", now.plus(life).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("type", "access");
    if (issuer != null) {
      claims.put("iss", issuer);
    }
    if (audience != null) {
      claims.put("aud", audience);
    }
    if (!roles.isEmpty()) {
      claims.put("roles", roles.stream().sorted().toList());
    }
    if (!scopes.isEmpty()) {
      claims.put("scope", String.join(" ", scopes.stream().sorted().toList()));
    }
    var token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
    try {
      token.sign(signer);
    } catch (JOSEException failure) {
      throw new IllegalStateException("a token could not be signed", failure);
    }
    return token.serialize();
  }
}
