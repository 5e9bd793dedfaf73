package dev.artel.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which tokens are accepted, and how people sign in.
///
/// @param local whether one person signs in on their own machine by a printed link
/// @param home where the local mode keeps its signing key and its user's id
/// @param secret the shared secret of HS256; in local mode null means the key kept in the home
/// @param previousSecret a secret that is still accepted while it is being replaced
/// @param jwksUrl where the public keys of RS256 are
/// @param issuer the only `iss` that is accepted, when set
/// @param audience what `aud` must contain, when set
/// @param requireType whether `type` must be `access`
/// @param clockSkew how far the issuer's clock may be off
/// @param developerTokenLife how long a token from the command line lives
/// @param version the service's version, as it tells its callers
public record IdentitySettings(
    boolean local,
    Path home,
    Algorithm algorithm,
    @Nullable String secret,
    @Nullable String previousSecret,
    @Nullable URI jwksUrl,
    @Nullable String issuer,
    @Nullable String audience,
    boolean requireType,
    Duration clockSkew,
    Duration developerTokenLife,
    String version) {

  /// The one algorithm that tokens may be signed with.
  public enum Algorithm {
    HS256,
    RS256
  }

  /// RFC 7518 3.2: a key of the same size as the hash output, or larger.
  static final int SECRET_BYTES_MIN = 32;

  static final Duration CLOCK_SKEW_MAX = Duration.ofSeconds(60);
  private static final int DISTINCT_CHARACTERS_MIN = 8;
  private static final String[] PLACEHOLDERS = {
    "changeme", "yoursecret", "secretkey", "example", "default", "placeholder", "password",
  };

  public IdentitySettings {
    if (clockSkew.isNegative() || clockSkew.compareTo(CLOCK_SKEW_MAX) > 0) {
      throw new IllegalArgumentException("ARTEL_JWT_CLOCK_SKEW must be from 0 to 60 seconds");
    }
    if (algorithm == Algorithm.RS256) {
      if (jwksUrl == null) {
        throw new IllegalArgumentException(
            "ARTEL_JWT_ALGORITHM=RS256 needs ARTEL_JWT_JWKS_URL, the address of the issuer's keys");
      }
    } else {
      if (secret == null && !local) {
        throw new IllegalArgumentException(
            "production mode needs ARTEL_JWT_SECRET_KEY (32 random bytes or more), or ARTEL_JWT_ALGORITHM=RS256 with ARTEL_JWT_JWKS_URL");
      }
      check("ARTEL_JWT_SECRET_KEY", secret);
      check("ARTEL_JWT_PREVIOUS_SECRET_KEY", previousSecret);
    }
  }

  private static void check(String name, @Nullable String secret) {
    if (secret == null) {
      return;
    }
    if (secret.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          name + " is shorter than 32 bytes; `openssl rand -base64 48` makes a good one");
    }
    String letters = secret.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    if (secret.chars().distinct().count() < DISTINCT_CHARACTERS_MIN
        || Stream.of(PLACEHOLDERS).anyMatch(letters::contains)) {
      throw new IllegalArgumentException(
          name + " is a placeholder; `openssl rand -base64 48` makes a good one");
    }
  }

  /// Whether Artel holds the key that signs, and so can issue tokens itself.
  boolean signs() {
    return algorithm == Algorithm.HS256;
  }

  /// Secrets never show in a text.
  @Override
  public String toString() {
    return "IdentitySettings[local=%s, algorithm=%s, jwksUrl=%s, issuer=%s, audience=%s]"
        .formatted(local, algorithm, jwksUrl, issuer, audience);
  }
}
