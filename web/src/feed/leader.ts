import type { ConnectionState } from "./connection";

/**
 * One reader for all tabs of a browser: HTTP/1.1 allows six connections to a host, so the seventh tab would hang. The tab
 * that holds the Web Lock reads; the others tell it what they show and get every line as it came.
 */
export type TabNote =
  | { kind: "shows"; tab: string; projects: readonly { id: string; position: string | null }[] }
  | { kind: "leaves"; tab: string }
  | { kind: "who" }
  | { kind: "line"; project: string; line: string }
  | { kind: "state"; project: string; state: ConnectionState }
  | { kind: "retry"; project: string }
  | { kind: "ping" }
  | { kind: "pong" };

const pingMillis = 5000;
const silenceMillis = 15_000;

export interface LeaderDeps {
  lock: string;
  onNote: (note: TabNote) => void;
  onLead: () => void;
}

export class Leader {
  readonly tab: string = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  #leading = false;
  #release: (() => void) | null = null;
  #heard = Date.now();
  #timer: ReturnType<typeof setInterval> | null = null;
  #closed = false;

  constructor(readonly deps: LeaderDeps) {
    this.#channel = new BroadcastChannel(deps.lock);
    this.#channel.onmessage = ({ data }: MessageEvent<TabNote>) => this.#hear(data);
    void this.#queue(false);
    // Followers alone keep a clock; a single tab has none at rest.
    this.#timer = setInterval(() => this.#check(), pingMillis);
    window.addEventListener("pagehide", this.#leave);
    window.addEventListener("pageshow", this.#return);
  }

  get leading(): boolean {
    return this.#leading;
  }

  tell(note: TabNote) {
    if (!this.#closed) this.#channel.postMessage(note);
  }

  close() {
    this.#leave();
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#release?.();
    this.#channel.close();
    window.removeEventListener("pagehide", this.#leave);
    window.removeEventListener("pageshow", this.#return);
  }

  #leave = () => this.tell({ kind: "leaves", tab: this.tab });

  /** Back from the page cache: time stood still here, the others went on. */
  #return = (event: PageTransitionEvent) => {
    if (event.persisted) location.reload();
  };

  #hear(note: TabNote) {
    this.#heard = Date.now();
    if (note.kind === "ping") {
      if (this.#leading) this.tell({ kind: "pong" });
      return;
    }
    this.deps.onNote(note);
  }

  #check() {
    if (document.visibilityState !== "visible") {
      // A hidden page is slowed down by the browser, so its silence proves nothing.
      this.#heard = Date.now();
      return;
    }
    if (Date.now() - this.#heard > silenceMillis) {
      this.#heard = Date.now();
      void this.#queue(true);
    } else this.tell({ kind: "ping" });
  }

  async #queue(steal: boolean) {
    try {
      await navigator.locks.request(this.deps.lock, steal ? { steal: true } : {}, () => {
        if (this.#closed) return;
        this.#leading = true;
        if (this.#timer) clearInterval(this.#timer);
        this.#timer = null;
        this.deps.onLead();
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      });
    } catch {
      // Somebody took the lock from us: this tab was frozen for too long and is a follower from now on.
    }
    const was = this.#leading;
    this.#leading = false;
    if (was && !this.#closed) {
      this.deps.onNote({ kind: "who" });
      this.#heard = Date.now();
      this.#timer = setInterval(() => this.#check(), pingMillis);
      void this.#queue(false);
    }
  }
}
