import type { Agent, Message, Project, Session } from "../api";
import type { Kind, RowPatch } from "./patches";

interface RowOf {
  message: Message;
  session: Session;
  agent: Agent;
  project: Project;
}

const blankMessage: Message = {
  id: "",
  role: "user",
  content: "",
  agent_id: null,
  agent_name: null,
  timestamp: "",
  payload: null,
  mode: null,
  task_id: null,
  status: "queued",
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
};

/** Which event last set each field of a row. Fields are last-writer-wins registers, so any order of events ends alike. */
export class Stamps {
  #fields = new Map<string, Map<string, number>>();
  #removed = new Set<string>();
  #early = new Map<string, Record<string, unknown>>();

  /** The fields that are newer than what the row already has. */
  fresh<T extends object>(key: string, seq: number, fields: T): Partial<T> {
    const known = this.#fields.get(key) ?? new Map<string, number>();
    const fresh: Partial<T> = {};
    for (const field of Object.keys(fields) as (keyof T & string)[]) {
      if ((known.get(field) ?? -1) > seq) continue;
      known.set(field, seq);
      fresh[field] = fields[field];
    }
    this.#fields.delete(key);
    this.#fields.set(key, known);
    this.#trim();
    return fresh;
  }

  /** A change to a row that has not come yet waits for it. */
  wait(key: string, fields: object) {
    this.#early.set(key, { ...this.#early.get(key), ...fields });
  }

  takeWaiting(key: string): Record<string, unknown> {
    const fields = this.#early.get(key) ?? {};
    this.#early.delete(key);
    return fields;
  }

  bury(key: string) {
    this.#removed.add(key);
  }

  buried(key: string): boolean {
    return this.#removed.has(key);
  }

  #trim() {
    for (const map of [this.#fields, this.#early]) {
      const [oldest] = map.keys();
      if (map.size > 5000 && oldest !== undefined) map.delete(oldest);
    }
  }
}

export const keyOf = (patch: { kind: Kind; id: string }) => `${patch.kind}:${patch.id}`;

/** The list after one patch; the same list when nothing changed. */
export function patched<K extends Kind>(
  rows: readonly RowOf[K][],
  patch: Extract<RowPatch, { kind: K }>,
  stamps: Stamps,
): readonly RowOf[K][] {
  const key = keyOf(patch);
  const at = rows.findIndex((row) => row.id === patch.id);
  if (patch.op === "remove") {
    stamps.bury(key);
    return at < 0 ? rows : rows.toSpliced(at, 1);
  }
  if (stamps.buried(key)) return rows;
  const fields = stamps.fresh(key, patch.seq, patch.fields) as Partial<RowOf[K]>;
  if (at >= 0) {
    const row = rows[at] as RowOf[K];
    return sameFields(row, fields) ? rows : rows.with(at, { ...row, ...fields });
  }
  if (patch.op === "upsert" || patch.kind !== "message") {
    if (patch.kind === "message") stamps.wait(key, fields);
    return rows;
  }
  const row = { ...blankMessage, ...fields, ...stamps.takeWaiting(key) } as unknown as RowOf[K];
  return insertByTime(
    rows as unknown as readonly Message[],
    row as unknown as Message,
  ) as unknown as RowOf[K][];
}

function sameFields<T extends object>(row: T, fields: Partial<T>): boolean {
  return (Object.keys(fields) as (keyof T)[]).every((field) => Object.is(row[field], fields[field]));
}

/** Rows that are there keep their places: the server's order of a queue is not the order of time. */
function insertByTime(rows: readonly Message[], row: Message): Message[] {
  const before = (a: Message, b: Message) =>
    a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.id < b.id);
  let at = rows.length;
  while (at > 0 && before(row, rows[at - 1]!)) at--;
  return rows.toSpliced(at, 0, row);
}
