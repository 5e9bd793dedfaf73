package dev.artel.identity;

import dev.artel.base.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which tokens are accepted, and how people sign in. Checked where it is read.
///
/// @param local whether one person signs in on their own machine by a printed link
/// @param home where the local mode keeps its signing key and its user's id
/// @param jwksUrl where the public keys of RS256 are; null: tokens are signed by HS256
/// @param secret the shared secret of HS256; in local mode null means the key kept in the home
/// @param previousSecret a secret that is still accepted while it is being replaced
/// @param issuer the only `iss` that is accepted, when set
/// @param audience what `aud` must contain, when set
/// @param requireType whether `type` must be `access`
/// @param clockSkew how far the issuer's clock may be off
/// @param developerTokenLife how long a token from the command line lives
/// @param version the service's version, as it tells its callers
public record IdentitySettings(
    boolean local,
    Path home,
    @Nullable URI jwksUrl,
    @Nullable Secret secret,
    @Nullable Secret previousSecret,
    @Nullable String issuer,
    @Nullable String audience,
    boolean requireType,
    Duration clockSkew,
    Duration developerTokenLife,
    String version) {

  /// Whether Artel holds the key that signs, and so can issue tokens itself.
  boolean signs() {
    return jwksUrl == null;
  }
}
