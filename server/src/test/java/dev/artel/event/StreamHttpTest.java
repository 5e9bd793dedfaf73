package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.protocol.Event;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The streams as a client on the other end of a socket sees them.
final class StreamHttpTest {
  private final World world = World.shared();
  private final Client me = world.user();
  private final SessionId session = session(me);
  private final ProjectId project = project(me);
  private final String stream = "/my/projects/" + project + "/chat/" + session + "/events";

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
        EventId event = write(session, "t" + i);
        // The next is written only when this one has arrived.
        assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s/chat/%s/events", "%s/chat/%s/events/", "flat", "flat/"})
  void a_session_is_followed_by_all_its_spellings(String spelling) {
    String path =
        spelling.startsWith("flat")
            ? "/my/chat/" + session + "/events" + spelling.substring(4)
            : "/my/projects/" + spelling.formatted(project, session);
    try (Lines lines = me.stream(path)) {
      lines.json();
      EventId event = write(session, "t");
      assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/event-stream"})
  void the_feed_of_a_project_is_followed_where_its_list_is_read(String accept) {
    Client asking = me.with("Accept", accept);
    try (Lines lines = asking.stream("/my/projects/" + project + "/events");
        Lines flat = asking.stream("/my/events")) {
      EventId inSession = write(session, "a");
      EventId outside = touch("b");

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
    EventId from = write(session, "from");
    try (Lines ndjson = me.stream(stream + "?last_event_id=" + from);
        Lines sse =
            me.with("Accept", "text/event-stream").stream(stream + "?last_event_id=" + from)) {
      ndjson.json();
      String event = sse.next();
      while (event != null && !event.isEmpty()) {
        event = sse.next();
      }
      write(session, "a\nb");
      write(session, "\u2028 \ud83d\ude00");
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
  void positions_are_taken_in_their_order_of_precedence() {
    EventId first = write(session, "1");
    EventId second = write(session, "2");
    EventId third = write(session, "3");
    EventId fourth = write(session, "4");
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
    SessionId other = session(me);
    write(session, "before");
    EventId elsewhere = write(other, "elsewhere");
    EventId after = write(session, "after");

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
  void what_cannot_be_read_is_refused_before_any_byte_of_the_stream(String query) {
    for (String path : List.of(stream, "/my/events")) {
      Answer answer = me.with("Accept", "application/x-ndjson").get(path + query);

      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(answer.json().get("error_code").stringValue()).isNotEmpty();
    }
    assertThat(me.with("Last-Event-ID", "x").get(stream).status()).isEqualTo(400);
  }

  @Test
  void an_unknown_position_is_told_and_everything_held_follows() {
    EventId held = write(session, "held");
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
    Client stranger = world.user();
    String theirProject = project(stranger).toString();
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

    try (Lines theirs = stranger.stream("/my/projects/" + theirProject + "/events");
        Lines mine = me.stream(stream)) {
      theirs.json();
      mine.json();
      EventId event = write(session, "mine");
      assertThat(mine.json().get("event_id").stringValue()).isEqualTo(event.toString());
      EventId own = touch(stranger, "theirs");
      assertThat(theirs.json().get("event_id").stringValue()).isEqualTo(own.toString());
    }
  }

  @Test
  void deleting_the_session_ends_its_streams_with_a_last_line() {
    try (Lines lines = me.stream(stream);
        Lines feed = me.stream("/my/events")) {
      lines.json();
      feed.json();

      me.delete("/my/projects/" + project + "/chat/sessions/" + session).expect(204);

      JsonNode last = lines.json();
      assertThat(last.get("event_type").stringValue()).isEqualTo("session_closed");
      assertThat(last.get("payload").get("reason").stringValue()).isEqualTo("session_deleted");
      assertThat(lines.next()).isNull();
      assertThat(feed.json().get("event_type").stringValue()).isEqualTo("session_deleted");
    }
  }

  @Test
  void deleting_the_project_ends_its_feed() {
    String id =
        me.post("/my/projects", Map.of("name", "doomed"))
            .expect(201)
            .json()
            .get("id")
            .stringValue();
    try (Lines feed =
        me.with("Accept", "application/x-ndjson").stream("/my/projects/" + id + "/events")) {
      feed.json();

      me.delete("/my/projects/" + id).expect(204);

      feed.until(line -> line.get("event_type").stringValue().equals("session_closed"));
      assertThat(feed.next()).isNull();
    }
  }

  @Test
  void a_client_that_hangs_up_is_gone_after_the_first_failed_write() throws Exception {
    Streams streams = world.door(Streams.class);
    try (var socket = openRaw(stream)) {
      await().until(() -> readers(streams) == 1);
      socket.setSoLinger(true, 0);
    }
    // The reset has arrived or will within moments; the first write that meets it frees everything.
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> {
          write(session, "anybody there?");
          return readers(streams) == 0;
        });
  }

  @Test
  void a_client_that_never_reads_is_cut_and_another_is_not_delayed() throws Exception {
    Streams streams = world.door(Streams.class);
    try (var socket = new Socket();
        Lines quick = me.stream(stream)) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress(world.base().getHost(), world.base().getPort()));
      ask(socket, stream);
      quick.json();
      await().until(() -> readers(streams) == 2);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            for (int i = 0; i < 10; i++) {
              EventId event = write(session, "x".repeat(9_000));
              quick.until(line -> event.toString().equals(line.get("event_id").asString()));
            }
            return readers(streams) == 1;
          });
      socket.setSoTimeout(10_000);
      assertThatNoException().isThrownBy(() -> readToTheEnd(socket));
    }
  }

  /// What had been sent before the cut, and then the end; a client that gets no end fails here.
  private static void readToTheEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException _) {
      // Reset is an end as well.
    }
  }

  private int readers(Streams streams) {
    return streams.following(me.user(), project, session);
  }

  @Test
  void a_request_for_the_head_alone_opens_no_stream() {
    assertThat(world.raw("HEAD", stream, "Authorization: " + bearer()).status()).isEqualTo(200);
    assertThat(readers(world.door(Streams.class))).isZero();
  }

  @Test
  void four_hundred_streams_hear_an_event_at_once() {
    var opened = new ArrayList<Lines>();
    try {
      for (int i = 0; i < 400; i++) {
        opened.add(me.stream(stream));
      }
      opened.forEach(Lines::json);
      EventId event = write(session, "all");
      assertThat(opened)
          .allSatisfy(lines ->
              assertThat(lines.json().get("event_id").stringValue()).isEqualTo(event.toString()));
    } finally {
      opened.forEach(Lines::close);
    }
  }

  private Socket openRaw(String path) throws IOException {
    var socket = new Socket(world.base().getHost(), world.base().getPort());
    ask(socket, path);
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  private void ask(Socket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n\r\n"
                .formatted(path, world.base().getAuthority(), bearer())
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  private String bearer() {
    return "Bearer " + world.tokens().mint(me.user(), Set.of());
  }

  private static SessionId session(Client client) {
    return new SessionId(
        UUID.fromString(
            client.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue()));
  }

  private static ProjectId project(Client client) {
    return new ProjectId(
        UUID.fromString(
            client.get("/my/me").expect(200).json().get("default_project_id").stringValue()));
  }

  private EventId write(SessionId in, String title) {
    return world
        .door(Db.class)
        .as(
            me.user(),
            tx ->
                world
                    .door(EventLog.class)
                    .append(
                        tx,
                        me.user(),
                        Draft.in(
                            project, in, new Event.SessionUpdated(in, title, false, false, null))));
  }

  private EventId touch(String name) {
    return touch(me, name);
  }

  private EventId touch(Client client, String name) {
    ProjectId of = project(client);
    return world
        .door(Db.class)
        .as(
            client.user(),
            tx ->
                world
                    .door(EventLog.class)
                    .append(
                        tx,
                        client.user(),
                        Draft.in(of, new Event.ProjectUpdated(of, name, null, null))));
  }
}
