import type { RunningAnswer } from "../api";
import type { Activity, DeltaPayload, TailPatch } from "./patches";

export interface Tail {
  messageId: string;
  session: string;
  userMessageId: string;
  taskId: string;
  agentId: string;
  agentName: string;
  attempt: number;
  text: string;
  thinking: string;
}

/** At most thirty paints a second; a hidden tab gets no frames, so it paints nothing and catches up when it is shown. */
const paintMillis = 33;

export type Scheduler = (flush: () => void, wait: number) => void;

const frames: Scheduler = (flush, wait) => {
  window.setTimeout(() => requestAnimationFrame(flush), wait);
};

/**
 * The text that is being written, by answer. It is not in the query cache: it changes twenty times a second and concerns
 * one turn. Subscribers of one key hear of that key only.
 */
export class Tails {
  #tails = new Map<string, Tail>();
  #bySession = new Map<string, readonly Tail[]>();
  #activities = new Map<string, Activity>();
  #userMessageOfTask = new Map<string, string>();
  #ended = new Set<string>();
  #listeners = new Map<string, Set<() => void>>();
  #dirty = new Set<string>();
  #scheduled = false;
  #lastFlush = 0;

  readonly #schedule: Scheduler;
  readonly #now: () => number;

  /** `onGap` is called with an answer whose missing text has to be loaded. */
  constructor(
    readonly onGap: (tail: Tail) => void,
    schedule: Scheduler = frames,
    now: () => number = () => performance.now(),
  ) {
    this.#schedule = schedule;
    this.#now = now;
  }

  get(messageId: string): Tail | undefined {
    return this.#tails.get(messageId);
  }

  running(session: string): readonly Tail[] {
    return this.#bySession.get(session) ?? noTails;
  }

  activity(userMessageId: string): Activity | undefined {
    return this.#activities.get(userMessageId);
  }

  /** `key` is a message id, a user message's id or a session id. */
  subscribe(key: string, listener: () => void): () => void {
    const set = this.#listeners.get(key) ?? new Set();
    set.add(listener);
    this.#listeners.set(key, set);
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(key);
    };
  }

  apply(patch: TailPatch) {
    switch (patch.what) {
      case "delta":
        this.#delta(patch.session, patch.delta);
        return;
      case "activity": {
        if (patch.userMessage) this.#userMessageOfTask.set(patch.task, patch.userMessage);
        const owner = patch.userMessage ?? this.#userMessageOfTask.get(patch.task);
        if (owner) {
          this.#activities.set(owner, patch.activity);
          this.#touch(owner);
        }
        return;
      }
      case "end":
        this.#end(patch.message, patch.userMessage);
    }
  }

  /** What a session's snapshot says is being written. Text that the stream has brought further is kept. */
  seed(session: string, running: readonly RunningAnswer[]) {
    for (const answer of running) {
      // Without an id the text has not begun: the stream will name it.
      if (answer.message_id === null || this.#ended.has(answer.message_id)) continue;
      const known = this.#tails.get(answer.message_id);
      if (known && known.text.length >= answer.content.length) continue;
      this.#userMessageOfTask.set(answer.task_id, answer.user_message_id);
      this.#put({
        messageId: answer.message_id,
        session,
        userMessageId: answer.user_message_id,
        taskId: answer.task_id,
        agentId: answer.agent_id ?? "",
        agentName: answer.agent_name ?? "",
        attempt: known?.attempt ?? 0,
        thinking: known?.thinking ?? "",
        text: answer.content,
      });
    }
  }

  /** The loaded text of an answer that had a hole. */
  fill(messageId: string, text: string) {
    const tail = this.#tails.get(messageId);
    if (tail && text.length > tail.text.length) this.#put({ ...tail, text });
  }

  #delta(session: string, p: DeltaPayload) {
    // A late copy of a piece must not bring a finished answer back to life.
    if (this.#ended.has(p.message_id)) return;
    const known = this.#tails.get(p.message_id);
    // Attempt 0 stands for "seeded over REST, attempt not told": the first line of the stream names it.
    const restart = !known || (p.attempt > known.attempt && known.attempt !== 0);
    const base: Tail = restart
      ? {
          messageId: p.message_id,
          session,
          userMessageId: p.user_message_id,
          taskId: p.task_id,
          agentId: p.agent_id,
          agentName: p.agent_name,
          attempt: p.attempt,
          text: "",
          thinking: "",
        }
      : known;
    if (p.attempt < base.attempt) return;
    const own = p.kind === "text" ? base.text : base.thinking;
    const next = join(own, p);
    if (next === null) {
      this.#put({ ...base, attempt: p.attempt });
      this.onGap(base);
      return;
    }
    if (next === own && !restart) return;
    this.#put({ ...base, attempt: p.attempt, ...(p.kind === "text" ? { text: next } : { thinking: next }) });
  }

  #put(tail: Tail) {
    const fresh = !this.#tails.has(tail.messageId);
    this.#tails.set(tail.messageId, tail);
    this.#bySession.set(
      tail.session,
      fresh
        ? [...this.running(tail.session), tail]
        : this.running(tail.session).map((other) => (other.messageId === tail.messageId ? tail : other)),
    );
    this.#touch(tail.messageId);
    if (fresh) this.#touch(tail.session);
  }

  #end(message: string | null, userMessage: string | null) {
    if (message) this.#ended.add(message);
    if (userMessage) {
      this.#activities.delete(userMessage);
      this.#touch(userMessage);
    }
    for (const tail of [...this.#tails.values()]) {
      if (tail.messageId !== message && tail.userMessageId !== userMessage) continue;
      this.#ended.add(tail.messageId);
      this.#tails.delete(tail.messageId);
      this.#userMessageOfTask.delete(tail.taskId);
      this.#bySession.set(
        tail.session,
        this.running(tail.session).filter((other) => other !== tail && other.messageId !== tail.messageId),
      );
      this.#touch(tail.messageId);
      this.#touch(tail.session);
    }
  }

  #touch(key: string) {
    this.#dirty.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush(), Math.max(0, paintMillis - (this.#now() - this.#lastFlush)));
  }

  #flush() {
    this.#scheduled = false;
    this.#lastFlush = this.#now();
    const keys = [...this.#dirty];
    this.#dirty.clear();
    for (const key of keys) for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}

const noTails: readonly Tail[] = [];

/** The text after one piece; null when something between is missing. Offsets count UTF-16 units, as strings do here. */
function join(own: string, piece: DeltaPayload): string | null {
  if (piece.snapshot && piece.offset === 0) return piece.text.length >= own.length ? piece.text : own;
  if (piece.offset > own.length) return null;
  // An overlap keeps only what is new; a piece that ends inside our text is an old one.
  const fresh = own.length - piece.offset;
  return fresh >= piece.text.length ? own : own + piece.text.slice(fresh);
}
