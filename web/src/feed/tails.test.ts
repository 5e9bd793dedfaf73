import { expect, test } from "vitest";
import type { DeltaPayload } from "./patches";
import { Tails } from "./tails";

function delta(offset: number, text: string, more: Partial<DeltaPayload> = {}) {
  const payload: DeltaPayload = {
    message_id: "m",
    user_message_id: "u",
    task_id: "t",
    agent_id: "a",
    agent_name: "Ask",
    attempt: 1,
    kind: "text",
    offset,
    text,
    snapshot: false,
    ...more,
  };
  return { what: "delta" as const, session: "s", delta: payload };
}

function make() {
  const gaps: string[] = [];
  const flushes: (() => void)[] = [];
  const tails = new Tails(
    (tail) => gaps.push(tail.messageId),
    (flush) => flushes.push(flush),
    () => 0,
  );
  return { tails, gaps, flushes };
}

test("pieces join by offset; old ones change nothing, overlaps add only their end", () => {
  const { tails, gaps } = make();
  tails.apply(delta(0, "Hello"));
  tails.apply(delta(5, ", wor"));
  tails.apply(delta(5, ", wor"));
  tails.apply(delta(8, "orld"));
  tails.apply(delta(0, "He"));
  expect(tails.get("m")?.text).toBe("Hello, world");
  expect(gaps).toEqual([]);
});

test("a hole asks for the text and goes on from what was loaded", () => {
  const { tails, gaps } = make();
  tails.apply(delta(0, "abc"));
  tails.apply(delta(6, "ghi"));
  expect(gaps).toEqual(["m"]);
  expect(tails.get("m")?.text).toBe("abc");
  tails.fill("m", "abcdefghi");
  tails.apply(delta(9, "j"));
  expect(tails.get("m")?.text).toBe("abcdefghij");
});

test("a snapshot replaces, a higher attempt begins anew, a lower one is ignored", () => {
  const { tails } = make();
  tails.apply(delta(0, "first try"));
  tails.apply(delta(0, "Sec", { attempt: 2 }));
  tails.apply(delta(9, " more", { attempt: 1 }));
  tails.apply(delta(0, "Second", { attempt: 2, snapshot: true }));
  expect(tails.get("m")?.text).toBe("Second");
});

test("thinking and text are counted apart", () => {
  const { tails } = make();
  tails.apply(delta(0, "hmm", { kind: "thinking" }));
  tails.apply(delta(0, "Yes"));
  tails.apply(delta(3, " so", { kind: "thinking" }));
  expect(tails.get("m")).toMatchObject({ text: "Yes", thinking: "hmm so" });
});

test("a finished answer never comes back, whatever arrives late", () => {
  const { tails } = make();
  tails.apply(delta(0, "abc"));
  tails.apply({ what: "end", session: "s", message: "m", userMessage: "u" });
  tails.apply(delta(3, "def"));
  tails.seed("s", [
    { message_id: "m", user_message_id: "u", task_id: "t", agent_id: "a", agent_name: "Ask", content: "abc" },
  ]);
  expect(tails.get("m")).toBeUndefined();
  expect(tails.running("s")).toEqual([]);
});

test("a snapshot over REST meets the stream without loss or repetition", () => {
  const { tails } = make();
  tails.seed("s", [
    {
      message_id: "m",
      user_message_id: "u",
      task_id: "t",
      agent_id: "a",
      agent_name: "Ask",
      content: "abcdef",
    },
  ]);
  tails.apply(delta(4, "efgh", { attempt: 3 }));
  expect(tails.get("m")).toMatchObject({ text: "abcdefgh", attempt: 3 });
});

test("one paint for many pieces, and only for those who listen to that answer", () => {
  const { tails, flushes } = make();
  let mine = 0;
  let other = 0;
  tails.subscribe("m", () => mine++);
  tails.subscribe("x", () => other++);
  for (let at = 0; at < 50; at++) tails.apply(delta(at, "x"));
  expect(flushes).toHaveLength(1);
  flushes[0]?.();
  expect([mine, other]).toEqual([1, 0]);
});
