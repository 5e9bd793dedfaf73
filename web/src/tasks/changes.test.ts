import { QueryClient } from "@tanstack/react-query";
import { describe, expect, test } from "vitest";
import type { Task, TaskStep } from "../api";
import type { WorkEvent } from "../feed";
import { spentOn } from "./changes";
import { WorkCache, workKeys } from "./workCache";

const P = "p";
const T = "t";
let number = 0;

function event<K extends WorkEvent["event_type"]>(
  event_type: K,
  payload: Partial<Extract<WorkEvent, { event_type: K }>["payload"]>,
): WorkEvent {
  number++;
  return {
    event_id: `e${number}`,
    event_type,
    payload: { task_id: T, agent_id: "a", ...payload },
    timestamp: `2026-01-01T00:00:${String(number).padStart(2, "0")}Z`,
    session_id: "s",
    project_id: P,
    seq: number,
    project_seq: number,
  } as unknown as WorkEvent;
}

/** A task that the provider sends away once, and that is answered the second time. */
function story(): WorkEvent[] {
  number = 0;
  const step = { step: 1, kind: "model", title: "m" } as const;
  return [
    event("task_queued", { queue_size: 1 }),
    event("task_started", { attempt: 1 }),
    event("task_step", { ...step, status: "started", attempt: 1 }),
    event("task_step", {
      ...step,
      status: "failed",
      attempt: 1,
      duration_ms: 20,
      error_type: "rate_limit",
    }),
    event("task_retry_scheduled", {
      attempt: 1,
      retry_at: "2026-01-01T00:01:00Z",
      error_type: "rate_limit",
    }),
    event("task_started", { attempt: 2 }),
    event("task_step", { ...step, status: "started", attempt: 2 }),
    event("task_step", {
      ...step,
      status: "completed",
      attempt: 2,
      duration_ms: 900,
      tokens_in: 10,
      tokens_out: 5,
      cost_usd: 0.001,
    }),
    event("task_completed", { status: "completed" }),
  ];
}

const task = { id: T, status: "queued", waiting_on: null, steps_done: 0 } as unknown as Task;

function loaded() {
  const client = new QueryClient();
  const cache = new WorkCache(client);
  client.setQueryData(workKeys.task(P, T), task);
  client.setQueryData([...workKeys.tasks(P), null, null], {
    pages: [{ rows: [task], total: 1 }],
    pageParams: [0],
  });
  client.setQueryData<readonly TaskStep[]>(workKeys.steps(P, T), []);
  return {
    cache,
    take: (events: readonly WorkEvent[]) => {
      for (const one of events) cache.take(P, one);
    },
    now: () => ({
      task: client.getQueryData(workKeys.task(P, T)),
      list: client.getQueryData([...workKeys.tasks(P), null, null]),
      steps: client.getQueryData<readonly TaskStep[]>(workKeys.steps(P, T)),
      wait: client.getQueryData(workKeys.wait(P, T)),
    }),
  };
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return list
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

describe("the events of a task", () => {
  test("tell its life step by step, each attempt on a line of its own", () => {
    const { take, now } = loaded();
    const events = story();
    take(events.slice(0, 5));
    expect(now().task).toMatchObject({ status: "queued", waiting_on: "retry", attempts: 1 });
    expect(now().wait).toEqual({ until: "2026-01-01T00:01:00Z", errorType: "rate_limit" });
    take(events.slice(5));
    expect(now().task).toMatchObject({ status: "completed", waiting_on: null, attempts: 2, steps_done: 1 });
    expect(now().steps?.map((row) => [row.step, row.attempt, row.status, row.error_type])).toEqual([
      [1, 1, "failed", "rate_limit"],
      [1, 2, "completed", null],
    ]);
  });

  test("end alike in any order, and doubled", () => {
    const straight = loaded();
    straight.take(story());
    for (let seed = 1; seed <= 200; seed++) {
      const other = loaded();
      other.take(shuffled([...story(), ...story()], seed));
      expect(other.now().task).toEqual(straight.now().task);
      expect(other.now().list).toEqual(straight.now().list);
      expect(other.now().steps).toEqual(straight.now().steps);
    }
  });

  test("that come while a list is loaded are applied on top of what was loaded", () => {
    const { cache, take } = loaded();
    const mark = cache.mark();
    take(story());
    expect(cache.tasksOnTop(mark, P, [task])[0]).toMatchObject({ status: "completed" });
    expect(cache.stepsOnTop(mark, P, T, [])).toHaveLength(2);
    expect(cache.tasksOnTop(cache.mark(), P, [task])).toEqual([task]);
    expect(cache.tasksOnTop(mark, "other", [task])).toEqual([task]);
  });
});

test("what steps cost together is unknown as soon as one price is", () => {
  const step = (tokens_out: number | null, cost_usd: number | null) =>
    ({ tokens_in: tokens_out, tokens_out, cost_usd }) as TaskStep;
  expect(spentOn([step(null, null), step(5, 0.25), step(1, 0.5)])).toEqual({ tokens: 12, cost: 0.75 });
  expect(spentOn([step(5, 0.25), step(5, null)])).toEqual({ tokens: 20, cost: null });
});
