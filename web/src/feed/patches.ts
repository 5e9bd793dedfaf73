import type { Agent, Message, Project, RunningAnswer, Session, StreamEvent } from "../api";

type Payload<K extends StreamEvent["event_type"]> = Extract<StreamEvent, { event_type: K }>["payload"];

export type DeltaPayload = Payload<"message_delta">;

interface Rows {
  message: Message;
  session: Session;
  agent: Agent;
  project: Project;
}

export type Kind = keyof Rows;

export type RowPatch = {
  [K in Kind]:
    | {
        op: "append" | "upsert";
        kind: K;
        project: string;
        session: string | null;
        id: string;
        seq: number;
        fields: Partial<Rows[K]>;
        /** The sender's own name of a message, by which its optimistic row is found. */
        ref?: string | null;
      }
    | { op: "remove"; kind: K; project: string; session: string | null; id: string; seq: number };
}[Kind];

export type Activity =
  | { phase: "queued" }
  | { phase: "started" }
  /** A temporary error: it is tried again then. */
  | { phase: "waiting"; until: string; errorType: string };

/** What concerns tasks and agents at work. Screens of work, loaded when they are opened, make more of it. */
export type WorkEvent = Extract<
  StreamEvent,
  {
    event_type:
      | "agent_status_changed"
      | "task_queued"
      | "task_started"
      | "task_step"
      | "task_retry_scheduled"
      | "task_completed"
      | "task_failed"
      | "task_cancelled";
  }
>;

export type TailPatch =
  | { what: "delta"; session: string; delta: DeltaPayload }
  | { what: "activity"; session: string; task: string; userMessage: string | null; activity: Activity }
  | { what: "end"; session: string; message: string | null; userMessage: string | null };

export type Patch =
  | RowPatch
  | {
      op: "invalidate";
      kind: Kind | "messages" | "usage" | "everything";
      project: string;
      id?: string;
    }
  | { op: "tail"; project: string; tail: TailPatch }
  | { op: "work"; project: string; event: WorkEvent }
  | {
      op: "announce";
      project: string;
      session: string | null;
      say: { what: "ready"; agent: string; text: string } | { what: "failed" } | { what: "gone" };
    };

export type { Message, RunningAnswer, Session };
