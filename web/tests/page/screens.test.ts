import { afterEach, describe, expect, test } from "vitest";
import { expectAccessible, type Opened, open } from "./open";

let it: Opened;
afterEach(async () => {
  expect(it.complaints).toEqual([]);
  await it.close();
});

const places = (project: string, agent: string, task: string) => [
  ["chat", `/p/${project}/chat`],
  ["agents", `/p/${project}/agents`],
  ["agent", `/p/${project}/agents/${agent}`],
  ["versions", `/p/${project}/agents/${agent}?tab=versions`],
  ["work", `/p/${project}/agents/${agent}?tab=work`],
  ["health", `/p/${project}/agents/${agent}?tab=health`],
  ["tasks", `/p/${project}/tasks`],
  ["task", `/p/${project}/tasks/${task}`],
  ["new agent", `/p/${project}/agents/new`],
  ["usage", `/p/${project}/usage?by=agent`],
  ["account", "/settings/account"],
  ["models", "/settings/models"],
  ["look", "/settings/look"],
  ["keys", "/settings/keys"],
  ["search", "/search?q=retry"],
  ["nowhere", "/nowhere"],
];

describe.each([
  { language: "en", theme: "light", width: 1440 },
  { language: "ru", theme: "dark", width: 1440 },
  { language: "ru", theme: "light", width: 900 },
  { language: "en", theme: "dark", width: 390 },
  { language: "ru", theme: "light", width: 320 },
] as const)("every screen, $language $theme $width", (options) => {
  test("has no finding of axe, one h1, and never scrolls sideways", async () => {
    it = await open(options);
    const { project } = it.fake.sample;
    await it.page.goto(it.chat);
    await it.page.locator("article").first().waitFor();
    await expectAccessible(it.page);
    for (const [name, path] of places(project.row.id, project.agents[4].id, project.tasks.rows[0].id)) {
      await it.page.goto(`${it.fake.url}/app${path}`);
      await it.page.locator("main h1").waitFor({ state: "attached" });
      await it.page.waitForFunction(() => !document.querySelector("main [class*=bone]"));
      expect(await it.page.locator("h1").count(), name).toBe(1);
      const wide = await it.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, name).toBeLessThanOrEqual(0);
      await expectAccessible(it.page);
    }
  }, 120_000);
});

describe("the other states", () => {
  test("no project yet: one form, and the first project opens", async () => {
    it = await open({ empty: true });
    await it.page.getByRole("heading", { name: "Start with a project" }).waitFor();
    await expectAccessible(it.page);
    await it.page.getByLabel("Project name").fill("First");
    await it.page.getByRole("button", { name: "Create" }).click();
    await it.page.getByText("What should the team look at?").waitFor();
  });

  test("a server that breaks is named in place, with a way on and the request's number", async () => {
    it = await open();
    it.fake.state.broken = /\/usage/;
    await it.page.goto(`${it.fake.url}/app/p/${it.fake.sample.project.row.id}/usage`);
    await it.page.getByText("Something broke on the server.").waitFor();
    await it.page.getByText("Details").click();
    await it.page.getByText("req-1").waitFor();
    await expectAccessible(it.page);
    it.fake.state.broken = null;
    await it.page.getByRole("button", { name: "Retry" }).click();
    await it.page.getByRole("table").waitFor();
  });

  test("without the list of projects bar and rail still lead on, and the list is asked for again", async () => {
    it = await open();
    it.fake.state.broken = /^\/my\/projects\/?$/;
    await it.page.goto(it.chat);
    await it.page.locator("article").first().waitFor();
    await it.page.getByRole("link", { name: "Usage" }).click();
    await it.page.getByRole("heading", { name: "Usage", level: 2 }).waitFor();
    await it.page.goto(`${it.fake.url}/app/settings/look`);
    await it.page.getByRole("link", { name: "Chat" }).waitFor();
    await it.page.getByText("Rows", { exact: true }).waitFor();
    await it.page.getByRole("button", { name: /Projects/ }).click();
    const again = it.page.getByRole("menuitem", { name: "Load the list again" });
    await again.waitFor();
    it.fake.state.broken = null;
    await again.click();
    await it.page.getByRole("button", { name: /orders-service/ }).waitFor();
  });

  test("a found message reads as text", async () => {
    it = await open();
    await it.page.goto(`${it.fake.url}/app/search?q=retry`);
    const hit = it.page.locator("[data-keylist] li").first();
    await hit.waitFor();
    expect(await hit.textContent()).not.toMatch(/[`*]/);
  });

  test("signed out: the page says how to get in, and lets a person in by token", async () => {
    it = await open();
    it.fake.state.signedIn = false;
    await it.page.reload();
    await it.page.getByRole("heading", { name: "Sign in to Artel" }).waitFor();
    await expectAccessible(it.page);
    await it.page.getByText("Sign in with an access token").click();
    await it.page.getByLabel("Access token").fill("wrong");
    await it.page.getByRole("button", { name: "Sign in" }).click();
    await it.page.getByText("The server does not accept this token.").waitFor();
    await it.page.getByLabel("Access token").fill("fake-token");
    await it.page.getByRole("button", { name: "Sign in" }).click();
    await it.page.locator("#composer").waitFor();
  });

  test("the one-time code is gone from the address, and nothing secret is stored", async () => {
    it = await open();
    await it.page.locator("#composer").waitFor();
    expect(it.page.url()).not.toContain("xxx");
    const stored = await it.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain("fake-token");
  });

  test("an agent saved in two places shows what differs instead of losing one", async () => {
    it = await open();
    const { project } = it.fake.sample;
    const agent = project.agents[2];
    await it.page.goto(`${it.fake.url}/app/p/${project.row.id}/agents/${agent.id}`);
    const prompt = it.page.getByLabel("How it works");
    await prompt.fill("Mine.");
    it.fake.world.changeAgent(project, agent, agent.name, { ...agent.config, system_prompt: "Theirs." });
    await it.page.getByRole("button", { name: "Save" }).click();
    await it.page.getByRole("heading", { name: "Changed meanwhile" }).waitFor();
    await expectAccessible(it.page);
    await it.page.getByRole("button", { name: "Save mine over it" }).click();
    await it.page.getByText("Ask is saved").waitFor();
    expect(agent.config.system_prompt).toBe("Mine.");
    expect(agent.versions).toHaveLength(3);
  });

  test("everything is reached by the keyboard: palette, keys, regions", async () => {
    it = await open();
    await it.page.goto(it.chat);
    await it.page.locator("article").first().waitFor();
    await it.page.keyboard.press("Control+k");
    await it.page.getByRole("dialog", { name: "Commands" }).waitFor();
    await it.page.keyboard.type("usage");
    await it.page.keyboard.press("Enter");
    await it.page.getByRole("heading", { name: "Usage", level: 2 }).waitFor();
    expect(await it.page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    await it.page.keyboard.press("?");
    await it.page.getByRole("heading", { name: "Keys" }).waitFor();
    await expectAccessible(it.page);
    await it.page.keyboard.press("Escape");
    await it.page.keyboard.press("F6");
    expect(
      await it.page.evaluate(() => document.activeElement?.closest("[data-region]")?.tagName),
    ).toBeTruthy();
  });
});
