package dev.artel.identity;

import static dev.artel.identity.Fixtures.CLOCK;
import static dev.artel.identity.Fixtures.NOW;
import static dev.artel.identity.Fixtures.SECRET;
import static dev.artel.identity.Fixtures.claims;
import static dev.artel.identity.Fixtures.reason;
import static dev.artel.identity.Fixtures.settings;
import static dev.artel.identity.Fixtures.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.util.Base64URL;
import dev.artel.acceptance.Accepts;
import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reason to refuse a token, next to its nearest neighbour that is accepted.
@Accepts({"S2.2", "S2.7", "S19.4"})
final class TokenCheckTest {
  private final TokenCheck check = check(null, null, false);

  private static TokenCheck check(
      @Nullable String issuer, @Nullable String audience, boolean type) {
    return new TokenCheck(
        SharedSecrets.of(List.of(SECRET.getBytes(StandardCharsets.UTF_8))),
        settings(issuer, audience, type),
        CLOCK);
  }

  @Test
  @Accepts("S2.3")
  void a_full_token_says_who_calls_and_what_they_may() {
    var claims = claims();
    claims.put("iat", NOW.minusSeconds(10).getEpochSecond());
    claims.put("nbf", NOW.minusSeconds(10).getEpochSecond());
    claims.put("jti", "token-7");
    claims.put("roles", List.of("system_admin"));
    claims.put("scope", "hands approve");

    var caller = check.check(signed(claims));

    assertThat(caller)
        .isEqualTo(
            new Caller(
                new UserId(UUID.fromString(Fixtures.USER)),
                Set.of("system_admin"),
                Set.of("hands", "approve"),
                "token-7",
                NOW.minusSeconds(10),
                NOW.plusSeconds(600)));
    assertThat(caller.userPrefix()).isEqualTo("user" + Fixtures.USER);
    assertThat(caller.dbFilter()).isEqualTo(Map.of("user_id", caller.user().value()));
    assertThat(List.of(caller.roles(), caller.scopes()))
        .allSatisfy(words -> assertThat(words).isUnmodifiable());
    assertThat(caller.dbFilter()).isUnmodifiable();
  }

  @Test
  void a_bare_token_has_no_roles_no_scopes_and_no_id() {
    assertThat(check.check(signed(claims())))
        .isEqualTo(
            new Caller(
                new UserId(UUID.fromString(Fixtures.USER)),
                Set.of(),
                Set.of(),
                null,
                null,
                NOW.plusSeconds(600)));
  }

  @Test
  void without_a_list_of_roles_the_words_of_the_scope_are_roles() {
    assertThat(check.check(signed(claims("scope", "system_admin  other"))).roles())
        .containsExactlyInAnyOrder("system_admin", "other");
    var both = claims("scope", "system_admin");
    both.put("roles", List.of());
    assertThat(check.check(signed(both)).roles()).isEmpty();
  }

  @Test
  void a_fraction_of_a_second_is_kept() {
    var claims = claims("iat", new BigDecimal("1700000000.25"));
    assertThat(check.check(signed(claims)).issuedAt())
        .isEqualTo(Instant.ofEpochSecond(1_700_000_000).plusMillis(250));
  }

  static Stream<Arguments> claimTable() {
    long now = NOW.getEpochSecond();
    return Stream.of(
        arguments("exp", null, "claims"),
        arguments("exp", "tomorrow", "claims"),
        arguments("exp", Long.MAX_VALUE, "claims"),
        arguments("exp", now - 60, "expired"),
        arguments("exp", now - 59, "accepted"),
        arguments("exp", now - 3600, "expired"),
        arguments("nbf", now + 60, "accepted"),
        arguments("nbf", now + 61, "claims"),
        arguments("nbf", "later", "claims"),
        arguments("iat", now + 60, "accepted"),
        arguments("iat", now + 61, "claims"),
        arguments("iat", true, "claims"),
        arguments("sub", null, "user_id"),
        arguments("sub", "1-2-3-4-5", "user_id"),
        arguments("sub", "admin", "user_id"),
        arguments("sub", 7, "user_id"),
        arguments("sub", Fixtures.USER + " ", "user_id"),
        arguments("sub", Fixtures.USER.toUpperCase(java.util.Locale.ROOT), "accepted"),
        arguments("jti", 7, "claims"),
        arguments("jti", "", "claims"),
        arguments("jti", "a\0b", "claims"),
        arguments("jti", "j".repeat(255), "accepted"),
        arguments("jti", "j".repeat(256), "claims"),
        arguments("scope", List.of("hands"), "claims"),
        arguments("scope", " ", "accepted"),
        arguments("roles", "system_admin", "claims"),
        arguments("roles", List.of("a", 7), "claims"));
  }

  @ParameterizedTest(name = "{0} = {1}: {2}")
  @MethodSource("claimTable")
  void each_claim_is_held_to_its_rule(String name, @Nullable Object value, String expected) {
    assertThat(reason(() -> check.check(signed(claims(name, value))))).isEqualTo(expected);
  }

  @Test
  void the_issuer_is_held_to_when_one_is_configured() {
    TokenCheck strict = check("https://issuer.example", null, false);
    assertThat(reason(() -> strict.check(signed(claims("iss", "https://issuer.example")))))
        .isEqualTo("accepted");
    assertThat(reason(() -> strict.check(signed(claims("iss", "https://other.example")))))
        .isEqualTo("claims");
    assertThat(reason(() -> strict.check(signed(claims())))).isEqualTo("claims");
  }

  @Test
  void the_audience_is_held_to_when_one_is_configured() {
    TokenCheck strict = check(null, "artel", false);
    assertThat(reason(() -> strict.check(signed(claims("aud", "artel"))))).isEqualTo("accepted");
    assertThat(reason(() -> strict.check(signed(claims("aud", List.of("other", "artel"))))))
        .isEqualTo("accepted");
    assertThat(reason(() -> strict.check(signed(claims("aud", "other"))))).isEqualTo("claims");
    assertThat(reason(() -> strict.check(signed(claims("aud", List.of("other"))))))
        .isEqualTo("claims");
    assertThat(reason(() -> strict.check(signed(claims())))).isEqualTo("claims");
  }

  @Test
  void the_type_is_held_to_when_that_is_configured() {
    TokenCheck strict = check(null, null, true);
    assertThat(reason(() -> strict.check(signed(claims("type", "access"))))).isEqualTo("accepted");
    assertThat(reason(() -> strict.check(signed(claims("type", "refresh"))))).isEqualTo("claims");
    assertThat(reason(() -> strict.check(signed(claims())))).isEqualTo("claims");
  }

  static Stream<Arguments> forgeries() {
    String good = signed(claims());
    List<String> parts = List.of(good.split("\\.", -1));
    String other = "another-secret-of-at-least-32-bytes!!";
    return Stream.of(
        arguments("nothing", "", "malformed"),
        arguments("a word", "token", "malformed"),
        arguments("two parts", parts.get(0) + "." + parts.get(1), "malformed"),
        arguments("four parts", good + ".x", "malformed"),
        arguments("a header that is no JSON", "AAAA." + parts.get(1) + ".x", "malformed"),
        arguments("alg none", unsigned("{\"alg\":\"none\"}") + ".", "malformed"),
        arguments("alg None", unsigned("{\"alg\":\"None\"}") + ".", "malformed"),
        arguments(
            "alg none with a signature",
            unsigned("{\"alg\":\"none\"}") + "." + parts.get(2),
            "malformed"),
        arguments("no signature", parts.get(0) + "." + parts.get(1) + ".", "malformed"),
        arguments(
            "a stronger algorithm of the same secret",
            signed("{\"alg\":\"HS512\"}", claims(), SECRET + SECRET),
            "signature"),
        arguments("another secret", signed("{\"alg\":\"HS256\"}", claims(), other), "signature"),
        arguments(
            "other claims under the same signature",
            parts.get(0) + "." + Base64URL.encode("{\"sub\":\"x\"}") + "." + parts.get(2),
            "signature"),
        arguments(
            "an extension that nobody here knows",
            signed("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", claims(), SECRET),
            "signature"),
        arguments(
            "a path as kid",
            signed("{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}", claims(), other),
            "signature"),
        arguments(
            "SQL as kid",
            signed("{\"alg\":\"HS256\",\"kid\":\"' or 1=1 --\"}", claims(), other),
            "signature"),
        arguments(
            "an address of keys of one's own",
            signed("{\"alg\":\"HS256\",\"jku\":\"https://evil.example/\"}", claims(), other),
            "signature"),
        arguments("too long", "a".repeat(TokenCheck.TOKEN_CHARS_MAX + 1), "malformed"));
  }

  private static String unsigned(String header) {
    return Base64URL.encode(header) + "." + signed(claims()).split("\\.", -1)[1];
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("forgeries")
  void a_forged_token_is_refused(String what, String token, String expected) {
    assertThat(reason(() -> check.check(token))).isEqualTo(expected);
  }

  @Test
  void a_payload_that_is_no_object_is_refused() throws Exception {
    var token =
        new com.nimbusds.jose.JWSObject(
            new com.nimbusds.jose.JWSHeader(com.nimbusds.jose.JWSAlgorithm.HS256),
            new com.nimbusds.jose.Payload("[1]"));
    token.sign(new com.nimbusds.jose.crypto.MACSigner(SECRET));
    assertThat(reason(() -> check.check(token.serialize()))).isEqualTo("claims");
  }

  @Test
  void while_a_secret_is_replaced_both_are_accepted_and_no_third() {
    String next = "next-4Tz8Wb1Ny5Hc3Pd6Jg0Sak9fM2vQx7L";
    var rotating =
        new TokenCheck(
            SharedSecrets.of(
                List.of(
                    next.getBytes(StandardCharsets.UTF_8),
                    SECRET.getBytes(StandardCharsets.UTF_8))),
            settings(null, null, false),
            CLOCK);
    assertThat(reason(() -> rotating.check(signed(claims())))).isEqualTo("accepted");
    assertThat(reason(() -> rotating.check(signed("{\"alg\":\"HS256\"}", claims(), next))))
        .isEqualTo("accepted");
    assertThat(reason(() -> rotating.check(signed("{\"alg\":\"HS256\"}", claims(), next + "x"))))
        .isEqualTo("signature");
  }
}
