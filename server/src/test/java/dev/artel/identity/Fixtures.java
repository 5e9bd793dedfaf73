package dev.artel.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.artel.base.Fault;
import dev.artel.base.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tokens of every kind, good and bad.
final class Fixtures {
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  static final String SECRET = "k9fM2vQx7Lr4Tz8Wb1Ny5Hc3Pd6Jg0Sa";
  static final String USER = "0198c5a2-7d5e-7c31-9a44-1f2e3d4c5b6a";

  private Fixtures() {}

  static IdentitySettings settings(
      @Nullable String issuer, @Nullable String audience, boolean type) {
    return new IdentitySettings(
        false,
        Path.of("nowhere"),
        null,
        new Secret(SECRET),
        null,
        issuer,
        audience,
        type,
        Duration.ofSeconds(60),
        Duration.ofMinutes(30),
        "test");
  }

  /// What a plain good token says.
  static Map<String, Object> claims() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", USER);
    claims.put("exp", NOW.plusSeconds(600).getEpochSecond());
    return claims;
  }

  /// A plain good token's claims with one of them changed; null takes it away.
  static Map<String, Object> claims(String name, @Nullable Object value) {
    var claims = claims();
    if (value == null) {
      claims.remove(name);
    } else {
      claims.put(name, value);
    }
    return claims;
  }

  static String signed(Map<String, Object> claims) {
    return signed("{\"alg\":\"HS256\"}", claims, SECRET);
  }

  static String signed(String header, Map<String, Object> claims, String secret) {
    try {
      return signed(header, claims, new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static String signed(String header, Map<String, Object> claims, JWSSigner signer) {
    try {
      var token = new JWSObject(JWSHeader.parse(header), new Payload(claims));
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException | java.text.ParseException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// The reason for which the act is refused, or `accepted`.
  static String reason(Runnable act) {
    try {
      act.run();
      return "accepted";
    } catch (Fault fault) {
      return String.valueOf(fault.metadata().getOrDefault("reason", fault.code().toString()));
    }
  }
}
