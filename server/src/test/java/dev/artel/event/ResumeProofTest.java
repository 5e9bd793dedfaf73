package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.db.Db;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.protocol.SessionId;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Ten thousand events, clients that come and go and read slowly, and a service that is stopped in
/// the middle and started anew: what each client received is what the log holds, in order, once.
/// `-Dartel.seed=…` repeats a run.
final class ResumeProofTest {
  private static final int EVENTS = 10_000;
  private static final int READERS = 12;
  private static final String END = "the end";
  private static final Map<String, String> SETTINGS =
      Map.of("ARTEL_JWT_SECRET_KEY", "0123456789abcdef0123456789abcdef0123456789abcdef");

  private final long seed = Long.getLong("artel.seed", 20260131);
  private final Random random = new Random(seed);
  private final Progress written = new Progress();
  private volatile World world = World.start(SETTINGS);
  private final Client me = world.user();
  private final UserId user = me.user();
  private final String token = world.tokens().mint(user, Set.of());
  private final ProjectId project =
      new ProjectId(id(me.get("/my/me").expect(200).json().get("default_project_id")));
  private final List<SessionId> sessions = List.of(newSession(), newSession());

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  @Accepts({"S12.3.3", "S12.3.4"})
  void what_a_client_receives_is_what_the_log_holds(TestReporter reporter) throws Exception {
    reporter.publishEntry("seed", Long.toString(seed));
    var readers = new ArrayList<Reading>();
    for (int i = 0; i < READERS; i++) {
      readers.add(
          new Reading(
              i % 3 == 2 ? null : sessions.get(i % 3), i % 4 == 3, i % 2 == 1, random.nextLong()));
    }
    try {
      write(EVENTS / 2);
      world.close();
      world = World.start(SETTINGS);
      write(EVENTS - written.reached());
      append(sessions.get(0), END);
      append(sessions.get(1), END);
      append(null, END);

      int connections = 0;
      for (Reading reading : readers) {
        assertThat(reading.received.get(3, TimeUnit.MINUTES))
            .as("seed %d", seed)
            .isEqualTo(logged(reading.session));
        assertThat(reading.connections).as("it was disconnected, seed %d", seed).isGreaterThan(2);
        connections += reading.connections;
      }
      reporter.publishEntry("connections", Integer.toString(connections));
    } finally {
      readers.forEach(reading -> reading.thread.interrupt());
      world.close();
    }
  }

  /// A few events a transaction, now of one session, now of the other, now of none.
  private void write(int n) {
    int left = n;
    while (left > 0) {
      int batch = Math.min(left, 1 + random.nextInt(20));
      int kind = random.nextInt(5);
      SessionId in = kind == 4 ? null : sessions.get(kind % 2);
      Db db = world.door(Db.class);
      EventLog log = world.door(EventLog.class);
      db.does(
          user,
          tx -> {
            for (int i = 0; i < batch; i++) {
              log.append(tx, user, draft(in, "n"));
            }
          });
      left -= batch;
      written.add(batch);
    }
  }

  private void append(@Nullable SessionId in, String title) {
    world
        .door(Db.class)
        .does(user, tx -> world.door(EventLog.class).append(tx, user, draft(in, title)));
  }

  private Draft draft(@Nullable SessionId in, String title) {
    return in == null
        ? Draft.in(project, new Event.ProjectUpdated(project, title, null, null))
        : Draft.in(project, in, new Event.SessionUpdated(in, title, false, false, null));
  }

  private List<String> logged(@Nullable SessionId of) {
    var store = new EventStore();
    return world
        .door(Db.class)
        .read(user, tx -> store.page(tx, user, project, of, 0, Long.MAX_VALUE, 1_000_000))
        .stream()
        .map(line -> String.valueOf(line.id()))
        .toList();
  }

  private SessionId newSession() {
    return new SessionId(id(me.post("/my/chat/sessions", Map.of()).expect(201).json().get("id")));
  }

  private static UUID id(JsonNode text) {
    return UUID.fromString(text.stringValue());
  }

  /// One client. It speaks HTTP/1.0, so that the body comes without chunks, and hangs up whenever
  /// its dice say so, wherever in a line that may be.
  private final class Reading {
    private final @Nullable SessionId session;
    private final boolean slow;
    private final boolean sse;
    private final Random dice;
    private final List<String> ids = new ArrayList<>();
    private final CompletableFuture<List<String>> received = new CompletableFuture<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private int connections;

    Reading(@Nullable SessionId session, boolean slow, boolean sse, long seed) {
      this.session = session;
      this.slow = slow;
      this.sse = sse;
      this.dice = new Random(seed);
      thread.start();
    }

    private void run() {
      try {
        boolean ended = false;
        while (!ended) {
          try {
            ended = connection();
          } catch (IOException _) {
            // Cut, refused or reset: it comes back with its position.
            Thread.sleep(Duration.ofMillis(20));
          }
        }
        received.complete(ids);
      } catch (Exception | AssertionError failure) {
        received.completeExceptionally(failure);
      }
    }

    /// Reads until the dice say that it is enough. Whether the last event has come.
    private boolean connection() throws IOException, InterruptedException {
      URI base = world.base();
      try (var socket = new Socket()) {
        if (slow) {
          socket.setReceiveBufferSize(4_096);
        }
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        socket.getOutputStream().write(request(base).getBytes(StandardCharsets.ISO_8859_1));
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8),
                slow ? 1_024 : 8_192);
        String status = in.readLine();
        if (status == null || !status.contains(" 200 ")) {
          throw new IOException("refused: " + status);
        }
        connections++;
        int enough = 1 + dice.nextInt(1_500);
        for (int i = 0; i < enough; i++) {
          String line = in.readLine();
          if (line == null) {
            return false;
          }
          if (take(line)) {
            return true;
          }
          if (slow && i % 200 == 199) {
            // Reads on only when more has been written than it could ever have buffered.
            written.await(Math.min(EVENTS, written.reached() + 1_500));
          }
        }
        return false;
      }
    }

    private String request(URI base) {
      String path =
          session == null
              ? "/my/projects/" + project + "/events"
              : "/my/projects/" + project + "/chat/" + session + "/events";
      String from = ids.isEmpty() ? "since=1970-01-01" : "last_event_id=" + ids.getLast();
      return "GET %s?%s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n"
          .formatted(
              path,
              from,
              base.getAuthority(),
              token,
              sse ? "text/event-stream" : "application/x-ndjson");
    }

    private boolean take(String line) {
      String json = sse && line.startsWith("data: ") ? line.substring(6) : line;
      if (!json.startsWith("{")) {
        return false;
      }
      JsonNode event = WireCodec.json().readTree(json);
      assertThat(event.get("event_type").stringValue()).isNotEqualTo("replay_gap");
      if (event.get("event_id").isNull()) {
        return false;
      }
      ids.add(event.get("event_id").stringValue());
      JsonNode payload = event.get("payload");
      return END.equals(payload.path(session == null ? "name" : "title").asString(""));
    }
  }
}
