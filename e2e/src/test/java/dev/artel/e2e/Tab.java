package dev.artel.e2e;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One tab that shows Artel.
final class Tab {
  private static final String AXE_RUN =
      """
      axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then(
        (found) => found.violations.map((v) =>
          v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary).join(" | ")))
      """;

  private final Page page;

  Tab(Page page) {
    this.page = page;
  }

  Page page() {
    return page;
  }

  void open(String address) {
    page.navigate(address);
    page.locator("#root > *").first().waitFor();
  }

  void signInByToken(String token) {
    page.locator("details summary").first().click();
    page.locator("input[type=password]").fill(token);
    page.locator("input[type=password]").press("Enter");
    page.locator("input[type=password]").waitFor(gone());
  }

  /// Enters the account's first project: the default one, or one that the form of an empty account
  /// makes.
  void firstProject(String name) {
    Locator form = page.getByLabel(Pattern.compile("Project name|Название проекта"));
    form.or(field()).first().waitFor();
    if (form.count() > 0) {
      form.fill(name);
      page.getByRole(
              AriaRole.BUTTON,
              new Page.GetByRoleOptions().setName(Pattern.compile("^(Create|Создать)$")))
          .click();
    }
    field().waitFor();
  }

  Locator field() {
    return page.locator("#composer textarea");
  }

  void send(String text) {
    field().fill(text);
    field().press("Enter");
  }

  /// The answer that is being written; its mark is the state beside the agent's name.
  Locator writing() {
    return page.locator("article[aria-busy]");
  }

  /// What has been written of it so far.
  String written() {
    return writing().locator("p").allTextContents().stream().reduce("", String::concat);
  }

  void awaitWords() {
    page.waitForCondition(() -> writing().count() == 1 && !written().isEmpty());
  }

  void awaitAnswered() {
    writing().waitFor(gone());
  }

  /// The strip below the bar that tells when the next try is.
  Locator lost() {
    return page.getByText(Pattern.compile("Next try in|Trying now"));
  }

  Locator message(String text) {
    return page.locator("article", new Page.LocatorOptions().setHasText(text));
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  String project() {
    return page.url().replaceFirst(".*/p/([^/#?]+).*", "$1");
  }

  String session() {
    page.waitForURL(Pattern.compile(".*/chat/[^/]+"));
    return page.url().replaceFirst(".*/chat/([^/#?]+).*", "$1");
  }

  /// Findings of WCAG 2.2 A and AA. Asked in a world of its own, which the page's policy leaves
  /// alone.
  List<String> findings() throws IOException {
    CDPSession tools = page.context().newCDPSession(page);
    var frame = new JsonObject();
    frame.add(
        "frameId",
        tools
            .send("Page.getFrameTree")
            .getAsJsonObject("frameTree")
            .getAsJsonObject("frame")
            .get("id"));
    var world = tools.send("Page.createIsolatedWorld", frame).get("executionContextId");
    var load = new JsonObject();
    load.addProperty("expression", Files.readString(Needs.axe()));
    load.add("contextId", world);
    tools.send("Runtime.evaluate", load);
    var run = new JsonObject();
    run.addProperty("expression", AXE_RUN);
    run.add("contextId", world);
    run.addProperty("awaitPromise", true);
    run.addProperty("returnByValue", true);
    JsonArray found =
        tools.send("Runtime.evaluate", run).getAsJsonObject("result").getAsJsonArray("value");
    tools.detach();
    var findings = new ArrayList<String>();
    found.forEach(finding -> findings.add(finding.getAsString()));
    return findings;
  }

  static Locator.WaitForOptions gone() {
    return new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED);
  }
}
