package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.artel.acceptance.Accepts;
import dev.artel.testing.Client;
import dev.artel.testing.Golden;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A conversation with the built-in model, as the streams tell it.
final class AnswerStreamTest {
  private final World world = World.shared();
  private final Client me = world.user();
  private final String agent =
      me.get("/my/agents").expect(200).json().get("agents").get(0).get("name").stringValue();
  private final String session =
      me.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue();
  private final String stream = "/my/chat/" + session + "/events";

  @Test
  void a_reader_that_opens_in_mid_answer_misses_no_letter() {
    try (Lines early = me.stream(stream + "?deltas=1")) {
      early.json();
      ask("Tell me at some length about " + "the history of lighthouses ".repeat(6));
      var first = new Following();
      first.take(early.until(AnswerStreamTest::isDelta));
      var second = new Following();
      try (Lines late = me.stream(stream + "?deltas=1")) {
        JsonNode snapshot = late.until(AnswerStreamTest::isDelta);
        assertThat(snapshot.get("payload").get("snapshot").booleanValue()).isTrue();
        assertThat(snapshot.get("payload").get("offset").intValue()).isZero();
        second.take(snapshot);
        second.takeAll(late);
      }
      first.takeAll(early);

      assertThat(first.answer).isNotEmpty();
      assertThat(first.grown).hasToString(first.answer);
      assertThat(second.grown).hasToString(first.answer);
      assertThat(second.pieces).as("it was in mid-answer").isGreaterThan(1);
    }
  }

  private static boolean isDelta(JsonNode line) {
    return line.get("event_type").stringValue().equals("message_delta");
  }

  /// A client's view of the growing answer.
  private static final class Following {
    private final StringBuilder grown = new StringBuilder();
    private String answer = "";
    private int pieces;

    void takeAll(Lines lines) {
      while (answer.isEmpty()) {
        take(lines.json());
      }
    }

    void take(JsonNode line) {
      JsonNode payload = line.get("payload");
      if (isDelta(line)) {
        int offset = payload.get("offset").intValue();
        if (payload.get("snapshot").booleanValue()) {
          grown.setLength(0);
        }
        assertThat(offset).as("no piece is missing").isLessThanOrEqualTo(grown.length());
        if (offset == grown.length()) {
          grown.append(payload.get("text").stringValue());
        }
        pieces++;
      } else if (line.get("event_type").stringValue().equals("message_created")
          && payload.get("role").stringValue().equals("assistant")) {
        answer = payload.get("content").stringValue();
      }
    }
  }

  @Test
  @Accepts({"S4.8", "S12.2.2"})
  void every_line_fits_the_published_schema_of_its_type() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Files.readString(Golden.root().resolve("docs/generated/events.schema.json")),
                InputFormat.JSON);
    var lines = new ArrayList<JsonNode>();
    try (Lines feed =
        me.with("Accept", "application/x-ndjson").stream("/my/events?deltas=1&since=1970-01-01")) {
      ask("short");
      lines.addAll(upTo(feed, "task_completed"));
      ask("x".repeat(12_000));
      lines.addAll(upTo(feed, "task_completed"));
      String name =
          me.post("/my/agents", Map.of("config", config()))
              .expect(201)
              .json()
              .get("id")
              .stringValue();
      me.delete("/my/agents/" + name).expect(204);
      me.patch("/my/chat/sessions/" + session, Map.of("title", "новое")).expect(200);
      me.put("/my/projects/" + project(), Map.of("name", "renamed")).expect(200);
      me.delete("/my/chat/sessions/" + session).expect(204);
      lines.addAll(upTo(feed, "session_deleted"));
    }

    for (JsonNode line : lines) {
      assertThat(schema.validate(line.toString(), InputFormat.JSON)).as("%s", line).isEmpty();
      assertThat(line.get("type")).isEqualTo(line.get("event_type"));
    }
    assertThat(lines.stream().map(line -> line.get("event_type").stringValue()))
        .contains(
            "heartbeat",
            "agent_created",
            "agent_deleted",
            "agent_status_changed",
            "direct_agent_call",
            "message_created",
            "message_delta",
            "message_updated",
            "project_updated",
            "session_created",
            "session_updated",
            "session_deleted",
            "task_queued",
            "task_started",
            "task_progress",
            "task_completed");
    List<Long> numbers =
        lines.stream()
            .filter(line -> !line.get("project_seq").isNull())
            .map(line -> line.get("project_seq").longValue())
            .toList();
    assertThat(numbers)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, numbers.size()).mapToObj(Long::valueOf).toList());
    var inSessions = new LinkedHashMap<String, List<Long>>();
    for (JsonNode line : lines) {
      boolean numbered = !line.get("event_id").isNull();
      assertThat(line.get("project_seq").isNull()).as("%s", line).isEqualTo(!numbered);
      if (numbered && !line.get("session_id").isNull()) {
        inSessions
            .computeIfAbsent(line.get("session_id").stringValue(), _ -> new ArrayList<>())
            .add(line.get("seq").longValue());
      } else {
        assertThat(line.get("seq").isNull()).as("%s", line).isTrue();
      }
    }
    assertThat(inSessions).containsKey(session);
    assertThat(inSessions.values())
        .allSatisfy(seqs ->
            assertThat(seqs)
                .containsExactlyElementsOf(
                    IntStream.rangeClosed(1, seqs.size()).mapToObj(Long::valueOf).toList()));
    assertThat(lines).anyMatch(line -> line.get("payload").path("truncated").asBoolean(false));
  }

  @Test
  @Accepts("X-17")
  void a_message_is_announced_once() {
    try (Lines lines = me.stream(stream)) {
      lines.json();
      for (int i = 0; i < 3; i++) {
        ask("question " + i);
      }
      var created = new ArrayList<String>();
      while (created.size() < 6) {
        created.add(
            lines
                .until(line -> line.get("event_type").stringValue().equals("message_created"))
                .get("payload")
                .get("message_id")
                .stringValue());
      }

      assertThat(created).doesNotHaveDuplicates();
      assertThat(
              me.get("/my/events?event_type=message_created")
                  .expect(200)
                  .json()
                  .get("total")
                  .intValue())
          .isEqualTo(6);
    }
  }

  private static List<JsonNode> upTo(Lines lines, String type) {
    var read = new ArrayList<JsonNode>();
    do {
      read.add(lines.json());
    } while (!read.getLast().get("event_type").stringValue().equals(type));
    return read;
  }

  private Map<String, Object> config() {
    return Map.of(
        "name", "helper", "description", "Helps.", "system_prompt", "Help.", "model", "demo");
  }

  private String project() {
    return me.get("/my/me").expect(200).json().get("default_project_id").stringValue();
  }

  private void ask(String content) {
    int status =
        me.with("Prefer", "respond-async")
            .post(
                "/my/chat/" + session + "/message",
                Map.of("content", content, "target_agent", agent))
            .status();
    assertThat(status).isIn(200, 202);
  }
}
