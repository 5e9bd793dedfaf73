package dev.artel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.artel.acceptance.Accepts;
import dev.artel.identity.Identity;
import dev.artel.protocol.UserId;
import dev.artel.protocol.WireCodec;
import dev.artel.testing.Client;
import dev.artel.testing.Lines;
import dev.artel.testing.World;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How streams live and end: signs of life, bounds, tokens that end, and a service that stops. A
/// service of its own, with a quick heart and few streams.
@Timeout(60)
final class StreamLifeTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final int STREAMS_MAX = 3;
  private static final Map<String, String> SETTINGS =
      Map.of(
          "ARTEL_SSE_HEARTBEAT_INTERVAL",
          "1",
          "ARTEL_SSE_MAX_CONNECTIONS_PER_USER",
          Integer.toString(STREAMS_MAX),
          "ARTEL_JWT_SECRET_KEY",
          SECRET);
  private static final World WORLD = World.start(SETTINGS);

  private final Client me = WORLD.user();

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  private static String sessionStream(Client client) {
    String session =
        client.post("/my/chat/sessions", Map.of()).expect(201).json().get("id").stringValue();
    return "/my/chat/" + session + "/events";
  }

  @Test
  @Accepts("S12.5.1")
  void an_idle_stream_hears_a_heartbeat_every_interval() {
    try (Lines lines = me.stream(sessionStream(me))) {
      Instant first = at(lines.json());
      Instant second = at(lines.json());
      Instant third = at(lines.json());

      assertThat(Duration.between(first, second))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
      assertThat(Duration.between(second, third))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
    }
  }

  @Test
  @Accepts("S12.5.1")
  void a_stream_beats_whatever_goes_on_beside_it_and_by_default_every_thirty_seconds() {
    assertThat(StreamLimits.STANDARD.heartbeat()).isEqualTo(Duration.ofSeconds(30));
    assertThat(World.shared().door(StreamLimits.class).heartbeat())
        .isEqualTo(Duration.ofSeconds(30));
    var talking = new Conversation(WORLD);
    var ended = new AtomicBoolean();
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              while (!ended.get()) {
                talking.write(talking.session, "t");
              }
            });
    String silent = "/my/chat/" + talking.newSession() + "/events";
    try (Lines filtered = talking.me.stream(talking.stream + "?event_types=task_failed");
        Lines beside = talking.me.stream(silent)) {
      for (Lines idle : List.of(filtered, beside)) {
        var beats = List.of(at(idle.json()), at(idle.json()), at(idle.json()));
        for (int i = 1; i < beats.size(); i++) {
          assertThat(Duration.between(beats.get(i - 1), beats.get(i)))
              .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
        }
      }
    } finally {
      ended.set(true);
      join(writer);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static Instant at(JsonNode heartbeat) {
    assertThat(heartbeat.get("event_type").stringValue()).isEqualTo("heartbeat");
    return Instant.parse(heartbeat.get("timestamp").stringValue());
  }

  @Test
  void one_stream_more_than_a_user_may_have_is_refused_until_one_ends() {
    String path = sessionStream(me);
    var open = new ArrayList<Lines>();
    for (int i = 0; i < STREAMS_MAX; i++) {
      open.add(me.stream(path));
      open.getLast().json();
    }

    var refused = me.get(path);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Content-Type")).startsWith("application/json");
    assertThat(refused.header("Retry-After")).isNotNull();
    Client other = WORLD.user();
    try (Lines theirs = other.stream(sessionStream(other))) {
      assertThat(theirs.status()).isEqualTo(200);
    }

    open.forEach(Lines::close);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          try (Lines again = me.stream(path)) {
            return again.status() == 200;
          }
        });
  }

  @Test
  @Accepts("S12.4.3")
  void a_good_token_opens_a_stream_from_the_header_alone() {
    String path = sessionStream(me);
    String token = WORLD.tokens().mint(me.user(), Set.of());
    Client stranger = WORLD.stranger();
    for (String query : List.of("token=", "access_token=", "authorization=Bearer%20", "jwt=")) {
      for (String followed : List.of(path, "/my/events")) {
        Client asking = stranger.with("Accept", "text/event-stream");
        assertThat(asking.get(followed + "?" + query + token).status()).as(query).isEqualTo(401);
      }
    }
    assertThat(stranger.with("Cookie", "access_token=" + token).get(path).status()).isEqualTo(401);
    try (Lines lines = stranger.with("Authorization", "Bearer " + token).stream(path)) {
      assertThat(lines.status()).isEqualTo(200);
    }
  }

  @Test
  @Accepts("S12.4.3")
  void a_stream_ends_when_its_token_expires() throws Exception {
    var user = new UserId(UUID.randomUUID());
    String path = sessionStream(WORLD.user(user));
    Client brief = WORLD.bearing(user, expiring(user, Instant.now().plusSeconds(4)));
    try (Lines lines = brief.stream(path)) {
      JsonNode last =
          lines.until(line -> !line.get("event_type").stringValue().equals("heartbeat"));

      assertThat(last.get("event_type").stringValue()).isEqualTo("error");
      assertThat(last.get("payload").get("error_type").stringValue()).isEqualTo("token_expired");
      assertThat(lines.next()).isNull();
    }
  }

  /// The developer's token of the user, with another end.
  private static String expiring(UserId user, Instant end) throws GeneralSecurityException {
    String[] parts = WORLD.tokens().mint(user, Set.of()).split("\\.", -1);
    var claims = (ObjectNode) WireCodec.json().readTree(Base64.getUrlDecoder().decode(parts[1]));
    claims.put("exp", end.getEpochSecond());
    var encoder = Base64.getUrlEncoder().withoutPadding();
    String signed =
        parts[0] + "." + encoder.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return signed
        + "."
        + encoder.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void a_stream_ends_when_its_token_is_revoked() {
    try (Lines lines = me.stream(sessionStream(me))) {
      lines.json();
      Instant asked = Instant.now();

      WORLD.door(Identity.class).revokeAll(me.user());

      JsonNode last =
          lines.until(line -> !line.get("event_type").stringValue().equals("heartbeat"));
      assertThat(last.get("payload").get("error_type").stringValue()).isEqualTo("token_revoked");
      assertThat(Duration.between(asked, Instant.parse(last.get("timestamp").stringValue())))
          .isLessThan(Duration.ofSeconds(3));
      assertThat(lines.next()).isNull();
    }
  }

  @Test
  @Accepts("S12.5.3")
  void a_service_that_stops_says_when_to_come_back() {
    World stopping = World.start(SETTINGS);
    Client client = stopping.user();
    try (Lines lines = client.stream(sessionStream(client));
        Lines feed = client.with("Accept", "application/x-ndjson").stream("/my/events")) {
      lines.json();
      feed.json();

      Thread closing = Thread.ofVirtual().start(stopping::close);

      for (Lines each : List.of(lines, feed)) {
        JsonNode last =
            each.until(line -> line.get("event_type").stringValue().equals("session_closed"));
        assertThat(last.get("payload").get("reason").stringValue()).isEqualTo("shutdown");
        assertThat(last.get("payload").get("reconnect_after_seconds").intValue()).isBetween(1, 5);
        assertThat(each.next()).isNull();
      }
      join(closing);
    }
  }

  @Test
  @Accepts("S12.5.4")
  void an_idle_stream_is_freed_by_its_second_heartbeat_after_the_client_left() {
    var idle = new Conversation(WORLD);
    Streams streams = WORLD.door(Streams.class);
    try (Lines lines = idle.me.stream(idle.stream)) {
      lines.json();
      assertThat(streams.following(idle.me.user(), idle.project, idle.session)).isEqualTo(1);
    }
    // A heart beats once a second here; nothing else is written.
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> streams.following(idle.me.user(), idle.project, idle.session) == 0);
  }
}
