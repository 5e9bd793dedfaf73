import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expectAccessible, listen, type Opened, open } from "./open";

let it: Opened;
beforeEach(async () => {
  it = await open();
  it.fake.world.wordMillis = 5;
  await it.page.goto(it.chat);
  await it.page.getByText("Two things follow").waitFor();
});
afterEach(async () => {
  expect(it.complaints).toEqual([]);
  await it.close();
});

const field = () => it.page.locator("#composer textarea");
const answers = () => it.page.locator("article", { hasText: "The rule is in" });

describe("a conversation", () => {
  test("goes out with Enter, is answered live, and ends as one stored answer", async () => {
    await field().fill("And then?");
    await field().press("Enter");
    await it.page.getByText("Writing", { exact: true }).waitFor();
    expect(await field().inputValue()).toBe("");
    expect(await field().evaluate((node) => node === document.activeElement)).toBe(true);
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    expect(await answers().count()).toBe(2);
    await it.page.locator("[role=status]", { hasText: /Answer ready/ }).waitFor({ state: "attached" });
  });

  test("survives a reload in the middle of an answer", async () => {
    it.fake.world.wordMillis = 20;
    await field().fill("And then?");
    await field().press("Enter");
    await it.page.getByText("Writing", { exact: true }).waitFor();
    await it.page.reload();
    await it.page.getByText("Writing", { exact: true }).waitFor();
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    const stored = it.fake.sample.session.messages.filter((m: { role: string }) => m.role === "assistant");
    expect(stored).toHaveLength(3);
    const shown = await it.page.locator("article").last().textContent();
    expect(shown).toContain("The delay comes from");
    expect(shown).toContain("The rule is in RFC 9110.");
    expect(shown?.split("The delay comes from")).toHaveLength(2);
  });

  test("is the same in two tabs, over one connection", async () => {
    const second = await it.context.newPage();
    listen(second, it.complaints);
    await second.goto(it.chat);
    await second.getByText("Two things follow").waitFor();
    await field().fill("Hello from the first tab");
    await field().press("Enter");
    await second.locator("article", { hasText: "Hello from the first tab" }).waitFor();
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    await second.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    expect(it.fake.sample.project.readers.size).toBe(1);
    // The reader's tab closes; the other takes over and misses nothing.
    await it.page.close();
    await second.locator("#composer textarea").fill("And from the second");
    await second.locator("#composer textarea").press("Enter");
    await second.locator("article", { hasText: "And from the second" }).waitFor();
    await second.getByText("Writing", { exact: true }).waitFor();
    await second.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    expect(it.fake.sample.project.readers.size).toBe(1);
  });

  test("loses the connection without moving a line", async () => {
    const lines = () =>
      it.page
        .locator("article")
        .evaluateAll((articles) => articles.map((article) => article.getBoundingClientRect().top));
    const before = await lines();
    it.fake.cut(true);
    await it.page.getByText(/Next try in|Trying now/).waitFor();
    expect(await lines()).toEqual(before);
  });

  test("keeps what is written while the connection is away, and sends it once when it is back", async () => {
    it.fake.cut(true);
    await it.page.getByText(/Next try in|Trying now/).waitFor();
    await field().fill("Written in the dark");
    await field().press("Enter");
    await it.page.getByText("Not sent yet.").waitFor();
    it.fake.cut(false);
    await it.page.getByRole("button", { name: "Try now" }).click();
    await it.page.getByText(/Next try in|Trying now/).waitFor({ state: "detached" });
    await it.page.getByText("Writing", { exact: true }).waitFor();
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    const same = it.fake.sample.session.messages.filter(
      (m: { content: string }) => m.content === "Written in the dark",
    );
    expect(same).toHaveLength(1);
    expect(await it.page.locator("article", { hasText: "Written in the dark" }).count()).toBe(1);
  });

  test("stops with Escape and keeps the text", async () => {
    it.fake.world.wordMillis = 40;
    await field().fill("A long story");
    await field().press("Enter");
    await it.page.locator("article[aria-busy]", { hasText: "The delay" }).waitFor();
    await field().press("Escape");
    await it.page.getByText("Stopped by you").waitFor();
    expect(it.fake.sample.session.messages.at(-1).finish_reason).toBe("cancelled");
  });

  test("queues behind a running answer; what waits can be dropped", async () => {
    it.fake.world.wordMillis = 60;
    for (const text of ["First", "Second", "Third"]) {
      await field().fill(text);
      await field().press("Enter");
    }
    await it.page.getByText("2 messages wait").first().waitFor();
    await it.page
      .getByRole("listitem")
      .filter({ hasText: "Second" })
      .getByRole("button", { name: "Drop" })
      .click();
    await it.page.getByText("1 message waits").first().waitFor();
    await expectAccessible(it.page);
  });

  test("keeps both wordings of an edited question", async () => {
    const asked = it.page.locator("article", { hasText: "is the jitter the same" });
    await asked.hover();
    await asked.getByRole("button", { name: "Edit and send again" }).click();
    expect(await field().inputValue()).toBe("@Debug is the jitter the same for both?");
    await field().fill("Only for the cap?");
    await field().press("Enter");
    const fresh = it.page.locator("article", { hasText: "Only for the cap?" });
    await fresh.getByText("2/2").waitFor();
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    await fresh.getByRole("button", { name: "Previous version" }).click();
    await it.page.getByText("is the jitter the same").waitFor();
    await it.page.getByText("come back in step").waitFor();
  });

  test("addresses an agent by @ and by the list of targets", async () => {
    await field().pressSequentially("@de");
    await it.page.getByRole("listbox").getByRole("option", { name: /Debug/ }).waitFor();
    await field().press("Enter");
    expect(await field().inputValue()).toBe("@Debug ");
    await field().fill("");
    await it.page.getByRole("combobox", { name: "To" }).selectOption({ label: "Architect" });
    await field().fill("Draw it");
    await field().press("Enter");
    await it.page.locator("article[aria-busy]", { hasText: "Architect" }).waitFor();
  });

  test("an unknown agent is refused in place, with the likely names, and nothing is lost", async () => {
    await field().fill("@Nobody hello");
    await field().press("Enter");
    await it.page.getByText("There is no agent “Nobody”. Did you mean @Ask, @Debug?").waitFor();
    await it.page.getByRole("button", { name: "Back to the field" }).click();
    expect(await field().inputValue()).toBe("@Nobody hello");
  });

  test("never moves what is being read while an answer grows", async () => {
    await field().fill("Long one");
    await field().press("Enter");
    await it.page.getByText("Writing", { exact: true }).waitFor();
    const top = () => it.page.locator("[role=log]").evaluate((node) => node.scrollTop);
    const before = await top();
    await it.page.getByText("Writing", { exact: true }).waitFor({ state: "detached" });
    expect(await top()).toBe(before);
    const question = await it.page.locator("article", { hasText: "Long one" }).boundingBox();
    expect(question!.y).toBeLessThan(80);
  });

  test("deletes at once and takes it back within the time to undo", async () => {
    const row = it.page.getByRole("listitem").filter({ hasText: "Build setup" });
    await row.hover();
    await row.getByRole("button", { name: /Acts on/ }).click();
    await it.page.getByRole("menuitem", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await it.page.getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
    expect(it.fake.sample.project.sessions.size).toBe(5);
  });
});
