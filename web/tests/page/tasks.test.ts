import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expectAccessible, type Opened, open } from "./open";

let it: Opened;
beforeEach(async () => {
  it = await open();
  it.fake.world.wordMillis = 30;
  await it.page.goto(it.chat);
  await it.page.getByText("Two things follow").waitFor();
});
afterEach(async () => {
  expect(it.complaints).toEqual([]);
  await it.close();
});

const at = (path: string) => it.page.goto(`${it.fake.url}/app/p/${it.fake.sample.project.row.id}${path}`);
const send = async (text: string) => {
  await it.page.locator("#composer textarea").fill(text);
  await it.page.locator("#composer textarea").press("Enter");
};
const rows = () => it.fake.sample.project.tasks.rows;
const lastTask = () => rows()[0];
/** A message to an agent from elsewhere, as from another tab. */
const ask = (content: string, agent = 4) =>
  it.fake.world.post(it.fake.sample.project, it.fake.sample.session, {
    content,
    agent: it.fake.sample.project.agents[agent],
  });

describe("an answer's steps", () => {
  test("open below it, are followed while it grows, and stay open when it is stored", async () => {
    await send("And then?");
    const live = it.page.locator("article[aria-busy]");
    await live.getByRole("button", { name: "Steps" }).press("Enter");
    const steps = it.page.getByRole("list", { name: "Steps of the task of Ask" });
    await steps.getByText("running").waitFor();
    await expectAccessible(it.page);
    await live.waitFor({ state: "detached" });
    await steps.getByText("tokens").waitFor();
    await steps.getByRole("button").press("Enter");
    await it.page.getByText('"content": "What was asked"').waitFor();
    await expectAccessible(it.page);
    await it.page.getByRole("link", { name: "Open the task" }).click();
    await it.page.getByRole("heading", { name: "Task of Ask" }).waitFor();
  });

  test("tell why a task waits, also to a page that came later", async () => {
    await send("Are you busy?");
    const live = it.page.locator("article[aria-busy]");
    await live.getByText(/Tried again at .* because the model provider asks to wait/).waitFor();
    await it.page.evaluate(() => new Promise((done) => setTimeout(done, 0)));
    const message = it.fake.sample.session.messages.find(
      (m: { task_id: string }) => m.task_id === lastTask().id,
    );
    message.timestamp = new Date(Date.parse(message.timestamp) - 10_000).toISOString();
    await it.page.reload();
    await live.getByText(/Tried again at .* because the model provider asks to wait/).waitFor();
    await at(`/tasks/${lastTask().id}`);
    await it.page
      .locator("main")
      .getByText(/Tried again at/)
      .waitFor();
    await it.page.locator("main").getByText("429 Too Many Requests").waitFor();
    await expectAccessible(it.page);
  });

  test("of a failed message are beside it, with the cause", async () => {
    await send("Please fail");
    await it.page.getByText("No answer").waitFor();
    await it.page.getByRole("button", { name: "Steps" }).last().click();
    await it.page.getByText("The model failed.").waitFor();
    await it.page.getByText("failed", { exact: true }).first().waitFor();
  });
});

describe("a task", () => {
  test("is seen from its queue to its end, is cancelled and run again", async () => {
    it.fake.world.reply = () => "word ".repeat(2000);
    await at("/tasks");
    await it.page.getByRole("table", { name: "Queues" }).waitFor();
    ask("Do it");
    const now = it.page.locator("main li", { hasText: "Code" });
    await now.getByText("model openai/gpt-4.1").waitFor();
    await now.getByText("working").waitFor();
    await now.getByRole("link", { name: /openai/ }).click();
    await it.page.getByRole("heading", { name: "Task of Code" }).waitFor();
    await it.page.getByRole("button", { name: "Cancel task" }).click();
    await it.page.locator("main").getByText("cancelled", { exact: true }).waitFor();
    await it.page.getByRole("button", { name: "Run again" }).click();
    await it.page.getByText("Repeats an earlier task").waitFor();
    await it.page.locator("main header").getByText("running").waitFor();
    expect(lastTask().retry_of).toBe(rows()[1].id);
    lastTask();
    await it.page.getByRole("button", { name: "Cancel task" }).click();
    await it.page.locator("main").getByText("cancelled", { exact: true }).waitFor();
  });

  test("that ended meanwhile cannot be cancelled, and the page shows how it stands", async () => {
    it.fake.world.reply = () => "word ".repeat(2000);
    ask("Do it");
    await at(`/tasks/${lastTask().id}`);
    const button = it.page.getByRole("button", { name: "Cancel task" });
    await button.waitFor();
    Object.assign(lastTask(), { status: "completed", completed_at: new Date().toISOString() });
    await button.click();
    await it.page.getByText("The task has ended already.").waitFor();
    await it.page.locator("main").getByText("completed").first().waitFor();
  });

  test("that is gone says so", async () => {
    await at("/tasks/0198c0de-0000-7000-8000-000000000001");
    await it.page.getByText("This task is gone.").waitFor();
    await expectAccessible(it.page);
  });

  test("is found by state and agent, and the filter is part of the address", async () => {
    await at("/tasks");
    const list = it.page.getByRole("complementary", { name: "Tasks" });
    await list.getByLabel("Agent").selectOption({ label: "Debug" });
    await it.page.waitForURL(/agent=/);
    await expect.poll(() => list.getByRole("link").count()).toBe(1);
    await list.getByLabel("State").selectOption("failed");
    await list.getByText("No task matches the filter.").waitFor();
    await expectAccessible(it.page);
    await it.page.reload();
    await list.getByText("No task matches the filter.").waitFor();
  });
});

describe("an agent", () => {
  const code = () => it.fake.sample.project.agents[4];

  test("shows what it does now, what waits and what it did", async () => {
    it.fake.world.reply = () => "word ".repeat(2000);
    ask("First");
    ask("Second");
    await at(`/agents/${code().id}?tab=work`);
    await it.page.getByRole("link", { name: /openai\/gpt-4.1/ }).waitFor();
    await it.page.getByText("Number 1 in the queue").waitFor();
    await expectAccessible(it.page);
  });

  test("shows its last check, its sums and its history by day and by hour", async () => {
    code().status = code().state = "error";
    code().last_error = "The model endpoint refuses the connection";
    await at(`/agents/${code().id}?tab=health`);
    await it.page.getByText("Next attempt to recover").waitFor();
    await it.page.getByRole("table", { name: "Tasks that ended" }).waitFor();
    await it.page.getByLabel("By hour").check();
    await it.page.getByRole("table", { name: "Tasks that ended" }).waitFor();
    await expectAccessible(it.page);
  });

  test("with a full queue says what that means", async () => {
    code().crowd = 100;
    await at("/tasks");
    await it.page.getByText("The queue is full: new messages are refused").waitFor();
    await expectAccessible(it.page);
  });
});

test("queues that cannot be loaded are named in place, with a way on", async () => {
  it.fake.state.broken = /\/queues/;
  await at("/tasks");
  await it.page.getByText("Something broke on the server.").waitFor({ timeout: 20_000 });
  it.fake.state.broken = null;
  await it.page.getByRole("button", { name: "Retry" }).click();
  await it.page.getByRole("table", { name: "Queues" }).waitFor();
});
