package dev.artel.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The issuer's public keys for RS256, fetched from the configured address alone and kept for an
/// hour. When a fetch fails the keys that are known go on; a key that is not known causes a fetch,
/// but no more than one in a while, so that invented `kid`s do not become requests.
final class Jwks implements Keys {
  static final Duration KEPT = Duration.ofHours(1);
  static final Duration FETCH_TIMEOUT = Duration.ofSeconds(10);
  static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);
  private static final int DOCUMENT_BYTES_MAX = 1024 * 1024;
  private static final int KEY_BITS_MIN = 2048;
  private static final Logger log = LoggerFactory.getLogger(Jwks.class);

  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(FETCH_TIMEOUT)
          .build();
  private final ReentrantLock fetching = new ReentrantLock();
  private final URI address;
  private final Clock clock;
  private volatile Known known = new Known(Map.of(), Instant.MIN, Instant.MIN);

  /// @param fetchedAt when these keys came
  /// @param triedAt when a fetch was last tried
  private record Known(Map<String, JWSVerifier> keys, Instant fetchedAt, Instant triedAt) {}

  Jwks(URI address, Clock clock) {
    this.address = address;
    this.clock = clock;
  }

  @Override
  public JWSAlgorithm algorithm() {
    return JWSAlgorithm.RS256;
  }

  @Override
  public List<JWSVerifier> verifiers(JWSHeader header) {
    String kid = header.getKeyID();
    if (kid == null) {
      return List.of();
    }
    if (known.keys.isEmpty() || clock.instant().isAfter(age(known.fetchedAt, KEPT))) {
      refresh();
    }
    if (!known.keys.isEmpty() && !known.keys.containsKey(kid)) {
      refresh();
    }
    if (known.keys.isEmpty()) {
      throw Fault.of(
              ErrorCode.SERVICE_UNAVAILABLE,
              "The issuer's keys cannot be fetched; try again in a few seconds.")
          .retryAfter(BETWEEN_FETCHES);
    }
    JWSVerifier verifier = known.keys.get(kid);
    return verifier == null ? List.of() : List.of(verifier);
  }

  private static Instant age(Instant from, Duration by) {
    return from.equals(Instant.MIN) ? from : from.plus(by);
  }

  /// Fetches, unless another thread has done so meanwhile or a fetch was tried a moment ago.
  private void refresh() {
    fetching.lock();
    try {
      Instant now = clock.instant();
      Known before = known;
      if (now.isBefore(age(before.triedAt, BETWEEN_FETCHES))) {
        return;
      }
      Map<String, JWSVerifier> fetched = fetch();
      known =
          fetched == null
              ? new Known(before.keys, before.fetchedAt, now)
              : new Known(fetched, now, now);
    } finally {
      fetching.unlock();
    }
  }

  private @Nullable Map<String, JWSVerifier> fetch() {
    String problem;
    try {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(address)
                  .timeout(FETCH_TIMEOUT)
                  .header("Accept", "application/json")
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] document = body.readNBytes(DOCUMENT_BYTES_MAX);
        if (answer.statusCode() == 200) {
          Map<String, JWSVerifier> keys = usable(new String(document, StandardCharsets.UTF_8));
          if (!keys.isEmpty()) {
            return keys;
          }
        }
        problem = "status " + answer.statusCode() + " without a usable key";
      }
    } catch (IOException | ParseException | JOSEException failure) {
      problem = failure.toString();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      problem = "interrupted";
    }
    log.atWarn()
        .addKeyValue("problem", problem)
        .log("the issuer's keys could not be fetched; those already known go on");
    return null;
  }

  private static Map<String, JWSVerifier> usable(String document)
      throws ParseException, JOSEException {
    var keys = new HashMap<String, JWSVerifier>();
    for (JWK key : JWKSet.parse(document).getKeys()) {
      boolean forSigning = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
      boolean forThis = key.getAlgorithm() == null || key.getAlgorithm().getName().equals("RS256");
      if (key instanceof RSAKey rsa
          && key.getKeyID() != null
          && forSigning
          && forThis
          && rsa.size() >= KEY_BITS_MIN) {
        keys.put(key.getKeyID(), new RSASSAVerifier(rsa.toRSAPublicKey()));
      }
    }
    return Map.copyOf(keys);
  }
}
