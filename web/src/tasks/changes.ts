import type { Task, TaskStep } from "../api";
import type { WorkEvent } from "../feed";

/** Why a task waits, and when it is tried again. */
export interface Wait {
  until: string;
  errorType: string;
}

export type Change =
  | { what: "task"; task: string; seq: number; fields: Partial<Task> }
  | {
      what: "step";
      task: string;
      seq: number;
      step: number;
      attempt: number;
      fields: Pick<TaskStep, "kind" | "title"> & Partial<TaskStep>;
    }
  | { what: "wait"; task: string; wait: Wait };

/** What one event says about tasks and their steps. Pure; a field that an event does not tell is left as it is. */
export function changesOf(event: WorkEvent): Change[] {
  const seq = event.project_seq ?? Number.MAX_SAFE_INTEGER;
  const at = event.timestamp;
  const task = (id: string, fields: Partial<Task>): Change => ({ what: "task", task: id, seq, fields });
  switch (event.event_type) {
    case "agent_status_changed":
      return [];
    case "task_queued":
      return [task(event.payload.task_id, { status: "queued", waiting_on: null })];
    case "task_started": {
      const { task_id, attempt } = event.payload;
      return [
        task(task_id, {
          status: "running",
          waiting_on: null,
          queue_position: null,
          attempts: attempt,
          ...(attempt === 1 ? { started_at: at } : {}),
        }),
      ];
    }
    case "task_step": {
      const p = event.payload;
      const ended = p.status !== "started";
      const fields = {
        kind: p.kind,
        title: p.title,
        ...(ended
          ? {
              status: p.status as TaskStep["status"],
              completed_at: at,
              duration_ms: p.duration_ms ?? null,
              tokens_in: p.tokens_in ?? null,
              tokens_out: p.tokens_out ?? null,
              cost_usd: p.cost_usd ?? null,
              error_type: p.error_type ?? null,
            }
          : { status: "running" as const, started_at: at }),
      };
      const step: Change = {
        what: "step",
        task: p.task_id,
        seq,
        step: p.step,
        attempt: p.attempt,
        fields,
      };
      return p.status === "completed" ? [step, task(p.task_id, { steps_done: p.step })] : [step];
    }
    case "task_retry_scheduled": {
      const { task_id, retry_at, error_type } = event.payload;
      return [
        task(task_id, { status: "queued", waiting_on: "retry" }),
        { what: "wait", task: task_id, wait: { until: retry_at, errorType: error_type } },
      ];
    }
    case "task_completed":
      return [
        task(event.payload.task_id, {
          status: event.payload.status,
          waiting_on: null,
          queue_position: null,
          completed_at: at,
        }),
      ];
    case "task_failed": {
      const { task_id, error, error_type } = event.payload;
      return [
        task(task_id, {
          status: "failed",
          waiting_on: null,
          queue_position: null,
          error,
          error_type,
          completed_at: at,
        }),
      ];
    }
    case "task_cancelled":
      return [
        task(event.payload.task_id, {
          status: "cancelled",
          waiting_on: null,
          queue_position: null,
          error: event.payload.reason,
          completed_at: at,
        }),
      ];
  }
}

const blankStep: Omit<TaskStep, "step" | "attempt" | "kind" | "title"> = {
  status: "running",
  started_at: "",
  completed_at: null,
  duration_ms: null,
  provider: null,
  model: null,
  tokens_in: null,
  tokens_out: null,
  cost_usd: null,
  error: null,
  error_type: null,
};

/** The steps after one change, in order; every attempt of a step has a row of its own. */
export function withStep(
  steps: readonly TaskStep[],
  change: Extract<Change, { what: "step" }>,
): readonly TaskStep[] {
  const at = steps.findIndex((row) => row.step === change.step && row.attempt === change.attempt);
  const before = steps[at] ?? { ...blankStep, step: change.step, attempt: change.attempt };
  const row = { ...before, ...change.fields } as TaskStep;
  if (at >= 0) return steps.with(at, row);
  return [...steps, row].sort((a, b) => a.step - b.step || a.attempt - b.attempt);
}

export function hasEnded(task: Pick<Task, "status">): boolean {
  return task.status === "completed" || task.status === "failed" || task.status === "cancelled";
}

/** What the steps cost together; null when one of them has no known price. */
export function spentOn(steps: readonly TaskStep[]): { tokens: number; cost: number | null } {
  let cost: number | null = 0;
  let tokens = 0;
  for (const step of steps) {
    tokens += (step.tokens_in ?? 0) + (step.tokens_out ?? 0);
    const priced = step.cost_usd !== null || !step.tokens_out;
    cost = cost === null || !priced ? null : cost + (step.cost_usd ?? 0);
  }
  return { tokens, cost };
}
