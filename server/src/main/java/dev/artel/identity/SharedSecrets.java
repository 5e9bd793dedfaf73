package dev.artel.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import java.util.ArrayList;
import java.util.List;

/// The shared secret of HS256, and the one it replaces.
final class SharedSecrets implements Keys {
  private final List<JWSVerifier> verifiers;

  private SharedSecrets(List<JWSVerifier> verifiers) {
    this.verifiers = verifiers;
  }

  static SharedSecrets of(List<byte[]> secrets) {
    var verifiers = new ArrayList<JWSVerifier>();
    for (byte[] secret : secrets) {
      try {
        verifiers.add(new MACVerifier(secret));
      } catch (JOSEException tooShort) {
        throw new IllegalArgumentException("a signing secret is too short", tooShort);
      }
    }
    return new SharedSecrets(List.copyOf(verifiers));
  }

  @Override
  public JWSAlgorithm algorithm() {
    return JWSAlgorithm.HS256;
  }

  @Override
  public List<JWSVerifier> verifiers(JWSHeader header) {
    return verifiers;
  }
}
