package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The streams as a client on the other end of a socket sees them.
@Accepts({"S12.7.2", "S14.9"})
final class StreamHttpTest {
  private final World world = World.shared();
  private final Conversation mine = new Conversation(world);
  private final Client me = mine.me;
  private final SessionId session = mine.session;
  private final ProjectId project = mine.project;
  private final String stream = mine.stream;

  @Test
  @Accepts("S12.1.2")
  void a_stream_begins_at_once_is_chunked_and_its_head_forbids_buffering() {
    long asked = System.nanoTime();
    try (Lines lines = me.stream(stream)) {
      JsonNode first = lines.json();
      Duration took = Duration.ofNanos(System.nanoTime() - asked);

      assertThat(lines.status()).isEqualTo(200);
      assertThat(first.get("event_type").stringValue()).isEqualTo("heartbeat");
      assertThat(took).isLessThan(Duration.ofSeconds(1));
      var headers = new HashMap<String, List<String>>();
      lines.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      assertThat(headers)
          .containsEntry("content-type", List.of("application/x-ndjson"))
          .containsEntry("transfer-encoding", List.of("chunked"))
          .containsEntry("cache-control", List.of("no-cache"))
          .containsEntry("connection", List.of("keep-alive"))
          .containsEntry("x-accel-buffering", List.of("no"))
          .doesNotContainKeys("content-encoding", "content-length");
    }
  }

  @Test
  void a_line_reaches_the_client_before_the_next_one_is_written() {
    try (Lines lines = me.stream(stream)) {
      lines.json();
      for (int i = 0; i < 5; i++) {
        EventId event = mine.write(session, "t" + i);
        // The next is written only when this one has arrived.
        assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s/chat/%s/events", "%s/chat/%s/events/", "flat", "flat/"})
  @Accepts("S12.1.1")
  void a_session_is_followed_by_all_its_spellings(String spelling) {
    String path =
        spelling.startsWith("flat")
            ? "/my/chat/" + session + "/events" + spelling.substring(4)
            : "/my/projects/" + spelling.formatted(project, session);
    try (Lines lines = me.stream(path)) {
      lines.json();
      EventId event = mine.write(session, "t");
      assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/event-stream"})
  @Accepts("S12.1.1")
  void the_feed_of_a_project_is_followed_where_its_list_is_read(String accept) {
    Client asking = me.with("Accept", accept);
    try (Lines lines = asking.stream("/my/projects/" + project + "/events");
        Lines flat = asking.stream("/my/events")) {
      EventId inSession = mine.write(session, "a");
      EventId outside = mine.touch("b");

      assertThat(twoIds(lines, accept))
          .containsExactly(inSession.toString(), outside.toString())
          .isEqualTo(twoIds(flat, accept));
    }
    assertThat(me.get("/my/projects/" + project + "/events").expect(200).json().get("events"))
        .isNotEmpty();
    assertThat(
            me.with("Accept", "*/*").get("/my/events").expect(200).json().get("total").intValue())
        .isPositive();
  }

  private static List<String> twoIds(Lines lines, String accept) {
    var ids = new ArrayList<String>();
    while (ids.size() < 2) {
      String line = Objects.requireNonNull(lines.next());
      String json =
          accept.startsWith("text/") ? line.startsWith("data: ") ? line.substring(6) : "" : line;
      if (!json.isEmpty()) {
        JsonNode id = WireCodec.json().readTree(json).get("event_id");
        if (!id.isNull()) {
          ids.add(id.stringValue());
        }
      }
    }
    return ids;
  }

  @Test
  @Accepts("S12.2.3")
  void both_representations_carry_the_same_json_under_the_same_ids() {
    EventId from = mine.write(session, "from");
    try (Lines ndjson = me.stream(stream + "?last_event_id=" + from);
        Lines sse =
            me.with("Accept", "text/event-stream").stream(stream + "?last_event_id=" + from)) {
      ndjson.json();
      String event = sse.next();
      while (event != null && !event.isEmpty()) {
        event = sse.next();
      }
      mine.write(session, "a\nb");
      mine.write(session, "\u2028 \ud83d\ude00");
      for (int i = 0; i < 2; i++) {
        String json = Objects.requireNonNull(ndjson.next());
        JsonNode line = WireCodec.json().readTree(json);

        assertThat(List.of(sse.next(), sse.next(), sse.next(), sse.next()))
            .containsExactly(
                "id: " + line.get("event_id").stringValue(),
                "event: session_updated",
                "data: " + json,
                "");
      }
    }
  }

  @Test
  @Accepts("S12.3.2")
  void positions_are_taken_in_their_order_of_precedence() {
    EventId first = mine.write(session, "1");
    EventId second = mine.write(session, "2");
    EventId third = mine.write(session, "3");
    EventId fourth = mine.write(session, "4");
    String since =
        URLEncoder.encode(
            me.get("/my/events/" + first).expect(200).json().get("created_at").stringValue(),
            StandardCharsets.UTF_8);

    assertThat(
            first(
                me.with("Last-Event-ID", first.toString()),
                "?last_event_id=" + third + "&since=" + since))
        .isEqualTo(fourth.toString());
    assertThat(first(me.with("Last-Event-ID", second.toString()), "?since=" + since))
        .isEqualTo(third.toString());
    assertThat(first(me, "?since=" + since)).isEqualTo(first.toString());
  }

  private String first(Client client, String query) {
    try (Lines lines = client.stream(stream + query)) {
      return lines.until(line -> !line.get("event_id").isNull()).get("event_id").stringValue();
    }
  }

  @Test
  void a_position_of_another_session_stands_for_its_place_in_the_project() {
    SessionId other = mine.newSession();
    mine.write(session, "before");
    EventId elsewhere = mine.write(other, "elsewhere");
    EventId after = mine.write(session, "after");

    assertThat(first(me, "?last_event_id=" + elsewhere)).isEqualTo(after.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?last_event_id=7",
        "?last_event_id=",
        "?since=yesterday",
        "?deltas=2",
        "?client=emacs",
        "?executor=all"
      })
  @Accepts("S12.3.2")
  void what_cannot_be_read_is_refused_before_any_byte_of_the_stream(String query) {
    for (String path : List.of(stream, "/my/events")) {
      Answer answer = me.with("Accept", "application/x-ndjson").get(path + query);

      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.json().get("error_code").stringValue()).isNotEmpty();
    }
    assertThat(me.with("Last-Event-ID", "x").get(stream).status()).isEqualTo(400);
  }

  @Test
  @Accepts("S12.3.4")
  void an_unknown_position_is_told_and_everything_held_follows() {
    EventId held = mine.write(session, "held");
    var unknown = UUID.randomUUID();
    try (Lines lines = me.stream(stream + "?last_event_id=" + unknown)) {
      lines.json();
      JsonNode gap = lines.json();
      assertThat(gap.get("event_type").stringValue()).isEqualTo("replay_gap");
      assertThat(gap.get("payload").get("requested").stringValue()).isEqualTo(unknown.toString());
      assertThat(gap.get("payload").get("events_url").stringValue())
          .isEqualTo("/my/projects/" + project + "/events");
      assertThat(
              lines
                  .until(line -> line.get("event_id").toString().contains(held.toString()))
                  .get("payload")
                  .get("title")
                  .stringValue())
          .isEqualTo("held");
    }
  }

  @Test
  @Accepts("S12.4.1")
  void a_session_of_another_user_or_project_is_missing_like_one_that_never_was() {
    var theirs = new Conversation(world);
    Client stranger = theirs.me;
    ProjectId theirProject = theirs.project;
    String mySecondProject =
        me.post("/my/projects", Map.of("name", "second"))
            .expect(201)
            .json()
            .get("id")
            .stringValue();

    Answer never = me.get("/my/projects/" + project + "/chat/" + UUID.randomUUID() + "/events");
    for (Answer foreign :
        List.of(
            stranger.get("/my/projects/" + theirProject + "/chat/" + session + "/events"),
            stranger.get("/my/chat/" + session + "/events"),
            me.get("/my/projects/" + mySecondProject + "/chat/" + session + "/events"))) {
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.json().get("detail")).isEqualTo(never.json().get("detail"));
    }
    assertThat(never.status()).isEqualTo(404);
    assertThat(stranger.get(stream).status()).isEqualTo(404);
    assertThat(
            stranger
                .with("Accept", "application/x-ndjson")
                .get("/my/projects/" + project + "/events")
                .status())
        .isEqualTo(404);
    assertThat(world.stranger().get(stream).status()).isEqualTo(401);
    assertThat(world.stranger().get(stream + "?access_token=x").status()).isEqualTo(401);

    try (Lines theirFeed = stranger.stream("/my/projects/" + theirProject + "/events");
        Lines myStream = me.stream(stream)) {
      theirFeed.json();
      myStream.json();
      EventId event = mine.write(session, "mine");
      assertThat(myStream.json().get("event_id").stringValue()).isEqualTo(event.toString());
      EventId own = theirs.touch("theirs");
      assertThat(theirFeed.json().get("event_id").stringValue()).isEqualTo(own.toString());
    }
  }

  @Test
  void four_hundred_streams_hear_an_event_at_once() {
    var opened = new ArrayList<Lines>();
    try {
      for (int i = 0; i < 400; i++) {
        opened.add(me.stream(stream));
      }
      opened.forEach(Lines::json);
      EventId event = mine.write(session, "all");
      assertThat(opened)
          .allSatisfy(lines ->
              assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString()));
    } finally {
      opened.forEach(Lines::close);
    }
  }
}
