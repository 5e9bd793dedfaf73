import type { Agent, Message, StreamEvent } from "../api";
import type { Activity, Patch, WorkEvent } from "./patches";

type EventType = StreamEvent["event_type"];
type Of<K extends EventType> = Extract<StreamEvent, { event_type: K }>;
type Table = { [K in EventType]: (event: Of<K>, at: Place) => Patch[] };

/** Where and when an event happened; events without project never reach the table. */
interface Place {
  project: string;
  session: string | null;
  seq: number;
}

const none = () => [];

/**
 * What each event changes. Pure, and total over the union of the schema: an event that the server learns to send does
 * not compile here until somebody has decided what it means.
 */
const table: Table = {
  message_created: ({ payload: p }, at) => {
    const session = p.session_id;
    const answer = p.role === "assistant";
    const fields: Partial<Message> = {
      id: p.message_id,
      role: p.role,
      content: p.content,
      timestamp: p.timestamp,
      ...(p.status || answer ? { status: p.status ?? "done" } : {}),
      ...pick(p, [
        "agent_id",
        "agent_name",
        "user_message_id",
        "edited_from",
        "provider",
        "model",
        "demo",
        "target_agent",
        "payload",
        "finish_reason",
        "context_used",
        "task_id",
      ]),
    };
    if (p.latency) fields.latency = { ...p.latency, first_token_ms: p.latency.first_token_ms ?? null };
    if (p.usage) fields.usage = { ...p.usage, cost_usd: p.usage.cost_usd ?? null };
    const patches: Patch[] = [
      {
        op: "append",
        kind: "message",
        project: at.project,
        session,
        id: p.message_id,
        seq: at.seq,
        fields,
        ref: p.client_ref,
      },
      {
        op: "upsert",
        kind: "session",
        project: at.project,
        session,
        id: session,
        seq: at.seq,
        fields: {
          last_message_at: p.timestamp,
          updated_at: p.timestamp,
          ...(answer ? { preview: p.content.slice(0, 120) } : {}),
        },
      },
    ];
    if (answer) {
      patches.push(
        {
          op: "tail",
          project: at.project,
          tail: { what: "end", session, message: p.message_id, userMessage: p.user_message_id ?? null },
        },
        {
          op: "announce",
          project: at.project,
          session,
          say: { what: "ready", agent: p.agent_name ?? "", text: p.content },
        },
      );
    }
    return patches;
  },

  message_delta: ({ payload: delta, session_id }, at) =>
    session_id
      ? [{ op: "tail", project: at.project, tail: { what: "delta", session: session_id, delta } }]
      : [],

  message_deleted: ({ payload: p }, at) => [
    {
      op: "remove",
      kind: "message",
      project: at.project,
      session: p.session_id,
      id: p.message_id,
      seq: at.seq,
    },
  ],

  message_updated: ({ payload: p }, at) => {
    if (!at.session) return [];
    const session = at.session;
    const fields: Partial<Message> = pick(p, [
      "status",
      "content",
      "target_agent",
      "error",
      "error_type",
      "superseded_by",
      "edited_from",
      "task_id",
    ]);
    const patches: Patch[] = [
      { op: "upsert", kind: "message", project: at.project, session, id: p.message_id, seq: at.seq, fields },
    ];
    const ended = p.status === "done" || p.status === "failed" || p.status === "cancelled";
    if (ended || p.status === "processing") {
      patches.push({
        op: "upsert",
        kind: "session",
        project: at.project,
        session,
        id: session,
        seq: at.seq,
        fields: { state: ended ? "idle" : "running" },
      });
    }
    if (p.status === "failed" || p.status === "cancelled") {
      patches.push({
        op: "tail",
        project: at.project,
        tail: { what: "end", session, message: null, userMessage: p.message_id },
      });
    }
    if (p.status === "failed") {
      patches.push({ op: "announce", project: at.project, session, say: { what: "failed" } });
    }
    // The new place in the queue is the server's to say.
    if (p.before) patches.push({ op: "invalidate", kind: "messages", project: at.project, id: session });
    return patches;
  },

  // The payload has no dates, so the row comes from REST.
  session_created: (_, at) => [{ op: "invalidate", kind: "session", project: at.project }],
  session_updated: ({ payload: p }, at) => [
    {
      op: "upsert",
      kind: "session",
      project: at.project,
      session: p.session_id,
      id: p.session_id,
      seq: at.seq,
      fields: { title: p.title, pinned: p.pinned, archived: p.archived },
    },
  ],
  session_deleted: ({ payload: p }, at) => [
    {
      op: "remove",
      kind: "session",
      project: at.project,
      session: p.session_id,
      id: p.session_id,
      seq: at.seq,
    },
    { op: "announce", project: at.project, session: p.session_id, say: { what: "gone" } },
  ],

  project_updated: ({ payload: p }, at) => [
    {
      op: "upsert",
      kind: "project",
      project: at.project,
      session: null,
      id: at.project,
      seq: at.seq,
      fields: { name: p.name, workspace_path: p.workspace_path, runner_id: p.runner_id },
    },
  ],

  // The payload names what changed but not the new values.
  agent_created: (_, at) => [{ op: "invalidate", kind: "agent", project: at.project }],
  agent_updated: ({ payload: p }, at) => [
    { op: "invalidate", kind: "agent", project: at.project, id: p.agent_id },
  ],
  agent_deleted: ({ payload: p }, at) => [
    { op: "remove", kind: "agent", project: at.project, session: null, id: p.agent_id, seq: at.seq },
  ],
  agent_status_changed: (event, at) => {
    const { payload: p } = event;
    const state: Agent["state"] = { ready: "idle", busy: "processing", error: "error" }[
      p.new_status
    ] as Agent["state"];
    return [
      {
        op: "upsert",
        kind: "agent",
        project: at.project,
        session: null,
        id: p.agent_id,
        seq: at.seq,
        fields: {
          status: p.new_status,
          state,
          last_error: p.new_status === "error" ? (p.error ?? null) : null,
        },
      },
      work(event, at),
    ];
  },
  direct_agent_call: none,

  task_queued: (event, at) => [
    ...activity(at, event.payload.task_id, event.payload.message_id ?? null, { phase: "queued" }),
    work(event, at),
  ],
  task_started: (event, at) => [
    ...activity(at, event.payload.task_id, null, { phase: "started" }),
    work(event, at),
  ],
  task_step: (event, at) => [work(event, at)],
  task_retry_scheduled: (event, at) => {
    const { task_id, retry_at, error_type } = event.payload;
    return [
      ...activity(at, task_id, null, { phase: "waiting", until: retry_at, errorType: error_type }),
      work(event, at),
    ];
  },
  task_progress: none,
  task_completed: settled,
  task_failed: settled,
  task_cancelled: settled,

  // Matters of the connection: handled where the connection is.
  heartbeat: none,
  session_closed: none,
  replay_gap: (_, at) => [{ op: "invalidate", kind: "everything", project: at.project }],
  error: none,
};

function activity(at: Place, task: string, userMessage: string | null, what: Activity): Patch[] {
  if (!at.session) return [];
  const tail = { what: "activity", session: at.session, task, userMessage, activity: what } as const;
  return [{ op: "tail", project: at.project, tail }];
}

function settled(event: WorkEvent, at: Place): Patch[] {
  return [{ op: "invalidate", kind: "usage", project: at.project }, work(event, at)];
}

function work(event: WorkEvent, at: Place): Patch {
  return { op: "work", project: at.project, event };
}

/** Only what the event carries: an absent field says nothing about the row. */
function pick<P extends object, K extends keyof P>(
  payload: P,
  keys: readonly K[],
): { [F in K]?: NonNullable<P[F]> } {
  const picked: { [F in K]?: NonNullable<P[F]> } = {};
  for (const key of keys) {
    const value = payload[key];
    if (value !== undefined && value !== null) picked[key] = value;
  }
  return picked;
}

export function reduce(event: StreamEvent, feedProject: string): Patch[] {
  const handler = table[event.event_type] as ((event: StreamEvent, at: Place) => Patch[]) | undefined;
  // A client must live with events that are newer than itself.
  if (!handler) return [];
  return handler(event, {
    project: event.project_id ?? feedProject,
    session: event.session_id,
    seq: event.project_seq ?? Number.MAX_SAFE_INTEGER,
  });
}
