package dev.artel.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.db.Db;
import dev.artel.event.Draft;
import dev.artel.event.EventLog;
import dev.artel.protocol.Event;
import dev.artel.protocol.ProjectId;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class FeedRoutesTest {
  private static final int TEAM = 5;

  private final World world = World.shared();
  private final Client me = world.user();
  private final ProjectId project = world.door(Projects.class).defaultOf(firstSeen());
  private String canonical = "";

  private dev.artel.protocol.UserId firstSeen() {
    me.get("/my/projects").expect(200);
    return me.user();
  }

  @BeforeEach
  void write() {
    canonical = "/my/projects/" + project + "/events";
    append(10);
  }

  @Test
  void both_spellings_tell_the_newest_first_under_both_names() {
    JsonNode page = me.get("/my/events?limit=3").expect(200).json();

    assertThat(numbers(page)).containsExactly(15L, 14L, 13L);
    assertThat(page.get("items")).isEqualTo(page.get("events"));
    assertThat(page.get("total").intValue()).isEqualTo(TEAM + 10);
    assertThat(me.get(canonical + "?limit=3").expect(200).json().get("events"))
        .isEqualTo(page.get("events"));
  }

  @Test
  void a_cursor_neither_skips_nor_repeats_while_others_write() {
    var seen = new ArrayList<Long>();
    JsonNode page = me.get("/my/events?limit=4").expect(200).json();
    while (true) {
      seen.addAll(numbers(page));
      append(3);
      if (page.get("next_cursor").isNull()) {
        break;
      }
      page =
          me.get("/my/events?limit=4&cursor=" + page.get("next_cursor").asString())
              .expect(200)
              .json();
    }

    assertThat(seen)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 15).map(n -> 16 - n).boxed().toList());
  }

  @Test
  void after_tells_the_oldest_first_and_its_cursor_follows_what_is_written() {
    var seen = new ArrayList<Long>();
    JsonNode page = me.get("/my/events?after=8&limit=4").expect(200).json();
    for (int turn = 0; turn < 3; turn++) {
      seen.addAll(numbers(page));
      append(2);
      if (page.get("next_cursor").isNull()) {
        break;
      }
      page =
          me.get("/my/events?after=8&limit=4&cursor=" + page.get("next_cursor").asString())
              .expect(200)
              .json();
    }

    assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(9, 19).boxed().toList());
  }

  @Test
  void filters_are_combined_by_and() {
    String ask = me.get("/my/agents/Ask").json().get("id").asString();

    assertThat(types("event_type=agent_created&agent_id=" + ask)).containsExactly("agent_created");
    assertThat(types("event_type=project_updated&agent_id=" + ask)).isEmpty();
    assertThat(types("event_type=agent_created,project_updated")).hasSize(15);
    assertThat(numbers(me.get("/my/events?after=3&before=6").expect(200).json()))
        .containsExactly(4L, 5L);
    JsonNode seventh = me.get("/my/events?after=6&before=8").json().get("events").get(0);
    String at = seventh.get("created_at").asString().replace("+", "%2B");
    assertThat(numbers(me.get("/my/events?start_time=" + at).expect(200).json())).contains(7L);
    assertThat(numbers(me.get("/my/events?end_time=" + at).expect(200).json()))
        .contains(1L)
        .doesNotContain(7L);
    assertThat(types("end_time=2020-01-01")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event_type=zoo",
        "event_type=",
        "event_type=agent_created,,",
        "agent_id=Ask",
        "after=-1",
        "before=x",
        "start_time=yesterday",
        "end_time=%2B999999999-12-31T00:00:00Z",
        "cursor=!!",
        "cursor=eA",
        "sort_by=seq",
        "user_id=1",
        "limit=101",
        "offset=-1"
      })
  void what_the_list_does_not_know_is_refused(String query) {
    me.get("/my/events?" + query).expect(400);
    me.get(canonical + "?" + query).expect(400);
  }

  @Test
  void an_event_is_told_whole_with_its_metadata_to_its_owner_alone() {
    JsonNode listed = me.get("/my/events?limit=1").json().get("events").get(0);
    String id = listed.get("id").asString();

    JsonNode event = me.get("/my/events/" + id).expect(200).json();

    assertThat(event).isEqualTo(listed);
    assertThat(me.get(canonical + "/" + id).expect(200).json()).isEqualTo(event);
    JsonNode payload = event.get("payload");
    assertThat(payload.get("event_id").asString()).isEqualTo(id);
    assertThat(payload.get("user_id").asString()).isEqualTo(me.user().toString());
    assertThat(payload.get("project_id").asString()).isEqualTo(project.toString());
    assertThat(payload.get("session_id").isNull()).isTrue();
    assertThat(payload.get("timestamp")).isEqualTo(event.get("created_at"));
    assertThat(payload.get("name").asString()).isEqualTo("n");

    String elsewhere = me.post("/my/projects", "{\"name\": \"E\"}").json().get("id").asString();
    for (String missing :
        List.of(
            "/my/projects/" + elsewhere + "/events/" + id,
            "/my/events/" + UUID.randomUUID(),
            "/my/events/x")) {
      assertThat(me.get(missing).expect(404).json().get("detail").asString())
          .isEqualTo("Event not found");
    }
    world.user().get("/my/events/" + id).expect(404);
  }

  private List<String> types(String query) {
    JsonNode page = me.get("/my/events?" + query).expect(200).json();
    return StreamSupport.stream(page.get("events").spliterator(), false)
        .map(event -> event.get("event_type").asString())
        .toList();
  }

  private static List<Long> numbers(JsonNode page) {
    return StreamSupport.stream(page.get("events").spliterator(), false)
        .map(event -> event.get("project_seq").longValue())
        .toList();
  }

  private void append(int events) {
    var log = world.door(EventLog.class);
    for (int i = 0; i < events; i++) {
      world
          .door(Db.class)
          .does(
              me.user(),
              tx ->
                  log.append(
                      tx,
                      me.user(),
                      Draft.in(project, new Event.ProjectUpdated(project, "n", null, null))));
    }
  }
}
