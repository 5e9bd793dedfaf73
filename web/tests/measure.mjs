// The budgets that need a running page: prints numbers, asserts nothing. Runs on `dist` against the server in memory.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { start } from "./fake/server.mjs";

const path = [process.env.ARTEL_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (name) => name && existsSync(name),
);
if (!path) throw new Error("No Chromium found: install it or set ARTEL_CHROMIUM");

const runs = Number(process.argv[2] ?? 3);
const messages = 5000;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value, digits = 1) => Number(value.toFixed(digits));

async function measured() {
  const fake = await start();
  const browser = await chromium.launch({
    executablePath: path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-precise-memory-info"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const tools = await page.context().newCDPSession(page);
  await tools.send("Performance.enable");
  const metric = async (name) =>
    (await tools.send("Performance.getMetrics")).metrics.find((one) => one.name === name).value;
  /** The share of one core that the page's main thread takes over some seconds. */
  const busy = async (seconds) => {
    const [work, time] = [await metric("TaskDuration"), performance.now()];
    await page.waitForTimeout(seconds * 1000);
    return (((await metric("TaskDuration")) - work) / ((performance.now() - time) / 1000)) * 100;
  };
  const { project, session } = fake.sample;
  const found = {};
  try {
    await page.goto(`${fake.url}/app/#code=${"x".repeat(43)}`);
    await page.locator("#composer").waitFor();
    const chat = `${fake.url}/app/p/${project.row.id}/chat/${session.row.id}`;
    await page.goto(chat);
    await page.locator("article").first().waitFor();
    found.paint = await page.evaluate(
      () =>
        new Promise((done) =>
          new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime)).observe({
            type: "largest-contentful-paint",
            buffered: true,
          }),
        ),
    );
    await page.waitForTimeout(2000);
    found.idle = await busy(8);

    const field = page.locator("#composer textarea");
    const speed = async (wordMillis, words) => {
      fake.world.wordMillis = wordMillis;
      fake.world.reply = () => "word ".repeat(words);
      await field.fill("Go on");
      await field.press("Enter");
      await page.locator("article[aria-busy] p").waitFor();
    };
    await speed(10, 1500);
    found.streaming = await busy(5);
    await page.evaluate(() => {
      window.frames100 = [];
      document.addEventListener("keydown", () => {
        const began = performance.now();
        requestAnimationFrame(() => setTimeout(() => window.frames100.push(performance.now() - began)));
      });
    });
    await field.focus();
    for (let key = 0; key < 60; key++) {
      await page.keyboard.press("a");
      await page.waitForTimeout(40);
    }
    const frames = (await page.evaluate(() => window.frames100)).toSorted((a, b) => a - b);
    found.key = frames[Math.floor(frames.length * 0.95)];
    await field.press("Escape");
    await page.locator("article[aria-busy]").waitFor({ state: "detached" });

    const pair = session.messages.filter((one) => !one.superseded_by).slice(0, 2);
    session.messages = Array.from({ length: messages / 2 }, (_, index) => {
      const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
      const user = { ...pair[0], id: crypto.randomUUID(), timestamp: at };
      return [user, { ...pair[1], id: crypto.randomUUID(), user_message_id: user.id, timestamp: at }];
    }).flat();
    await page.goto(chat);
    await page.locator("article").first().waitFor();
    const log = page.locator("[role=log]");
    const size = () => log.evaluate((node) => node.scrollHeight);
    for (let before = 0, same = 0; same < 4; ) {
      await log.evaluate((node) => node.scrollTo(0, 0));
      await page.waitForTimeout(120);
      const now = await size();
      same = now === before ? same + 1 : 0;
      before = now;
    }
    found.loaded = Number(await page.locator("[aria-setsize]").first().getAttribute("aria-setsize"));
    const scrolled = await log.evaluate(
      (node) =>
        new Promise((done) => {
          const times = [];
          let long = 0;
          new PerformanceObserver((list) => {
            long += list.getEntries().length;
          }).observe({ type: "longtask" });
          let last = performance.now();
          const step = (now) => {
            times.push(now - last);
            last = now;
            node.scrollTop += 140;
            if (times.length < 400) requestAnimationFrame(step);
            else done({ times: times.slice(5), long, nodes: document.querySelectorAll("*").length });
          };
          requestAnimationFrame(step);
        }),
    );
    const times = scrolled.times.toSorted((a, b) => a - b);
    found.scroll95 = times[Math.floor(times.length * 0.95)];
    found.scroll99 = times[Math.floor(times.length * 0.99)];
    found.longTasks = scrolled.long;
    found.nodes = scrolled.nodes;
    await tools.send("HeapProfiler.collectGarbage");
    found.heap = (await metric("JSHeapUsedSize")) / 1024 / 1024;
  } finally {
    await browser.close();
    await fake.close();
  }
  return found;
}

const all = [];
for (let run = 0; run < runs; run++) all.push(await measured());
const of = (name) => round(median(all.map((one) => one[name])));
console.log(`median of ${runs}, Chromium, the built page against the server in memory
  largest paint                          ${of("paint")} ms  (budget 1000)
  idle                                   ${round(median(all.map((one) => one.idle)), 2)} % of a core  (1)
  100 words a second                     ${of("streaming")} % of a core  (20)
  key to next frame while streaming p95  ${of("key")} ms  (50)
  ${of("loaded")} messages, scrolling p95 / p99  ${of("scroll95")} / ${of("scroll99")} ms  (22 / 34)
  long tasks while scrolling             ${of("longTasks")}  (0)
  DOM nodes / heap                       ${of("nodes")} / ${of("heap")} MB  (2000 / 60)`);
