import { expect, test } from "vitest";
import type { Message } from "../api";
import { completionAt, insertMention } from "./completion";
import { thread } from "./turns";

let clock = 0;
function message(id: string, more: Partial<Message> = {}): Message {
  clock++;
  return {
    id,
    role: "user",
    content: id,
    agent_id: null,
    agent_name: null,
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, clock)).toISOString(),
    payload: null,
    mode: null,
    task_id: null,
    status: "done",
    error: null,
    error_type: null,
    target_agent: null,
    user_message_id: null,
    edited_from: null,
    superseded_by: null,
    provider: null,
    model: null,
    demo: false,
    usage: null,
    latency: null,
    context_used: null,
    finish_reason: null,
    ...more,
  };
}
const answer = (id: string, to: string, more: Partial<Message> = {}) =>
  message(id, { role: "assistant", user_message_id: to, ...more });

const line = (rows: Message[], choices = {}) =>
  thread(rows, choices).turns.map(
    (turn) => `${turn.user?.id ?? "-"}:${turn.answers.map((a) => a.id).join("+")}`,
  );

const edited = [
  message("q1"),
  answer("a1", "q1"),
  message("q2", { superseded_by: "q2b" }),
  answer("a2", "q2", { superseded_by: "q2b" }),
  message("q3", { superseded_by: "q2b" }),
  answer("a3", "q3", { superseded_by: "q2b" }),
  message("q2b", { edited_from: "q2" }),
  answer("a2b", "q2b"),
];

test("the newest wording is read; an earlier one brings back what followed it", () => {
  expect(line(edited)).toEqual(["q1:a1", "q2b:a2b"]);
  expect(line(edited, { q2: "q2" })).toEqual(["q1:a1", "q2:a2", "q3:a3"]);
  expect(thread(edited, { q2: "q2" }).earlier).toBe(true);
  expect(thread(edited, {}).turns[1]?.wordings.map((m) => m.id)).toEqual(["q2", "q2b"]);
});

test("a wording edited twice has three versions, each with its own continuation", () => {
  const rows = [
    message("q", { superseded_by: "r" }),
    answer("a", "q", { superseded_by: "r" }),
    message("r", { edited_from: "q", superseded_by: "s" }),
    answer("b", "r", { superseded_by: "s" }),
    message("s", { edited_from: "r" }),
    answer("c", "s"),
  ];
  expect(line(rows)).toEqual(["s:c"]);
  expect(line(rows, { q: "q" })).toEqual(["q:a"]);
  expect(line(rows, { q: "r" })).toEqual(["r:b"]);
  expect(thread(rows, {}).turns[0]?.wordings).toHaveLength(3);
});

test("an answer given anew stays with its question, oldest first", () => {
  expect(
    line([message("q"), answer("a", "q", { superseded_by: "b" }), message("q2"), answer("b", "q")]),
  ).toEqual(["q:a+b", "q2:"]);
});

test("what waits behind a running answer is a queue, the first of an idle session is a turn", () => {
  const running = [message("q", { status: "processing" }), message("w", { status: "queued" })];
  expect(thread(running, {}).queue.map((m) => m.id)).toEqual(["w"]);
  expect(thread([message("w", { status: "queued" })], {}).queue).toEqual([]);
});

test("an answer whose question is not loaded, and a line of the system, keep their places", () => {
  const rows = [answer("a0", "gone"), message("q"), answer("a", "q"), message("sys", { role: "system" })];
  expect(thread(rows, {}).turns.map((turn) => turn.key)).toEqual(["a0", "q", "sys"]);
});

test("@ completes at the start of a word, / only at the start of the text", () => {
  expect(completionAt("ask @de", 7)).toEqual({ kind: "agent", start: 4, query: "de" });
  expect(completionAt("mail@de", 7)).toBeNull();
  expect(completionAt("/re", 3)).toEqual({ kind: "command", start: 0, query: "re" });
  expect(completionAt("a /re", 5)).toBeNull();
  expect(insertMention("ask @de now", { kind: "agent", start: 4, query: "de" }, 7, "Debug")).toEqual({
    text: "ask @Debug now",
    caret: 11,
  });
});
