package dev.artel.identity;

import static dev.artel.identity.Fixtures.claims;
import static dev.artel.identity.Fixtures.reason;
import static dev.artel.identity.Fixtures.settings;
import static dev.artel.identity.Fixtures.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.artel.acceptance.Accepts;
import dev.artel.base.Fault;
import dev.artel.protocol.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Accepts({"S2.7", "S19.4"})
final class JwksTest {
  private static final RSAKey FIRST = KeyServer.key("first");
  private static final RSAKey SECOND = KeyServer.key("second");

  private final KeyServer issuer = new KeyServer();
  private final MovingClock clock = new MovingClock();
  private final TokenCheck check =
      new TokenCheck(new Jwks(issuer.address(), clock), settings(null, null, false), clock);

  @AfterEach
  void stop() {
    issuer.close();
  }

  private Map<String, Object> fresh() {
    return claims("exp", clock.instant().plusSeconds(600).getEpochSecond());
  }

  private String by(RSAKey key, String header) throws JOSEException {
    return signed(header, fresh(), new RSASSASigner(key));
  }

  private String by(RSAKey key) throws JOSEException {
    return by(key, "{\"alg\":\"RS256\",\"kid\":\"" + key.getKeyID() + "\"}");
  }

  private String reasonFor(String token) {
    return reason(() -> check.check(token));
  }

  @Test
  void a_token_by_a_published_key_is_accepted_and_the_keys_are_kept_for_an_hour() throws Exception {
    issuer.publishes(FIRST.toPublicJWK(), SECOND.toPublicJWK());
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    assertThat(reasonFor(by(SECOND))).isEqualTo("accepted");
    clock.move(Duration.ofMinutes(60));
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    assertThat(issuer.fetches()).isEqualTo(1);

    clock.move(Duration.ofSeconds(1));
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void a_key_that_the_issuer_withdrew_is_refused_once_the_hour_is_over() throws Exception {
    issuer.publishes(FIRST.toPublicJWK(), SECOND.toPublicJWK());
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    issuer.publishes(SECOND.toPublicJWK());
    clock.move(Duration.ofMinutes(61));
    assertThat(reasonFor(by(FIRST))).isEqualTo("signature");
  }

  @Test
  void a_new_key_is_fetched_when_it_is_first_met_but_invented_ones_cause_no_storm()
      throws Exception {
    issuer.publishes(FIRST.toPublicJWK());
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    for (int i = 0; i < 20; i++) {
      assertThat(reasonFor(by(FIRST, "{\"alg\":\"RS256\",\"kid\":\"invented-" + i + "\"}")))
          .isEqualTo("signature");
    }
    assertThat(issuer.fetches()).isEqualTo(1);

    issuer.publishes(FIRST.toPublicJWK(), SECOND.toPublicJWK());
    clock.move(Jwks.BETWEEN_FETCHES);
    assertThat(reasonFor(by(SECOND))).isEqualTo("accepted");
    assertThat(issuer.fetches()).isEqualTo(2);
  }

  @Test
  void without_a_kid_or_with_another_keys_kid_a_token_is_refused() throws Exception {
    issuer.publishes(FIRST.toPublicJWK(), SECOND.toPublicJWK());
    assertThat(reasonFor(by(FIRST, "{\"alg\":\"RS256\"}"))).isEqualTo("signature");
    assertThat(reasonFor(by(FIRST, "{\"alg\":\"RS256\",\"kid\":\"second\"}")))
        .isEqualTo("signature");
    assertThat(reasonFor(by(FIRST, "{\"alg\":\"RS256\",\"kid\":\"../first\"}")))
        .isEqualTo("signature");
  }

  @Test
  void a_public_key_used_as_a_shared_secret_and_a_sibling_algorithm_are_refused() throws Exception {
    issuer.publishes(FIRST.toPublicJWK());
    var confused =
        signed(
            "{\"alg\":\"HS256\",\"kid\":\"first\"}",
            fresh(),
            new MACSigner(FIRST.toRSAPublicKey().getEncoded()));
    assertThat(reasonFor(confused)).isEqualTo("signature");
    assertThat(reasonFor(by(FIRST, "{\"alg\":\"RS512\",\"kid\":\"first\"}")))
        .isEqualTo("signature");
  }

  @Test
  void keys_that_a_token_brings_along_are_not_looked_at() throws Exception {
    issuer.publishes(FIRST.toPublicJWK());
    try (var evil = new KeyServer()) {
      evil.publishes(SECOND.toPublicJWK());
      assertThat(
              reasonFor(
                  by(
                      SECOND,
                      "{\"alg\":\"RS256\",\"kid\":\"second\",\"jku\":\"%s\",\"jwk\":%s}"
                          .formatted(evil.address(), SECOND.toPublicJWK()))))
          .isEqualTo("signature");
      assertThat(evil.fetches()).isZero();
    }
  }

  @Test
  void keys_that_are_weak_or_meant_for_something_else_do_not_count() throws Exception {
    var forEncryption = new RSAKey.Builder(FIRST).keyUse(KeyUse.ENCRYPTION).build();
    var forAnother =
        new RSAKey.Builder(SECOND).algorithm(com.nimbusds.jose.JWSAlgorithm.RS512).build();
    var weak = new RSAKeyGenerator(1024, true).keyID("weak").generate();
    var curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    var good = KeyServer.key("good");
    issuer.publishes(
        forEncryption.toPublicJWK(),
        forAnother.toPublicJWK(),
        weak.toPublicJWK(),
        curve.toPublicJWK(),
        good.toPublicJWK());
    assertThat(reasonFor(by(good))).isEqualTo("accepted");
    assertThat(reasonFor(by(FIRST))).isEqualTo("signature");
    assertThat(reasonFor(by(SECOND))).isEqualTo("signature");
    var byWeak = new RSASSASigner(weak.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()));
    assertThat(reasonFor(signed("{\"alg\":\"RS256\",\"kid\":\"weak\"}", fresh(), byWeak)))
        .isEqualTo("signature");
    assertThat(
            reasonFor(
                signed("{\"alg\":\"ES256\",\"kid\":\"curve\"}", fresh(), new ECDSASigner(curve))))
        .isEqualTo("signature");
  }

  @Test
  void when_the_issuer_is_down_the_known_keys_go_on() throws Exception {
    issuer.publishes(FIRST.toPublicJWK());
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    for (String broken : new String[] {"{\"keys\":[]}", "<html>", "{"}) {
      issuer.answers(200, broken);
      clock.move(Duration.ofHours(2));
      assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    }
    issuer.answers(500, "");
    clock.move(Duration.ofHours(2));
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
    issuer.close();
    clock.move(Duration.ofHours(2));
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
  }

  @Test
  void without_any_key_the_service_is_unavailable_and_recovers_by_itself() throws Exception {
    issuer.answers(503, "");
    String token = by(FIRST);
    Fault fault = catchThrowableOfType(Fault.class, () -> check.check(token));
    assertThat(fault.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(fault.retryAfter()).isEqualTo(Jwks.BETWEEN_FETCHES);
    assertThat(reasonFor(token)).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(issuer.fetches()).isEqualTo(1);

    issuer.publishes(FIRST.toPublicJWK());
    clock.move(Jwks.BETWEEN_FETCHES);
    assertThat(reasonFor(by(FIRST))).isEqualTo("accepted");
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    issuer.publishes(FIRST.toPublicJWK());
    issuer.answers(302, new com.nimbusds.jose.jwk.JWKSet(FIRST.toPublicJWK()).toString());
    assertThat(reasonFor(by(FIRST))).isEqualTo("SERVICE_UNAVAILABLE");
  }
}
