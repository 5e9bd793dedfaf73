import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { chromiumArgs, chromiumPath } from "../chromium";
import { start } from "../fake/server.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Fake = Awaited<ReturnType<typeof start>>;

export interface Opened {
  fake: Fake;
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** What the page complained about: errors, and refusals of the content policy. */
  complaints: string[];
  chat: string;
  close(): Promise<void>;
}

interface Options {
  language?: "en" | "ru";
  theme?: "light" | "dark";
  width?: number;
  empty?: boolean;
}

/** The built page, signed in by the one-time link, in a real browser against the server in memory. */
export async function open({
  language = "en",
  theme = "light",
  width = 1280,
  empty = false,
}: Options = {}): Promise<Opened> {
  const fake = await start({ language, empty });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArgs });
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    locale: language === "ru" ? "ru-RU" : "en-US",
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const complaints: string[] = [];
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  listen(page, complaints);
  await page.goto(`${fake.url}/app/#code=${"x".repeat(43)}`);
  await page.locator("#root > *").first().waitFor();
  const chat = empty
    ? ""
    : `${fake.url}/app/p/${fake.sample.project.row.id}/chat/${fake.sample.session.row.id}`;
  return {
    fake,
    browser,
    context,
    page,
    complaints,
    chat,
    close: async () => {
      await browser.close();
      await fake.close();
    },
  };
}

export function listen(page: Page, complaints: string[]) {
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    // A refused or failed request is what several tests are about; the browser prints each of them.
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) complaints.push(text);
  });
}

/** No finding of WCAG 2.2 A and AA. Run in a world of its own, which the page's policy does not bind. */
export async function expectAccessible(page: Page) {
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send("Page.getFrameTree");
  const { executionContextId } = await client.send("Page.createIsolatedWorld", {
    frameId: frameTree.frame.id,
  });
  await client.send("Runtime.evaluate", { expression: axeSource, contextId: executionContextId });
  const { result } = await client.send("Runtime.evaluate", {
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
    expression: `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then((found) =>
      found.violations.map((v) => v.id + ": " + v.nodes.slice(0, 4).map((n) => n.target.join(" ") + " " + n.failureSummary).join(" | ")))`,
  });
  expect(result.value).toEqual([]);
}
