import type { StreamEvent } from "../api";

const rememberedIds = 4000;

/**
 * What this tab has seen of one project's feed. Delivery is at least once, so a line is taken when its `event_id` is new;
 * holes in `project_seq` mean deleted sessions and are no loss. The position is what a reconnect resumes from.
 */
export class FeedOrder {
  #seen = new Set<string>();
  #highest = -1;
  #position: string | null = null;

  get position(): string | null {
    return this.#position;
  }

  /** Starts behind an event that a snapshot over REST already contains. */
  startAt(position: string | null) {
    this.#position ??= position;
  }

  /** True when the line is to be applied. */
  take(event: StreamEvent): boolean {
    if (event.event_type === "heartbeat") {
      // A filtered stream passes events that it does not send; its heartbeat says how far it has come.
      if (event.payload.position) this.#position = event.payload.position;
      return true;
    }
    if (event.event_id === null) return true;
    if (this.#seen.has(event.event_id)) return false;
    this.#remember(event.event_id);
    // A notice comes before the replay, a copy belongs to another session: neither says how far we are.
    if (!event.notice && event.project_seq !== null && event.project_seq > this.#highest) {
      this.#highest = event.project_seq;
      this.#position = event.event_id;
    }
    return true;
  }

  /** The log no longer holds our position: start anew from what comes. */
  forget() {
    this.#position = null;
    this.#highest = -1;
  }

  #remember(id: string) {
    this.#seen.add(id);
    if (this.#seen.size > rememberedIds) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
  }
}
