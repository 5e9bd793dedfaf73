package dev.artel.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.util.List;

/// The keys that may have signed a token, chosen by configuration and never by the token.
sealed interface Keys permits SharedSecrets, Jwks {
  /// The one algorithm that a token may be signed with.
  JWSAlgorithm algorithm();

  /// Verifiers to try for a token with that header; none when its key is not known.
  ///
  /// @throws dev.artel.base.Fault when no key at all can be had at present
  List<JWSVerifier> verifiers(JWSHeader header);
}
