package dev.artel.identity;

import static dev.artel.identity.Fixtures.SECRET;
import static dev.artel.identity.Fixtures.reason;
import static dev.artel.identity.Fixtures.settings;
import static dev.artel.identity.Fixtures.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.base.Ids;
import dev.artel.db.Db;
import dev.artel.http.Caller;
import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two nodes over one database.
@Accepts({"S2.7", "S19.4"})
final class RevocationTest {
  /// Less than a revocation is told again for.
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Db db = TestDatabase.db();
  private final UserId user = new UserId(UUID.randomUUID());
  private final Node here = new Node();
  private final Node there = new Node();

  private final class Node {
    final List<Predicate<Caller>> told = new CopyOnWriteArrayList<>();
    final Revocations revocations = new Revocations(db, () -> List.of(told::add));
    final Identity identity =
        new Identity(db, Ids.system(), revocations, settings(null, null, false), null);
    final Admission admission = admission(Clock.systemUTC());

    Admission admission(Clock clock) {
      return new Admission(
          new TokenCheck(
              SharedSecrets.of(List.of(SECRET.getBytes(StandardCharsets.UTF_8))),
              settings(null, null, false),
              clock),
          revocations,
          db,
          Duration.ofSeconds(60),
          clock);
    }

    String reasonFor(String token) {
      return reason(() -> admission.admit(token));
    }
  }

  @AfterEach
  void stop() {
    here.revocations.close();
    there.revocations.close();
  }

  private String token(@Nullable String jti, @Nullable Instant issued) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", user.toString());
    claims.put("exp", Instant.now().plusSeconds(600).getEpochSecond());
    if (jti != null) {
      claims.put("jti", jti);
    }
    if (issued != null) {
      claims.put("iat", BigDecimal.valueOf(issued.toEpochMilli(), 3));
    }
    return signed(claims);
  }

  private long rows() {
    return db.read(
        user,
        tx ->
            tx.sql("select count(*) from users where id = :user")
                .param("user", user.value())
                .query(Long.class)
                .single());
  }

  @Test
  void the_first_request_of_a_new_subject_makes_the_user_and_later_ones_change_nothing() {
    assertThat(rows()).isZero();
    assertThat(here.reasonFor(token(null, null))).isEqualTo("accepted");
    assertThat(here.reasonFor(token("other", null))).isEqualTo("accepted");
    assertThat(there.reasonFor(token(null, null))).isEqualTo("accepted");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void a_refused_token_makes_no_user() {
    assertThat(here.reasonFor(token(null, null) + "x")).isEqualTo("signature");
    assertThat(here.reasonFor("x".repeat(TokenCheck.TOKEN_CHARS_MAX + 1))).isEqualTo("malformed");
    assertThat(rows()).isZero();
  }

  @Test
  void one_token_ends_on_every_node_and_the_users_others_go_on() {
    String jti = UUID.randomUUID().toString();
    String ended = token(jti, Instant.now());
    String other = token(UUID.randomUUID().toString(), Instant.now());
    for (Node node : List.of(here, there)) {
      assertThat(node.reasonFor(ended)).isEqualTo("accepted");
      assertThat(node.reasonFor(other)).isEqualTo("accepted");
    }

    here.identity.revokeToken(jti, Instant.now().plusSeconds(600));

    assertThat(here.reasonFor(ended)).isEqualTo("revoked");
    there.revocations.ask();
    assertThat(there.reasonFor(ended)).isEqualTo("revoked");
    assertThat(here.reasonFor(other)).isEqualTo("accepted");
    assertThat(there.reasonFor(other)).isEqualTo("accepted");
  }

  @Test
  void a_node_whose_clockwork_stands_still_asks_when_it_is_asked() {
    String jti = UUID.randomUUID().toString();
    String token = token(jti, Instant.now());
    assertThat(there.reasonFor(token)).isEqualTo("accepted");
    here.identity.revokeToken(jti, null);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(there.reasonFor(token)).isEqualTo("revoked"));
  }

  @Test
  void the_clockwork_tells_without_any_request() {
    there.revocations.start();
    String jti = UUID.randomUUID().toString();
    here.identity.revokeToken(jti, null);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(there.told)
                .anySatisfy(ended -> assertThat(ended.test(caller(jti, null))).isTrue()));
  }

  @Test
  void a_restart_forgets_no_revocation() {
    String jti = UUID.randomUUID().toString();
    here.identity.revokeToken(jti, null);
    assertThat(new Node().reasonFor(token(jti, Instant.now()))).isEqualTo("revoked");
    // Also one that is too old to be among the recent ones.
    db.unbound(tx ->
        tx.sql(
                "update revoked_tokens set revoked_at = artel_now() - interval '1 day' where jti = :jti")
            .param("jti", jti)
            .update());
    assertThat(new Node().reasonFor(token(jti, Instant.now()))).isEqualTo("revoked");
  }

  @Test
  void all_of_a_users_tokens_end_but_younger_ones_are_good() {
    String old = token(null, Instant.now().minusSeconds(5));
    String ageless = token(null, null);
    assertThat(here.reasonFor(old)).isEqualTo("accepted");
    assertThat(here.reasonFor(ageless)).isEqualTo("accepted");

    here.identity.revokeAll(user);

    // Issued now, or a slow machine would have revoked it as well.
    String young = token(null, Instant.now().plusSeconds(5));
    for (Node node : List.of(here, there, new Node())) {
      assertThat(node.reasonFor(old)).isEqualTo("revoked");
      assertThat(node.reasonFor(ageless)).isEqualTo("revoked");
      assertThat(node.reasonFor(young)).isEqualTo("accepted");
    }
  }

  @Test
  void a_later_revocation_of_a_user_replaces_the_earlier_one() {
    here.identity.revokeAll(user);
    Instant first = Instant.now();
    await().until(() -> Instant.now().isAfter(first.plusMillis(10)));
    String token = token(null, Instant.now());
    assertThat(here.reasonFor(token)).isEqualTo("accepted");
    here.identity.revokeAll(user);
    assertThat(here.reasonFor(token)).isEqualTo("revoked");
    assertThat(new Node().reasonFor(token)).isEqualTo("revoked");
  }

  @Test
  void a_deleted_user_stays_deleted() {
    String old = token(null, Instant.now().minusSeconds(5));
    String ageless = token(null, null);
    String unseen = token("unseen", Instant.now().minusSeconds(5));
    assertThat(here.reasonFor(old)).isEqualTo("accepted");
    assertThat(here.reasonFor(ageless)).isEqualTo("accepted");

    here.identity.delete(user);
    assertThat(rows()).isZero();
    for (Node node : List.of(here, there, new Node())) {
      assertThat(node.reasonFor(old)).isEqualTo("revoked");
      assertThat(node.reasonFor(ageless)).isEqualTo("revoked");
      assertThat(node.reasonFor(unseen)).isEqualTo("revoked");
    }
    assertThat(rows()).isZero();

    assertThat(here.reasonFor(token(null, Instant.now().plusSeconds(5)))).isEqualTo("accepted");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void the_mark_of_a_deletion_alone_keeps_old_tokens_out() {
    db.does(user, tx -> UserStore.delete(tx, user));
    assertThat(here.reasonFor(token(null, Instant.now().minusSeconds(5)))).isEqualTo("revoked");
    assertThat(here.reasonFor(token(null, null))).isEqualTo("revoked");
    assertThat(here.reasonFor(token(null, Instant.now().plusSeconds(5)))).isEqualTo("accepted");
  }

  @Test
  void a_known_token_expires_all_the_same() {
    var clock = new MovingClock();
    Admission admission = here.admission(clock);
    String token =
        signed(
            Map.of(
                "sub", user.toString(), "exp", clock.instant().plusSeconds(10).getEpochSecond()));
    assertThat(reason(() -> admission.admit(token))).isEqualTo("accepted");
    clock.move(Duration.ofSeconds(69));
    assertThat(reason(() -> admission.admit(token))).isEqualTo("accepted");
    clock.move(Duration.ofSeconds(1));
    assertThat(reason(() -> admission.admit(token))).isEqualTo("expired");
    assertThat(reason(() -> admission.admit(token))).isEqualTo("expired");
  }

  @Test
  void listeners_learn_whose_streams_to_end() {
    String jti = UUID.randomUUID().toString();
    here.identity.revokeToken(jti, null);
    assertThat(here.told).hasSize(1);
    Predicate<Caller> ended = here.told.getFirst();
    assertThat(ended.test(caller(jti, Instant.EPOCH))).isTrue();
    assertThat(ended.test(caller("another", Instant.EPOCH))).isFalse();
    assertThat(ended.test(caller(null, null))).isFalse();

    here.identity.revokeAll(user);
    Predicate<Caller> all = here.told.getLast();
    assertThat(all.test(caller("another", Instant.now().minusSeconds(9)))).isTrue();
    assertThat(all.test(caller(null, null))).isTrue();
    assertThat(all.test(caller("another", Instant.now().plusSeconds(9)))).isFalse();
    assertThat(
            all.test(
                new Caller(
                    new UserId(UUID.randomUUID()),
                    java.util.Set.of(),
                    java.util.Set.of(),
                    null,
                    null,
                    Instant.MAX)))
        .isFalse();
  }

  private Caller caller(@Nullable String jti, @Nullable Instant issued) {
    return new Caller(user, java.util.Set.of(), java.util.Set.of(), jti, issued, Instant.MAX);
  }

  @Test
  void what_no_longer_matters_is_swept_away_and_the_rest_stays() {
    String gone = UUID.randomUUID().toString();
    String kept = UUID.randomUUID().toString();
    String endless = UUID.randomUUID().toString();
    here.identity.revokeToken(gone, Instant.now().minus(Duration.ofHours(25)));
    here.identity.revokeToken(kept, Instant.now().minus(Duration.ofHours(23)));
    here.identity.revokeToken(endless, null);
    db.dispatch(tx -> {
      UserStore.sweep(tx);
      return true;
    });
    assertThat(known(gone)).isFalse();
    assertThat(known(kept)).isTrue();
    assertThat(known(endless)).isTrue();
  }

  @Test
  void a_second_revocation_of_a_token_never_shortens_the_first() {
    String jti = UUID.randomUUID().toString();
    here.identity.revokeToken(jti, Instant.parse("2100-01-01T00:00:00Z"));
    here.identity.revokeToken(jti, Instant.parse("2050-01-01T00:00:00Z"));
    assertThat(expiry(jti)).isEqualTo(Instant.parse("2100-01-01T00:00:00Z"));
    here.identity.revokeToken(jti, null);
    here.identity.revokeToken(jti, Instant.parse("2100-01-01T00:00:00Z"));
    assertThat(expiry(jti)).isNull();
  }

  private boolean known(String jti) {
    return db.unbound(tx ->
        tx.sql("select exists (select from revoked_tokens where jti = :jti)")
            .param("jti", jti)
            .query(Boolean.class)
            .single());
  }

  private @Nullable Instant expiry(String jti) {
    return db.unbound(tx ->
        tx.sql("select expires_at from revoked_tokens where jti = :jti")
            .param("jti", jti)
            .query((row, _) -> {
              var time = row.getObject("expires_at", java.time.OffsetDateTime.class);
              return java.util.Optional.ofNullable(time).map(java.time.OffsetDateTime::toInstant);
            })
            .single()
            .orElse(null));
  }
}
