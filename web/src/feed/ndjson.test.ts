import { expect, test } from "vitest";
import { accepts } from "../../tests/accepts";
import { backoffMillis } from "./backoff";
import { LineCutter, readLines } from "./ndjson";

const lines = ['{"a":"привет, мир"}', '{"b":"😀 € \\n"}', '{"c":1}'];
const bytes = new TextEncoder().encode(`${lines.join("\n")}\n`);

test("a stream cut at every pair of byte borders gives the same lines", () => {
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second += 3) {
      const cutter = new LineCutter();
      const got = [bytes.slice(0, first), bytes.slice(first, second), bytes.slice(second)].flatMap((part) =>
        cutter.push(part),
      );
      expect(got).toEqual(lines);
    }
  }
});

test(`fetch and getReader survive one byte at a time and can be aborted ${accepts("S12.1.3")}`, async () => {
  const got: string[] = [];
  let chunks = 0;
  await readLines(
    new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    }),
    () => chunks++,
    (line) => got.push(line),
  );
  expect(got).toEqual(lines);
  expect(chunks).toBe(bytes.length);

  const abort = new AbortController();
  const endless = new ReadableStream<Uint8Array>({
    start(controller) {
      abort.signal.addEventListener("abort", () => controller.error(abort.signal.reason));
    },
  });
  const reading = readLines(
    endless,
    () => {},
    () => {},
  );
  abort.abort();
  await expect(reading).rejects.toThrow();
});

test("an unfinished last line is not an event", () => {
  const cutter = new LineCutter();
  expect(cutter.push(new TextEncoder().encode('{"a":1}\n{"b'))).toEqual(['{"a":1}']);
});

test("the wait doubles from one second to thirty, with jitter of a half", () => {
  expect([1, 2, 3, 6, 60].map((n) => backoffMillis(n, () => 1))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
  expect(backoffMillis(3, () => 0)).toBe(2000);
});
