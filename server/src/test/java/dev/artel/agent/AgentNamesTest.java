package dev.artel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.artel.protocol.UserId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentNamesTest {
  private static final UserId USER =
      new UserId(UUID.fromString("0a0a0a0a-0000-4000-8000-00000000000a"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "7",
        "Agent_1.2-x",
        "Писарь",
        "हिन्दी",
        "名前",
        "a.",
        "automatic",
        "userx",
        "user1_b_2"
      })
  void good_names(String name) {
    assertThat(AgentNames.problem(name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " a",
        "a b",
        "@a",
        "_a",
        "-a",
        ".a",
        "a/b",
        "a\0",
        "a\n",
        "😀",
        "auto",
        "AUTO",
        "Available",
        "0a0a0a0a-0000-4000-8000-00000000000a",
        "user0a0a0a0a-0000-4000-8000-00000000000a_x",
        "User0A0A0A0A-0000-4000-8000-00000000000a_x_1"
      })
  void bad_names(String name) {
    assertThat(AgentNames.problem(name)).isNotNull();
  }

  @Test
  void a_name_has_at_most_a_hundred_letters_however_long_their_code() {
    assertThat(AgentNames.problem("𝒳".repeat(100))).isNull();
    assertThat(AgentNames.problem("x".repeat(101))).isNotNull();
  }

  @Test
  void names_are_the_same_whatever_the_case_and_the_keyboard() {
    assertThat(List.of("ÉCOLE", "école", "e\u0301cole"))
        .extracting(AgentNames::key)
        .containsOnly(AgentNames.key("École"));
    assertThat(AgentNames.key("ΟΔΟΣ")).isEqualTo(AgentNames.key("οδος"));
    assertThat(AgentNames.key("a")).isNotEqualTo(AgentNames.key("b"));
  }

  @Test
  void the_last_number_of_a_readable_id_is_the_version() {
    assertThat(AgentNames.readable(USER, "user" + USER + "_a_1_22"))
        .contains(new AgentNames.NameAtVersion("a_1", 22));
    for (String none :
        List.of(
            "a_1",
            "user" + USER,
            "user" + USER + "_a",
            "user" + USER + "_a_0",
            "user" + new UUID(0, 0) + "_a_1",
            "user" + USER + "_a_9999999999")) {
      assertThat(AgentNames.readable(USER, none)).as(none).isEqualTo(Optional.empty());
    }
  }

  @Test
  void distance_counts_letters_typed_anew() {
    assertThat(AgentNames.distance("ask", "ask")).isZero();
    assertThat(AgentNames.distance("aks", "ask")).isEqualTo(2);
    assertThat(AgentNames.distance("", "ask")).isEqualTo(3);
    assertThat(AgentNames.distance("debug", "debugs")).isEqualTo(1);
  }
}
