package dev.artel.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A conversation in a real browser with the packaged service: live, cut, reloaded, in two tabs, by
/// two people.
@ExtendWith(Needs.class)
class ConversationTest {
  private static final String ANSWER =
      "This is Artel's demo model, which only repeats the request. You wrote: ";
  private static final String LONG = "twenty words a second ".repeat(40).strip();

  @TempDir private static Path folder;
  private static ArtelProcess service;
  private static Cable cable;
  private static Browsers browsers;

  /// Signed in by the printed link, once: its cookie lives as long as the browser.
  private static Person owner;

  private static String ownersToken;

  private Tab tab;

  @BeforeAll
  static void begin() throws Exception {
    service = ArtelProcess.start(folder.resolve("home"), 0);
    cable = new Cable(service.port());
    browsers = new Browsers(service, cable);
    owner = browsers.person("en-US");
    ownersToken = service.token(null);
    Tab first = owner.tab();
    first.open(service.link());
    first.firstProject("orders-service");
    first.page().close();
  }

  @AfterAll
  static void end() throws Exception {
    if (browsers != null) {
      browsers.close();
    }
    if (cable != null) {
      cable.close();
    }
    if (service != null) {
      service.close();
    }
  }

  @BeforeEach
  void open_a_new_chat() {
    tab = owner.tab();
    tab.open(service.address("/app/"));
    tab.field().waitFor();
    tab.page().keyboard().press("Control+Shift+O");
    tab.page().getByText("What should the team look at?").waitFor();
  }

  @AfterEach
  void nothing_was_complained_about() {
    cable.mend();
    tab.page().close();
    assertThat(owner.complaints()).isEmpty();
  }

  @Test
  void an_answer_is_written_live_and_ends_as_one_stored_message() {
    tab.send("Why did it wait?");
    assertThat(tab.field().inputValue()).isEmpty();
    tab.awaitWords();
    tab.awaitAnswered();

    assertThat(tab.message(ANSWER + "Why did it wait?").count()).isEqualTo(1);
    assertThat(stored()).containsExactly("Why did it wait?", ANSWER + "Why did it wait?");
  }

  @Test
  void a_reload_in_the_middle_of_an_answer_loses_nothing() {
    tab.send(LONG);
    tab.awaitWords();
    String before = tab.written();
    tab.page().reload();
    tab.awaitWords();
    assertThat(tab.written()).startsWith(before.strip());
    tab.awaitAnswered();

    assertThat(stored()).containsExactly(LONG, ANSWER + LONG);
    assertThat(tab.message(ANSWER + LONG).count()).isEqualTo(1);
  }

  @Test
  void a_cut_connection_is_taken_up_again_by_itself() {
    tab.send(LONG);
    tab.awaitWords();
    cable.cut();
    Locator strip = tab.lost();
    strip.waitFor();
    cable.mend();
    strip.waitFor(Tab.gone());
    tab.awaitAnswered();

    assertThat(stored()).containsExactly(LONG, ANSWER + LONG);
    assertThat(tab.message(ANSWER + LONG).count()).isEqualTo(1);
  }

  @Test
  void what_is_written_while_the_connection_is_away_goes_out_once_when_it_is_back() {
    tab.send("First");
    tab.awaitWords();
    tab.awaitAnswered();
    cable.cut();
    tab.lost().waitFor();
    tab.send("Written in the dark");
    tab.page().getByText("Not sent yet.").waitFor();
    cable.mend();
    tab.message(ANSWER + "Written in the dark").waitFor();
    tab.awaitAnswered();

    assertThat(stored())
        .containsExactly(
            "First", ANSWER + "First", "Written in the dark", ANSWER + "Written in the dark");
  }

  @Test
  void two_tabs_are_live_over_one_connection() {
    int before = owner.feeds();
    tab.send("Hello");
    tab.awaitAnswered();
    tab.session();
    Tab second = owner.tab();
    second.open(tab.page().url());
    second.message(ANSWER + "Hello").waitFor();
    second.send(LONG);
    tab.awaitWords();
    second.awaitWords();
    tab.awaitAnswered();
    second.awaitAnswered();

    assertThat(tab.message(ANSWER + LONG).count()).isEqualTo(1);
    assertThat(second.message(ANSWER + LONG).count()).isEqualTo(1);
    assertThat(owner.feeds()).isEqualTo(before);
    // The tab that reads closes; the other takes over and goes on.
    tab.page().close();
    second.send("And on");
    second.message(ANSWER + "And on").waitFor();
    tab = second;
  }

  @Test
  void a_second_person_sees_nothing_of_the_first() throws Exception {
    tab.send("For me alone");
    tab.awaitAnswered();
    String project = tab.project();
    String session = tab.session();
    String token = service.token(UUID.randomUUID());
    try (Person other = browsers.person("en-US")) {
      Tab theirs = other.tab();
      theirs.open(tab.page().url());
      theirs.signInByToken(token);
      theirs.page().locator("main h1").waitFor(attached());
      theirs.page().waitForCondition(() -> theirs.page().locator("main").innerText().length() > 20);
      assertThat(theirs.page().locator("body").innerText())
          .doesNotContain("For me alone")
          .doesNotContain("orders-service");
      assertThat(other.complaints()).isEmpty();
    }
    assertThat(service.status(token, "/my/projects/" + project)).isEqualTo(404);
    assertThat(
            service.status(token, "/my/projects/%s/chat/sessions/%s".formatted(project, session)))
        .isEqualTo(404);
    assertThat(service.get(token, "/my/search?q=alone").get("total").asInt()).isZero();
  }

  @Test
  void an_answer_can_be_stopped_asked_for_again_and_its_question_reworded() {
    tab.send(LONG);
    tab.awaitWords();
    tab.field().press("Escape");
    tab.page().getByText("Stopped by you").waitFor();
    tab.awaitAnswered();

    tab.message("Stopped by you").hover();
    tab.button("Answer again").last().click();
    tab.awaitWords();
    tab.awaitAnswered();
    tab.page().getByText("2/2").waitFor();
    tab.button("Previous version").click();
    tab.page().getByText("Stopped by you").waitFor();

    tab.page().locator("article").first().hover();
    tab.button("Edit and send again").first().click();
    assertThat(tab.field().inputValue()).isEqualTo(LONG);
    tab.send("Shorter");
    tab.message(ANSWER + "Shorter").waitFor();
    assertThat(stored()).containsExactly("Shorter", ANSWER + "Shorter");
    tab.button("Previous version").first().click();
    tab.message(LONG).first().waitFor();
  }

  @Test
  void the_steps_of_an_answer_are_followed_and_its_task_is_cancelled_and_run_again() {
    Page page = tab.page();
    Locator steps =
        page.getByRole(
            AriaRole.LIST, new Page.GetByRoleOptions().setName(Pattern.compile("^Steps of")));
    tab.send(LONG);
    tab.awaitWords();
    tab.button("Steps").click();
    steps.getByText("running").waitFor();
    assertThat(tab.writing().count()).isEqualTo(1);
    tab.button("Cancel task").click();
    tab.awaitAnswered();
    steps.getByText("failed").waitFor();

    page.getByText("Open the task").click();
    tab.button("Run again").click();
    page.getByText("Repeats an earlier task").waitFor();
    steps.getByText("running").waitFor();
    steps.getByText("tokens").waitFor();
    page.locator("main header").getByText("completed").waitFor();
  }

  @Test
  void a_whole_conversation_needs_no_pointer() {
    Page page = tab.page();
    page.keyboard().press("Control+k");
    page.getByRole(AriaRole.DIALOG).waitFor();
    page.keyboard().press("Escape");
    tab.field().focus();
    page.keyboard().type("@de");
    page.getByRole(AriaRole.LISTBOX).getByRole(AriaRole.OPTION).first().waitFor();
    page.keyboard().press("Enter");
    page.keyboard().type("explain");
    page.keyboard().press("Enter");
    tab.message(ANSWER).waitFor();
    tab.awaitAnswered();
    assertThat(tab.message(ANSWER).innerText()).contains("Debug");
    assertThat(tab.field().evaluate("field => field === document.activeElement")).isEqualTo(true);
  }

  @Test
  void messages_regions_and_screens_are_reached_by_keys() {
    Page page = tab.page();
    tab.send("Where am I?");
    tab.message(ANSWER).waitFor();
    tab.awaitAnswered();
    page.keyboard().press("Alt+ArrowUp");
    page.waitForCondition(() -> focused().contains(ANSWER));
    page.keyboard().press("Alt+ArrowUp");
    page.waitForCondition(() -> focused().contains("Where am I?") && !focused().contains(ANSWER));
    page.keyboard().press("F6");
    page.waitForCondition(
        () -> page.evaluate("!document.activeElement.closest('article')").equals(true));
    page.keyboard().press("Control+k");
    page.getByRole(AriaRole.DIALOG).waitFor();
    page.keyboard().type("usage");
    page.keyboard().press("Enter");
    page.getByRole(AriaRole.TABLE).waitFor();
    page.waitForCondition(() -> page.evaluate("document.activeElement.tagName").equals("H1"));
  }

  @Test
  void a_russian_browser_gets_russian_words_and_a_russian_answer() throws Exception {
    String token = service.token(UUID.randomUUID());
    try (Person other = browsers.person("ru-RU")) {
      Tab theirs = other.tab();
      theirs.open(service.address("/app/"));
      theirs.page().getByText("Вход в Artel").waitFor();
      theirs.signInByToken(token);
      theirs.firstProject("заказы");
      theirs.send("Почему ждали минуту?");
      theirs.message("Вы написали: Почему ждали минуту?").waitFor();
      assertThat(theirs.page().locator("html").getAttribute("lang")).isEqualTo("ru");
      assertThat(other.complaints()).isEmpty();
    }
  }

  @Test
  void no_screen_has_a_finding_of_axe_in_either_theme_or_language() throws IOException {
    tab.send("Look\n\n```java\nint x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |");
    tab.message(ANSWER).waitFor();
    tab.awaitAnswered();
    String project = "/app/p/" + tab.project();
    String chat = tab.page().url();
    String agent =
        service
            .get(ownersToken, "/my" + project.substring(4).replace("/p/", "/projects/") + "/agents")
            .get("agents")
            .get(0)
            .get("id")
            .asString();
    List<String> screens =
        List.of(
            chat.replaceFirst("^http://[^/]+", ""),
            project + "/chat",
            project + "/agents",
            project + "/agents/" + agent,
            project + "/agents/" + agent + "?tab=versions",
            project + "/agents/" + agent + "?tab=health",
            project + "/agents/new",
            project + "/usage",
            "/app/settings/account",
            "/app/settings/models",
            "/app/settings/look",
            "/app/settings/keys",
            "/app/search?q=look",
            "/app/nowhere");
    for (String look : List.of("light en", "dark ru")) {
      String[] words = look.split(" ");
      tab.page()
          .evaluate(
              "([theme, language]) => localStorage.setItem('artel.prefs', JSON.stringify({ theme, language }))",
              words);
      for (String screen : screens) {
        tab.open(service.address(screen));
        tab.page().locator("main h1").waitFor(attached());
        tab.page().waitForCondition(() -> tab.page().locator("main [class*=bone]").count() == 0);
        assertThat(tab.findings()).as("%s %s", look, screen).isEmpty();
      }
    }
    tab.page().evaluate("localStorage.removeItem('artel.prefs')");
  }

  private String focused() {
    return (String) tab.page().evaluate("document.activeElement.textContent");
  }

  /// The texts of the session's messages, as the service has them.
  private List<String> stored() {
    String path = "/my/projects/%s/chat/%s/messages".formatted(tab.project(), tab.session());
    return service
        .get(ownersToken, path)
        .get("messages")
        .valueStream()
        .map(message -> message.get("content").asString())
        .toList();
  }

  private static Locator.WaitForOptions attached() {
    return new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED);
  }
}
