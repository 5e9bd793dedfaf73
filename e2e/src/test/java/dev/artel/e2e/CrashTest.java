package dev.artel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The service dies as machines die, and what it had accepted is done all the same.
@ExtendWith(Needs.class)
class CrashTest {
  private static final double MINUTES_TWO = 120_000;

  @Test
  void a_killed_service_answers_after_its_restart_what_it_was_answering(@TempDir Path folder)
      throws Exception {
    Path home = folder.resolve("home");
    String text = "words that take a while ".repeat(40).strip();
    ArtelProcess first = ArtelProcess.start(home, 0);
    String token = first.token(UUID.randomUUID());
    try (var cable = new Cable(first.port());
        var browsers = new Browsers(first, cable);
        var person = browsers.person("en-US")) {
      Tab tab = person.tab();
      tab.open(first.address("/app/"));
      tab.signInByToken(token);
      tab.firstProject("crash");
      tab.send(text);
      tab.awaitWords();
      first.kill();
      Locator lost = tab.lost();
      lost.waitFor();

      try (ArtelProcess second = ArtelProcess.start(home, first.port())) {
        Locator answer = tab.message("You wrote: " + text);
        answer.waitFor(new Locator.WaitForOptions().setTimeout(MINUTES_TWO));
        tab.writing().waitFor(Tab.gone().setTimeout(MINUTES_TWO));
        assertThat(answer.count()).isEqualTo(1);
        assertThat(lost.count()).isZero();

        String project = "/my/projects/" + tab.project();
        JsonNode messages =
            second.get(token, project + "/chat/" + tab.session() + "/messages").get("messages");
        assertThat(messages.valueStream().map(message -> message.get("status").asString()).toList())
            .containsExactly("done", "done");
        List<Long> numbers = numbers(second, token, project);
        assertThat(numbers)
            .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList())
            .isNotEmpty();
        assertThat(person.complaints()).isEmpty();
      }
    } finally {
      first.kill();
    }
  }

  /// The numbers of all events of a project, in the order of its log.
  private static List<Long> numbers(ArtelProcess service, String token, String project) {
    var numbers = new ArrayList<Long>();
    while (true) {
      long after = numbers.isEmpty() ? 0 : numbers.getLast();
      JsonNode page =
          service.get(token, project + "/events?limit=100&after=" + after).get("events");
      page.valueStream().forEach(event -> numbers.add(event.get("project_seq").asLong()));
      if (page.size() < 100) {
        return numbers;
      }
    }
  }
}
