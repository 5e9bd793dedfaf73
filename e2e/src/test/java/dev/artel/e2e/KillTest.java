package dev.artel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Two services on one database die again and again, at every place of a run where it makes a
/// difference. Whatever happens, each question has one answer or a failure that says so, no answer
/// that was kept is paid for again, and the log has no gap.
@ExtendWith(Needs.class)
class KillTest {
  private static final int KILLS = Integer.getInteger("artel.kills", 40);
  private static final long SEED = Long.getLong("artel.seed", 42L);

  /// The places of a run; docs/concurrency.md says what each is.
  private static final List<String> PLACES =
      List.of(
          "take_up.committing",
          "take_up.committed",
          "model.calling",
          "first_token.committing",
          "first_token.committed",
          "model.called",
          "end.committing",
          "end.committed");

  private static final Duration LIFE = Duration.ofSeconds(20);
  private static final int WRITERS = 6;

  private record Asked(String question, String session, String message) {}

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Map<String, Integer> deaths = new ConcurrentHashMap<>();

  @Test
  void whatever_dies_where_each_question_is_answered_once_and_the_log_has_no_gap(
      @TempDir Path folder) throws Exception {
    System.out.printf("kills=%d seed=%d%n", KILLS, SEED);
    try (var database = SharedDatabase.start();
        var model = new CountingModel();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, String> settings = new HashMap<>(database.settings());
      settings.putAll(model.settings());
      settings.put("ARTEL_JWT_SECRET_KEY", UUID.randomUUID().toString() + UUID.randomUUID());
      try (var first = new Twin(folder.resolve("first"), settings);
          var second = new Twin(folder.resolve("second"), settings)) {
        try {
          run(folder.resolve("first"), settings, model, first, second, threads);
        } finally {
          threads.shutdownNow();
        }
      }
    }
  }

  private void run(
      Path home,
      Map<String, String> settings,
      CountingModel model,
      Twin first,
      Twin second,
      ExecutorService threads)
      throws Exception {
    var twins = new Twins(List.of(first.port(), second.port()));
    String token = ArtelProcess.token(home, settings, UUID.randomUUID());
    first.start(null);
    String project = twins.get(token, "/my/me").get("default_project_id").asString();
    first.kill();

    var seen = new ConcurrentSkipListMap<Long, String>();
    var writers = new ArrayList<Future<List<Asked>>>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(threads.submit(() -> write(twins, token, project, writer)));
    }
    Future<?> follower = threads.submit(() -> follow(twins, token, project, seen));
    Future<?> killed = threads.submit(() -> kill(first, new Random(SEED)));
    kill(second, new Random(SEED + 1));
    killed.get();
    over.set(true);
    System.out.println("deaths by place: " + new TreeMap<>(deaths));
    first.start(null);
    second.start(null);

    for (Future<List<Asked>> writer : writers) {
      List<Asked> all = writer.get();
      List<JsonNode> messages = messages(twins, token, project, all.getFirst().session());
      for (Asked asked : all) {
        judge(twins, token, project, model, messages, asked);
      }
    }
    List<Long> numbers = numbers(twins, token, project);
    assertThat(numbers).isNotEmpty();
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).as("the log has no gap").isEqualTo(i + 1L);
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(seen.keySet())
                .as("the follower missed nothing")
                .containsExactlyElementsOf(numbers));
    follower.cancel(true);
  }

  /// Starts a service with a place to die at, and again, until enough have died.
  private @Nullable Void kill(Twin twin, Random random) throws Exception {
    while (kills.getAndIncrement() < KILLS) {
      String place = PLACES.get(random.nextInt(PLACES.size()));
      twin.start(place + ":" + (1 + random.nextInt(4)));
      boolean died = twin.awaitDeath(LIFE);
      deaths.merge(died ? place : "at random", 1, Integer::sum);
    }
    return null;
  }

  /// Asks one question after another until the killing is over, and waits for the end of each.
  private List<Asked> write(Twins twins, String token, String project, int writer)
      throws InterruptedException {
    String chat = "/my/projects/%s/chat".formatted(project);
    String session =
        twins.post(token, chat + "/sessions/", "session-" + writer, "{}").get("id").asString();
    var asked = new ArrayList<Asked>();
    do {
      String question = "question %d of writer %d".formatted(asked.size(), writer);
      JsonNode stored =
          twins.post(
              token,
              "%s/%s/message/".formatted(chat, session),
              "message-%d-%d".formatted(writer, asked.size()),
              "{\"content\": \"%s\"}".formatted(question));
      // A repeat that comes late is answered with the answer.
      boolean late = stored.get("role").asString().equals("assistant");
      var one =
          new Asked(question, session, stored.get(late ? "user_message_id" : "id").asString());
      asked.add(one);
      awaitEnd(twins, token, project, one);
    } while (!over.get());
    return asked;
  }

  private static void awaitEnd(Twins twins, String token, String project, Asked asked)
      throws InterruptedException {
    String path =
        "/my/projects/%s/chat/%s/messages/%s".formatted(project, asked.session(), asked.message());
    String status;
    do {
      Thread.sleep(100);
      status = twins.get(token, path).get("status").asString();
    } while (status.equals("queued") || status.equals("processing"));
  }

  private static void judge(
      Twins twins,
      String token,
      String project,
      CountingModel model,
      List<JsonNode> messages,
      Asked asked)
      throws InterruptedException {
    List<JsonNode> questions =
        messages.stream()
            .filter(message -> message.get("role").asString().equals("user"))
            .filter(message -> message.get("content").asString().equals(asked.question()))
            .toList();
    List<JsonNode> answers =
        messages.stream()
            .filter(message -> message.get("role").asString().equals("assistant"))
            .filter(message -> message.get("user_message_id").asString().equals(asked.message()))
            .toList();
    assertThat(questions).as("%s is stored once", asked).hasSize(1);
    if (questions.getFirst().get("status").asString().equals("done")) {
      assertThat(answers).as("%s has one answer in %s", asked, messages).hasSize(1);
      assertThat(answers.getFirst().get("content").asString())
          .isEqualTo("You wrote: " + asked.question());
    } else {
      assertThat(questions.getFirst().get("status").asString()).isEqualTo("failed");
      assertThat(questions.getFirst().get("error").toString()).contains("interrupted");
    }
    JsonNode steps =
        twins.get(
            token,
            "/my/projects/%s/tasks/%s/steps"
                .formatted(project, questions.getFirst().get("task_id").asString()));
    List<String> attempts =
        steps.get("steps").valueStream().map(step -> step.get("status").asString()).toList();
    if (!answers.isEmpty()) {
      assertThat(attempts.getLast()).as("%s: its answer was kept", asked).isEqualTo("completed");
      attempts = attempts.subList(0, attempts.size() - 1);
    }
    assertThat(attempts)
        .as("%s: once an answer is kept, nobody is asked again", asked)
        .allMatch("failed"::equals);
    assertThat(model.answered(asked.question()))
        .as("%s: the model was asked as often as the journal says", asked)
        .isLessThanOrEqualTo(steps.get("steps").size());
  }

  private static List<JsonNode> messages(Twins twins, String token, String project, String session)
      throws InterruptedException {
    var messages = new ArrayList<JsonNode>();
    JsonNode page;
    do {
      page =
          twins.get(
              token,
              "/my/projects/%s/chat/%s/messages/?limit=100&offset=%d"
                  .formatted(project, session, messages.size()));
      page.get("messages").valueStream().forEach(messages::add);
    } while (page.get("has_next").asBoolean());
    return messages;
  }

  /// Follows the project on whoever lives, from the last line on.
  private @Nullable Void follow(
      Twins twins, String token, String project, ConcurrentSkipListMap<Long, String> seen)
      throws InterruptedException {
    var last = new AtomicReference<String>();
    for (int turn = 0; !Thread.currentThread().isInterrupted(); turn++) {
      String after =
          last.get() == null ? "?since=1970-01-01T00:00:00Z" : "?last_event_id=" + last.get();
      twins.follow(
          token,
          "/my/projects/%s/events%s".formatted(project, after),
          turn,
          line -> {
            JsonNode number = line.get("project_seq");
            if (number != null && number.isNumber()) {
              String id = line.get("event_id").asString();
              String before = seen.put(number.asLong(), id);
              assertThat(before).as("line %s came once", number).isNull();
              last.set(id);
            }
          });
    }
    return null;
  }

  private static List<Long> numbers(Twins twins, String token, String project)
      throws InterruptedException {
    var numbers = new ArrayList<Long>();
    while (true) {
      long after = numbers.isEmpty() ? 0 : numbers.getLast();
      JsonNode page =
          twins
              .get(token, "/my/projects/%s/events?limit=100&after=%d".formatted(project, after))
              .get("events");
      page.valueStream().forEach(event -> numbers.add(event.get("project_seq").asLong()));
      if (page.size() < 100) {
        return numbers;
      }
    }
  }
}
