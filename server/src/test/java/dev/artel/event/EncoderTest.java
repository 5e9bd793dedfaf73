package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.AgentId;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.MessageId;
import dev.artel.protocol.MessageRole;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Accepts("S12.7.1")
final class EncoderTest {
  private static final Instant AT = Instant.parse("2026-01-31T12:00:00.123456Z");

  private final UserId user = new UserId(new UUID(1, 1));
  private final ProjectId project = new ProjectId(new UUID(1, 2));
  private final SessionId session = new SessionId(new UUID(1, 3));
  private final MessageId message = new MessageId(new UUID(1, 4));
  private final AgentId agent = new AgentId(new UUID(1, 5));
  private final EventId event = new EventId(new UUID(1, 6));

  @Test
  @Accepts("S12.1.4")
  void a_line_is_its_json_and_one_newline_and_sse_wraps_the_very_same_json() {
    Line line = line(new Event.SessionUpdated(session, "a\n\"b\"\u2028\\", true, false, null));

    String ndjson = new String(line.bytes(Format.NDJSON), StandardCharsets.UTF_8);
    String sse = new String(line.bytes(Format.SSE), StandardCharsets.UTF_8);

    assertThat(ndjson).endsWith("}\n");
    assertThat(ndjson.substring(0, ndjson.length() - 1)).doesNotContain("\n", "\r");
    assertThat(sse).isEqualTo("id: " + event + "\nevent: session_updated\ndata: " + ndjson + "\n");
    assertThat(WireCodec.json().readTree(ndjson))
        .isEqualTo(
            WireCodec.json()
                .readTree(
                    """
                    {"event_id": "%6$s", "event_type": "session_updated", "type": "session_updated",
                     "payload": {"event_id": "%6$s", "session_id": "%3$s", "project_id": "%2$s",
                                 "user_id": "%1$s", "timestamp": "2026-01-31T12:00:00.123456Z",
                                 "title": "a\\n\\"b\\"\\u2028\\\\", "pinned": true,
                                 "archived": false, "forked_from": null},
                     "timestamp": "2026-01-31T12:00:00.123456Z", "session_id": "%3$s",
                     "project_id": "%2$s", "seq": 7, "project_seq": 9}
                    """
                        .formatted(user, project, session, message, agent, event)));
  }

  @Test
  void a_line_about_the_connection_has_neither_id_nor_numbers_and_sse_sends_no_id() {
    Line line = Encoder.unnumbered(new Event.Heartbeat(AT, event), project, session, AT);

    JsonNode json = WireCodec.json().readTree(line.bytes(Format.NDJSON));

    assertThat(json.get("event_id").isNull()).isTrue();
    assertThat(json.get("seq").isNull()).isTrue();
    assertThat(json.get("project_seq").isNull()).isTrue();
    assertThat(json.get("payload").get("position").stringValue()).isEqualTo(event.toString());
    assertThat(new String(line.bytes(Format.SSE), StandardCharsets.UTF_8))
        .startsWith("event: heartbeat\ndata: {");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u0001", "\"", "ж", "語", "\ud83d\ude00"})
  void a_line_is_whole_up_to_10_240_bytes_and_a_stub_beyond(String unit) {
    int inJson =
        WireCodec.json().writeValueAsString(unit).getBytes(StandardCharsets.UTF_8).length - 2;
    int room = Encoder.LINE_BYTES_MAX - json(said("")).length;
    String fits = unit.repeat(room / inJson) + "x".repeat(room % inJson);

    JsonNode whole = WireCodec.json().readTree(json(said(fits)));
    byte[] stubbed = json(said(fits + "x"));
    JsonNode stub = WireCodec.json().readTree(stubbed).get("payload");

    assertThat(json(said(fits))).hasSize(Encoder.LINE_BYTES_MAX);
    assertThat(whole.get("payload").get("content").stringValue()).isEqualTo(fits);
    assertThat(stubbed).hasSizeLessThanOrEqualTo(Encoder.LINE_BYTES_MAX);
    assertThat(stub.get("truncated").booleanValue()).isTrue();
    assertThat(stub.get("fetch_url").stringValue())
        .isEqualTo("/my/projects/" + project + "/events/" + event);
    assertThat(fits).startsWith(stub.get("content").stringValue());
    assertThat(stub.get("content").stringValue()).hasSizeGreaterThan(300);
  }

  @Test
  void a_stub_keeps_every_id_and_every_short_value() {
    String longest = "s".repeat(256);
    JsonNode stub =
        WireCodec.json().readTree(json(created("x".repeat(11_000), longest))).get("payload");
    JsonNode without =
        WireCodec.json().readTree(json(created("x".repeat(11_000), longest + "s"))).get("payload");

    assertThat(stub.get("message_id").stringValue()).isEqualTo(message.toString());
    assertThat(stub.get("session_id").stringValue()).isEqualTo(session.toString());
    assertThat(stub.get("agent_id").stringValue()).isEqualTo(agent.toString());
    assertThat(stub.get("agent_name").stringValue()).isEqualTo(longest);
    assertThat(stub.get("payload").toString()).isEqualTo("{\"answer\":42}");
    assertThat(stub.get("demo").booleanValue()).isTrue();
    assertThat(without.has("agent_name")).isFalse();
  }

  @Test
  void a_large_value_stays_with_its_owner_and_the_log_says_where() {
    var draft = Draft.in(project, session, created("ж".repeat(33_000), "agent"));

    JsonNode stored = WireCodec.json().readTree(Payload.stored(draft));

    assertThat(stored.get("ref").get("content").stringValue())
        .isEqualTo("/my/projects/" + project + "/chat/" + session + "/messages/" + message);
    assertThat(stored.get("content").stringValue()).isEqualTo("ж".repeat(1_000));
    assertThat(stored.get("agent_name").stringValue()).isEqualTo("agent");
    assertThat(
            WireCodec.json()
                .readTree(
                    Payload.stored(Draft.in(project, session, created("ж".repeat(32_000), "a"))))
                .has("ref"))
        .isFalse();
  }

  @Test
  void a_nul_which_postgresql_cannot_store_becomes_a_replacement_character() {
    var draft = Draft.in(project, session, said("a\0b \\u0000 \\\0c"));

    assertThat(WireCodec.json().readTree(Payload.stored(draft)).get("content").stringValue())
        .isEqualTo("a\ufffdb \\u0000 \\\ufffdc");
  }

  @Test
  void a_payload_that_cannot_be_read_does_not_hold_up_its_successors() {
    var poison =
        new Encoder.Envelope(
            event,
            "message_created",
            user,
            project,
            session,
            null,
            7L,
            9,
            AT,
            "{" + " ".repeat(20_000));

    JsonNode payload =
        WireCodec.json().readTree(Encoder.logged(poison).bytes(Format.NDJSON)).get("payload");

    assertThat(payload.get("truncated").booleanValue()).isTrue();
  }

  private Event.MessageCreated said(String content) {
    return message(content, null, null, null, null);
  }

  private Event.MessageCreated created(String content, String agentName) {
    return message(content, Map.of("answer", 42), agent, agentName, true);
  }

  private Event.MessageCreated message(
      String content,
      @Nullable Map<String, Object> payload,
      @Nullable AgentId by,
      @Nullable String agentName,
      @Nullable Boolean demo) {
    return new Event.MessageCreated(
        message,
        session,
        MessageRole.ASSISTANT,
        content,
        payload,
        by,
        agentName,
        null,
        null,
        null,
        demo,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private Line line(Event.Logged logged) {
    return Encoder.logged(
        new Encoder.Envelope(
            event,
            logged.type(),
            user,
            project,
            session,
            null,
            7L,
            9,
            AT,
            Encoder.payload(logged)));
  }

  /// The line without its newline.
  private byte[] json(Event.Logged logged) {
    byte[] bytes = line(logged).bytes(Format.NDJSON);
    return Arrays.copyOf(bytes, bytes.length - 1);
  }
}
