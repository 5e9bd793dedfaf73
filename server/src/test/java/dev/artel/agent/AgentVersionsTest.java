package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.acceptance.Accepts;
import dev.artel.testing.Answer;
import dev.artel.testing.Client;
import dev.artel.testing.World;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class AgentVersionsTest {
  private final Client me = World.shared().user();

  @Test
  void each_change_is_kept_with_what_it_changed_newest_first() {
    make("A", "one");
    me.patch("/my/agents/A", Map.of("name", "B", "temperature", 1)).expect(200);
    me.patch("/my/agents/B", Map.of("metadata", Map.of("role", "code"))).expect(200);

    JsonNode page = me.get("/my/agents/B/versions").expect(200).json();

    assertThat(
            each(
                page.get("versions"),
                v ->
                    v.get("version").intValue()
                        + " "
                        + v.get("name").asString()
                        + " "
                        + v.get("changed")))
        .containsExactly("3 B [\"metadata.role\"]", "2 B [\"name\",\"temperature\"]", "1 A []");
    assertThat(me.get("/my/agents/B/versions?limit=1&offset=1").json().get("versions").get(0))
        .isEqualTo(page.get("versions").get(1));
    assertThat(me.get("/my/agents/B/versions/2").expect(200).json())
        .isEqualTo(page.get("versions").get(1));
    for (String missing : List.of("0", "4", "x", "99999999999")) {
      me.get("/my/agents/B/versions/" + missing).expect(404);
      me.post("/my/agents/B/versions/" + missing + "/restore", null).expect(404);
    }
    me.get("/my/agents/B/versions?sort_by=version").expect(400);
  }

  @Test
  void restoring_makes_the_old_name_and_configuration_a_new_version() {
    make("A", "one");
    me.patch("/my/agents/A", Map.of("name", "B", "system_prompt", "two")).expect(200);

    Answer restored = me.post("/my/agents/B/versions/1/restore", null).expect(200);

    assertThat(restored.header("ETag")).isEqualTo("\"v3\"");
    assertThat(restored.json().get("name").asString()).isEqualTo("A");
    assertThat(restored.json().get("config").get("system_prompt").asString()).isEqualTo("one");
    // It is so already: nothing to restore.
    assertThat(
            me.post("/my/agents/A/versions/3/restore", null)
                .expect(200)
                .json()
                .get("version")
                .intValue())
        .isEqualTo(3);
    me.patch("/my/agents/A", Map.of("name", "C")).expect(200);
    make("A", "another");
    assertThat(me.post("/my/agents/C/versions/1/restore", null).expect(409).reason())
        .isEqualTo("name_taken");
  }

  @Test
  void a_restore_with_a_key_happens_once() {
    make("A", "one");
    me.patch("/my/agents/A", Map.of("system_prompt", "two")).expect(200);
    Client keyed = me.with("Idempotency-Key", "r");

    Answer first = keyed.post("/my/agents/A/versions/1/restore", null).expect(200);
    me.patch("/my/agents/A", Map.of("system_prompt", "three")).expect(200);
    Answer again = keyed.post("/my/agents/A/versions/1/restore", null).expect(200);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(me.get("/my/agents/A").json().get("version").intValue()).isEqualTo(4);
  }

  @Accepts("S7.3")
  @Test
  void any_version_number_up_to_the_present_addresses_the_agent() {
    make("coder_2", "one");
    me.patch("/my/agents/coder_2", Map.of("system_prompt", "two")).expect(200);
    String id = me.get("/my/agents/coder_2").json().get("id").asString();

    for (String readable : List.of("coder_2_1", "coder_2_2", "CODER_2_1")) {
      assertThat(addressed(readable)).as(readable).isEqualTo(id);
    }
    me.get(readable("coder_2_3")).expect(404);
    me.get(readable("coder_2_0")).expect(404);
    me.get(readable("coder_2_01")).expect(404);
    me.get(readable("coder")).expect(404);
    assertThat(me.get("/my/agents/@Coder_2").expect(200).json().get("id").asString()).isEqualTo(id);
  }

  @Accepts("S7.3")
  @Test
  void an_old_name_still_addresses_its_agent_unless_another_has_it_now() {
    make("old", "one");
    String id = me.get("/my/agents/old").json().get("id").asString();
    me.patch("/my/agents/old", Map.of("name", "new")).expect(200);

    assertThat(addressed("old_1")).isEqualTo(id);
    assertThat(addressed("old_2")).isEqualTo(id);
    assertThat(addressed("new_1")).isEqualTo(id);
    me.get("/my/agents/old").expect(404);

    make("old", "second");
    String second = me.get("/my/agents/old").json().get("id").asString();
    assertThat(addressed("old_1")).isEqualTo(second);
    me.get(readable("old_2")).expect(404);

    // Both were called so in version 1: the one that was it last.
    me.patch("/my/agents/old", Map.of("name", "newer")).expect(200);
    assertThat(addressed("old_1")).isEqualTo(second);
  }

  @Test
  void versions_are_listed_by_pages_without_gap() {
    make("P", "0");
    IntStream.rangeClosed(1, 12)
        .forEach(n -> me.patch("/my/agents/P", Map.of("max_tokens", n)).expect(200));

    JsonNode page = me.get("/my/agents/P/versions?limit=5").json();
    var seen = each(page.get("versions"), v -> v.get("version").asString());
    while (page.get("has_next").booleanValue()) {
      page = me.get(page.get("next_url").asString()).expect(200).json();
      seen = new java.util.ArrayList<>(seen);
      seen.addAll(each(page.get("versions"), v -> v.get("version").asString()));
    }

    assertThat(seen)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 13).mapToObj(n -> Integer.toString(14 - n)).toList());
  }

  private void make(String name, String prompt) {
    me.post("/my/agents", Map.of("name", name, "system_prompt", prompt)).expect(201);
  }

  private String readable(String nameAndVersion) {
    return "/my/agents/user" + me.user() + "_" + nameAndVersion;
  }

  private String addressed(String nameAndVersion) {
    return me.get(readable(nameAndVersion)).expect(200).json().get("id").asString();
  }

  private static List<String> each(
      JsonNode array, java.util.function.Function<JsonNode, String> told) {
    return StreamSupport.stream(array.spliterator(), false).map(told).toList();
  }
}
