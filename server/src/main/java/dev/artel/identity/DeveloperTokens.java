package dev.artel.identity;

import dev.artel.base.Secret;
import dev.artel.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Makes tokens with the signing key alone, whether or not a server runs: for the command line and
/// for tests.
public final class DeveloperTokens {
  private final TokenMint mint;
  private final IdentitySettings settings;

  private DeveloperTokens(TokenMint mint, IdentitySettings settings) {
    this.mint = mint;
    this.settings = settings;
  }

  /// @throws IllegalStateException where tokens are issued elsewhere (RS256)
  public static DeveloperTokens of(IdentitySettings settings) {
    if (!settings.signs()) {
      throw new IllegalStateException(
          "tokens are signed by the issuer behind ARTEL_JWT_JWKS_URL; Artel cannot make any");
    }
    return new DeveloperTokens(
        new TokenMint(secrets(settings).getFirst(), settings, Clock.systemUTC()), settings);
  }

  /// The user whom the printed link signs in.
  public UserId localUser() {
    return LocalFiles.user(settings.home());
  }

  public String mint(UserId user, Set<String> roles) {
    return mint.mint(user, roles, Set.of(), settings.developerTokenLife());
  }

  /// A token that only opens what those scope words open.
  public String narrowed(UserId user, Set<String> scopes) {
    return mint.mint(user, Set.of(), scopes, settings.developerTokenLife());
  }

  /// The present secret first, then the one it replaces.
  static List<byte[]> secrets(IdentitySettings settings) {
    Secret secret = settings.secret();
    return Stream.concat(
            Stream.of(secret == null ? LocalFiles.signingKey(settings.home()) : bytes(secret)),
            Stream.ofNullable(settings.previousSecret()).map(DeveloperTokens::bytes))
        .toList();
  }

  private static byte[] bytes(Secret secret) {
    return secret.value().getBytes(StandardCharsets.UTF_8);
  }
}
