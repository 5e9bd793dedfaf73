import { QueryClient } from "@tanstack/react-query";
import { describe, expect, test } from "vitest";
import type { Agent, Session, StreamEvent } from "../api";
import { Applier } from "./apply";
import { keys, type MessageList } from "./keys";
import { FeedOrder } from "./order";
import { reduce } from "./reduce";
import { Tails } from "./tails";

const P = "p";
const S = "s";
let number = 0;

function event<K extends StreamEvent["event_type"]>(
  event_type: K,
  payload: Partial<Extract<StreamEvent, { event_type: K }>["payload"]>,
  more: object = {},
): StreamEvent {
  number++;
  const base = {
    event_id: `e${number}`,
    event_type,
    type: event_type,
    payload,
    timestamp: "2026-01-01T00:00:00Z",
    session_id: S,
    project_id: P,
    seq: number,
    project_seq: number,
    ...more,
  };
  return base as unknown as StreamEvent;
}

const at = (n: number) => `2026-01-01T00:00:${String(n).padStart(2, "0")}Z`;

function conversation(): StreamEvent[] {
  number = 0;
  const events: StreamEvent[] = [];
  for (let turn = 0; turn < 4; turn++) {
    const user = `u${turn}`;
    const answer = `a${turn}`;
    events.push(
      event("message_created", {
        message_id: user,
        session_id: S,
        role: "user",
        content: `question ${turn}`,
        timestamp: at(turn * 10),
        status: "queued",
      }),
      event("message_updated", { message_id: user, old_status: "queued", status: "processing" }),
      event("agent_status_changed", {
        agent_id: "ag",
        old_status: "ready",
        new_status: "busy",
        reason: "task",
      }),
      event("message_created", {
        message_id: answer,
        session_id: S,
        role: "assistant",
        content: `answer ${turn}`,
        timestamp: at(turn * 10 + 5),
        agent_id: "ag",
        agent_name: "Ask",
        user_message_id: user,
      }),
      event("message_updated", {
        message_id: user,
        old_status: "processing",
        status: turn === 2 ? "failed" : "done",
      }),
      event("agent_status_changed", {
        agent_id: "ag",
        old_status: "busy",
        new_status: "ready",
        reason: "task",
      }),
    );
  }
  events.push(
    event("message_created", {
      message_id: "q",
      session_id: S,
      role: "user",
      content: "never mind",
      timestamp: at(50),
      status: "queued",
    }),
    event("message_deleted", { message_id: "q", session_id: S }),
    event("session_updated", {
      session_id: S,
      title: "Renamed",
      pinned: true,
      archived: false,
      forked_from: null,
    }),
    event("message_updated", { message_id: "a0", superseded_by: "a1" }),
  );
  return events;
}

const session: Session = {
  id: S,
  title: "First",
  created_at: at(0),
  updated_at: at(0),
  message_count: 0,
  state: "idle",
  queued_count: 0,
  preview: null,
  last_message_at: null,
  pinned: false,
  archived: false,
  forked_from: null,
};
const agent = { id: "ag", name: "Ask", status: "ready", state: "idle", last_error: null } as unknown as Agent;

function replay(events: readonly StreamEvent[]) {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(keys.messages(P, S), { rows: [], older: null } satisfies MessageList);
  client.setQueryData(keys.session(P, S), session);
  client.setQueryData(keys.sessions(P, false), { pages: [{ rows: [session], total: 1 }], pageParams: [0] });
  client.setQueryData(keys.agents(P), [agent]);
  const tails = new Tails(
    () => {},
    () => {},
    () => 0,
  );
  const applier = new Applier(
    client,
    tails,
    () => {},
    () => {},
  );
  const order = new FeedOrder();
  for (const each of events) if (order.take(each)) applier.apply(reduce(each, P));
  const state = {
    messages: client.getQueryData<MessageList>(keys.messages(P, S))?.rows,
    session: client.getQueryData(keys.session(P, S)),
    sessions: client.getQueryData(keys.sessions(P, false)),
    agents: client.getQueryData(keys.agents(P)),
  };
  client.clear();
  return { state, position: order.position, applier, client };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("a log of events", () => {
  const straight = replay(conversation());

  test("ends in what a fresh load would show", () => {
    expect(straight.state.messages?.map((row) => [row.id, row.status])).toEqual([
      ["u0", "done"],
      ["a0", "done"],
      ["u1", "done"],
      ["a1", "done"],
      ["u2", "failed"],
      ["a2", "done"],
      ["u3", "done"],
      ["a3", "done"],
    ]);
    expect(straight.state.session).toMatchObject({
      title: "Renamed",
      pinned: true,
      state: "idle",
      preview: "answer 3",
    });
    expect(straight.state.agents).toMatchObject([{ status: "ready", state: "idle" }]);
    expect(straight.position).toBe("e28");
  });

  test("doubled, it ends the same", () => {
    expect(replay(conversation().flatMap((each) => [each, each])).state).toEqual(straight.state);
  });

  test("shuffled in 300 ways, it ends the same", () => {
    for (let seed = 1; seed <= 300; seed++) {
      expect(replay(shuffled(conversation(), seeded(seed))).state).toEqual(straight.state);
    }
  });

  test("cut anywhere and resumed with an overlap, it ends the same", () => {
    const log = conversation();
    for (let cut = 0; cut <= log.length; cut++) {
      expect(replay([...log.slice(0, cut), ...log.slice(Math.max(0, cut - 7))]).state).toEqual(
        straight.state,
      );
    }
  });

  test("racing a REST answer anywhere, it ends the same", () => {
    const log = conversation();
    const { applier } = replay([]);
    for (let cut = 0; cut <= log.length; cut += 3) {
      const mark = applier.mark();
      const loaded = replay(log.slice(0, cut)).state.messages ?? [];
      // Everything arrives while the answer, taken at `cut`, is on its way.
      for (const each of log) applier.apply(reduce(each, P));
      expect(applier.onTop(mark, "message", P, S, loaded)).toEqual(straight.state.messages);
    }
  });
});

test("notices, copies and live-only lines do not move the position; a heartbeat does", () => {
  const order = new FeedOrder();
  number = 0;
  order.take(event("session_created", {}));
  order.take(event("session_created", {}, { notice: true }));
  order.take(event("session_created", {}, { project_seq: null, seq: null }));
  expect(order.position).toBe("e1");
  order.take(event("heartbeat", { timestamp: at(1), position: "far" }, { event_id: null }));
  expect(order.position).toBe("far");
});

test("an event of a kind that is not known yet changes nothing", () => {
  expect(reduce({ ...event("heartbeat", {}), event_type: "brand_new" } as unknown as StreamEvent, P)).toEqual(
    [],
  );
});
