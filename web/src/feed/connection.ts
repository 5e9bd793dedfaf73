import { NetworkError, type StreamEvent } from "../api";
import { backoffMillis } from "./backoff";
import { readLines } from "./ndjson";

export type ConnectionState =
  | { phase: "connecting" }
  | { phase: "live" }
  | { phase: "offline"; retryAt: number | null }
  | { phase: "gone" };

/** The heartbeat comes every 30 s: a silence of 45 s means a dead connection that nobody has reported. */
const deadMillis = 45_000;

export interface ConnectionDeps {
  /** An authorised request; answers 401 only when the person has to sign in. */
  fetch: (request: Request) => Promise<Response>;
  url: (position: string | null) => string;
  position: () => string | null;
  onLine: (line: string) => void;
  onState: (state: ConnectionState) => void;
  random?: () => number;
}

/** Keeps one stream open: reads, notices silence, backs off, resumes where it was. */
export class Connection {
  #stopped = false;
  #failures = 0;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;
  /** What the server said before it closed. */
  #hint: { afterMillis: number } | null = null;

  constructor(readonly deps: ConnectionDeps) {
    void this.#run();
  }

  stop() {
    this.#stopped = true;
    this.#abort?.abort();
    this.#wake?.();
  }

  /** Ends the wait before the next try. */
  retryNow() {
    this.#wake?.();
  }

  async #run() {
    while (!this.#stopped) {
      this.deps.onState({ phase: "connecting" });
      const after = await this.#once();
      if (this.#stopped || after === "gone") break;
      if (after > 0) {
        this.deps.onState({ phase: "offline", retryAt: Date.now() + after });
        await this.#sleep(after);
      }
    }
  }

  /** One connection, to its end. The answer is the wait before the next one. */
  async #once(): Promise<number | "gone"> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#hint = null;
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), deadMillis) as unknown as number;
    };
    try {
      alive();
      const url = this.deps.url(this.deps.position());
      const answer = await this.deps.fetch(
        new Request(new URL(url, location.origin), {
          headers: { Accept: "application/x-ndjson" },
          signal: abort.signal,
          cache: "no-store",
        }),
      );
      if (answer.status === 404) {
        this.deps.onState({ phase: "gone" });
        return "gone";
      }
      if (!answer.ok || !answer.body) {
        const wait = Number(answer.headers.get("Retry-After")) * 1000;
        return this.#failed(Number.isFinite(wait) ? wait : 0);
      }
      await readLines(answer.body, alive, (line) => this.#line(line));
      const hint = this.#hint as { afterMillis: number } | null;
      return hint ? hint.afterMillis : this.#failed(0);
    } catch (error) {
      if (!(error instanceof NetworkError || error instanceof TypeError || abort.signal.aborted)) throw error;
      return this.#failed(0);
    } finally {
      clearTimeout(timer);
    }
  }

  #line(line: string) {
    this.#failures = 0;
    this.deps.onState({ phase: "live" });
    const event = parseLine(line);
    if (event?.event_type === "session_closed") {
      this.#hint = { afterMillis: (event.payload.reconnect_after_seconds ?? 1) * 1000 };
    } else if (event?.event_type === "error" && event.event_id === null) {
      // An ended token is renewed by the next request; a reader that was too slow resumes at once.
      if (event.payload.error_type === "token_expired" || event.payload.error_type === "slow_consumer") {
        this.#hint = { afterMillis: 0 };
      }
    }
    this.deps.onLine(line);
  }

  #failed(least: number): number {
    this.#failures++;
    return Math.max(least, backoffMillis(this.#failures, this.deps.random ?? Math.random));
  }

  #sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, millis);
      const wake = () => {
        clearTimeout(timer);
        done();
      };
      const seen = () => document.visibilityState === "visible" && wake();
      this.#wake = wake;
      window.addEventListener("online", wake);
      document.addEventListener("visibilitychange", seen);
      const self = this;
      function done() {
        window.removeEventListener("online", wake);
        document.removeEventListener("visibilitychange", seen);
        self.#wake = null;
        resolve();
      }
    });
  }
}

/** Null for a line that is no event: a client must not die of one bad line. */
export function parseLine(line: string): StreamEvent | null {
  try {
    const event = JSON.parse(line) as StreamEvent;
    return typeof event === "object" && event !== null && typeof event.event_type === "string" ? event : null;
  } catch {
    return null;
  }
}
