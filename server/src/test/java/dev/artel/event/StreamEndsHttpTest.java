package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.protocol.EventId;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// How streams end over a real socket: with what they follow, with their client, by a cut.
final class StreamEndsHttpTest {
  private final World world = World.shared();
  private final Conversation mine = new Conversation(world);
  private final Client me = mine.me;
  private final SessionId session = mine.session;
  private final ProjectId project = mine.project;
  private final String stream = mine.stream;

  @Test
  @Accepts("S12.5.3")
  void deleting_the_session_ends_its_streams_with_a_last_line() {
    var took = new ArrayList<Duration>();
    for (int i = 0; i < 3; i++) {
      SessionId doomed = mine.newSession();
      String path = "/my/projects/" + project + "/chat/" + doomed + "/events";
      try (Lines lines = me.stream(path);
          Lines flat = me.stream("/my/chat/" + doomed + "/events");
          Lines feed = me.with("Accept", "application/x-ndjson").stream("/my/events")) {
        List.of(lines, flat, feed).forEach(Lines::json);
        long asked = System.nanoTime();

        me.delete("/my/projects/" + project + "/chat/sessions/" + doomed).expect(204);

        for (Lines each : List.of(lines, flat)) {
          JsonNode last = each.json();
          assertThat(last.get("event_type").stringValue()).isEqualTo("session_closed");
          assertThat(last.get("payload").get("reason").stringValue()).isEqualTo("session_deleted");
          assertThat(each.next()).isNull();
        }
        took.add(Duration.ofNanos(System.nanoTime() - asked));
        assertThat(feed.json().get("event_type").stringValue()).isEqualTo("session_deleted");
      }
    }
    // A machine that is busy elsewhere may hold up one of them.
    assertThat(took).as("all in all").anyMatch(one -> one.toMillis() < 1_000);
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
  @Accepts("S12.5.4")
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
          mine.write(session, "anybody there?");
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
              EventId event = mine.write(session, "x".repeat(9_000));
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
}
