package dev.artel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.protocol.UserId;
import dev.artel.testing.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdempotencyTest {
  private static final String BODY = "{\"name\": \"x\"}";

  private final EdgeServer server = EdgeServer.local();
  private final ProbeRoutes routes = server.bean(ProbeRoutes.class);
  private UserId user = TestDatabase.newUser();

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void begin() {
    user = TestDatabase.newUser();
    routes.hold = null;
    routes.failWith = 0;
  }

  @Test
  void the_same_key_and_body_have_one_effect_and_the_first_answer() throws Exception {
    HttpResponse<String> first = post("/my/projects", "k", BODY);
    HttpResponse<String> second = post("/my/projects/", "k", BODY);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(replayed(first)).isFalse();
    assertThat(replayed(second)).isTrue();
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void another_body_under_the_same_key_is_409() throws Exception {
    post("/my/projects", "k", BODY);
    HttpResponse<String> other = post("/my/projects", "k", "{\"name\": \"y\"}");

    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(reason(other)).isEqualTo("idempotency");
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void another_key_another_path_and_another_user_are_requests_of_their_own() throws Exception {
    post("/my/projects", "k", BODY);
    post("/my/projects", "other", BODY);
    post("/my/copies", "k", BODY);
    assertThat(effects()).isEqualTo(3);

    user = TestDatabase.newUser();
    assertThat(replayed(post("/my/projects", "k", BODY))).isFalse();
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void a_key_that_is_not_visible_ascii_is_422() throws Exception {
    for (String key : List.of("a b", "x".repeat(256))) {
      HttpResponse<String> answer = post("/my/projects", key, BODY);
      assertThat(answer.statusCode()).isEqualTo(422);
    }
    assertThat(post("/my/projects", "x".repeat(255), BODY).statusCode()).isEqualTo(201);
  }

  @Test
  void of_many_at_once_one_has_an_effect_and_all_have_its_answer() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var racing = new ArrayList<Future<HttpResponse<String>>>();
      Callable<HttpResponse<String>> race = () -> post("/my/projects", "race", BODY);
      for (int i = 0; i < 8; i++) {
        racing.add(threads.submit(race));
      }
      var bodies = new ArrayList<String>();
      for (var one : racing) {
        assertThat(one.get().statusCode()).isEqualTo(201);
        bodies.add(one.get().body());
      }
      assertThat(bodies).containsOnly(bodies.getFirst());
    }
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void a_repeat_waits_for_the_first_and_gives_up_at_the_wait_limit() throws Exception {
    var latch = new CountDownLatch(1);
    routes.hold = latch;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<HttpResponse<String>> slow = () -> post("/my/projects", "slow", BODY);
      Future<HttpResponse<String>> first = threads.submit(slow);
      await().until(() -> effects() == 1);

      HttpResponse<String> impatient = post("/my/projects", "slow", BODY);
      assertThat(impatient.statusCode()).isEqualTo(409);
      assertThat(reason(impatient)).isEqualTo("in_progress");
      assertThat(impatient.headers().firstValue("Retry-After")).isPresent();

      Future<HttpResponse<String>> patient = threads.submit(slow);
      latch.countDown();
      assertThat(patient.get().body()).isEqualTo(first.get().body());
      assertThat(replayed(patient.get())).isTrue();
    }
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void an_answer_of_500_is_not_kept_and_the_repeat_is_answered_from_the_resource()
      throws Exception {
    routes.failWith = 500;
    assertThat(post("/my/projects", "k", BODY).statusCode()).isEqualTo(500);
    routes.failWith = 0;

    HttpResponse<String> repeat = post("/my/projects", "k", BODY);
    assertThat(repeat.statusCode()).isEqualTo(201);
    assertThat(repeat.body()).contains("rebuilt");
    assertThat(post("/my/projects", "k", BODY).body()).isEqualTo(repeat.body());
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void after_a_crash_the_answer_is_rebuilt_once_the_lease_is_over() throws Exception {
    post("/my/projects", "k", BODY);
    // As a crash between commit and answer leaves it.
    update("status = null, response = null, lease_until = artel_now() + interval '1 hour'");
    HttpResponse<String> early = post("/my/projects", "k", BODY);
    update("lease_until = artel_now() - interval '1 second'");
    HttpResponse<String> late = post("/my/projects", "k", BODY);

    assertThat(early.statusCode()).isEqualTo(409);
    assertThat(late.statusCode()).isEqualTo(201);
    assertThat(late.body()).contains("rebuilt");
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void an_answer_too_large_to_keep_is_rebuilt_with_the_first_status() throws Exception {
    post("/my/projects", "k", BODY);
    update("response = null");

    HttpResponse<String> repeat = post("/my/projects", "k", BODY);
    assertThat(repeat.statusCode()).isEqualTo(201);
    assertThat(repeat.body()).contains("rebuilt");
  }

  @Test
  void a_refusal_is_kept_too() throws Exception {
    String tooLong = "{\"name\": \"%s\"}".formatted("x".repeat(21));
    HttpResponse<String> first = post("/my/projects", "k", tooLong);
    HttpResponse<String> second = post("/my/projects", "k", tooLong);

    assertThat(first.statusCode()).isEqualTo(422);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(replayed(second)).isTrue();
  }

  @Test
  void a_day_later_the_key_is_free_and_the_sweep_forgets_it() throws Exception {
    post("/my/projects", "k", BODY);
    post("/my/projects", "old", BODY);
    update("expires_at = artel_now() - interval '1 second'");

    assertThat(replayed(post("/my/projects", "k", BODY))).isFalse();
    assertThat(effects()).isEqualTo(3);
    assertThat(server.bean(KeyStore.class).sweep()).isGreaterThanOrEqualTo(1);
    assertThat(count("idempotency_keys")).isEqualTo(1);
  }

  private HttpResponse<String> post(String path, String key, String body) throws Exception {
    HttpRequest.Builder request = server.request(path, user).header("Idempotency-Key", key);
    return server.send(EdgeServer.post(request, body));
  }

  private int effects() {
    return count("user_projects");
  }

  private int count(String table) {
    return TestDatabase.db()
        .read(
            user,
            tx ->
                tx.sql("select count(*) from " + table + " where user_id = :user")
                    .param("user", user.value())
                    .query(Integer.class)
                    .single());
  }

  private void update(String change) {
    TestDatabase.db()
        .does(
            user,
            tx ->
                tx.sql("update idempotency_keys set " + change + " where user_id = :user")
                    .param("user", user.value())
                    .update());
  }

  private static boolean replayed(HttpResponse<String> answer) {
    return answer.headers().firstValue("Idempotency-Replayed").orElse("").equals("true");
  }

  private static String reason(HttpResponse<String> answer) {
    return EdgeServer.json(answer).get("metadata").get("reason").asString();
  }
}
