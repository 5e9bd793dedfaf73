import type { QueryClient } from "@tanstack/react-query";
import { api, authorizedFetch, must, type StreamEvent } from "../api";
import { Applier, type WorkListener } from "./apply";
import { Connection, type ConnectionState, parseLine } from "./connection";
import { setCurrentFeed } from "./current";
import { Leader, type TabNote } from "./leader";
import { FeedOrder } from "./order";
import type { Patch, RowPatch } from "./patches";
import { reduce } from "./reduce";
import { Tails } from "./tails";

type Announcement = Extract<Patch, { op: "announce" }>;

interface FeedOptions {
  client: QueryClient;
  announce: (patch: Announcement) => void;
  onRef: (ref: string, id: string) => void;
  onCaughtUp: () => void;
}

/** Everything between the wire and the screens, for all projects that this browser shows. */
export class Feed {
  readonly tails: Tails;
  readonly #applier: Applier;
  readonly #leader: Leader;
  readonly #onCaughtUp: () => void;
  readonly #orders = new Map<string, FeedOrder>();
  readonly #shown = new Map<string, number>();
  readonly #othersShow = new Map<string, readonly { id: string; position: string | null }[]>();
  readonly #connections = new Map<string, Connection>();
  readonly #states = new Map<string, ConnectionState>();
  readonly #listeners = new Set<() => void>();
  /** Lines of a project are applied one after another, also when one of them has to be fetched whole. */
  readonly #queues = new Map<string, Promise<void>>();
  readonly #filling = new Set<string>();

  constructor({ client, announce, onRef, onCaughtUp }: FeedOptions) {
    this.#onCaughtUp = onCaughtUp;
    this.tails = new Tails((tail) => void this.#fillGap(tail.session, tail.messageId));
    this.#applier = new Applier(client, this.tails, announce, onRef);
    this.#leader = new Leader({
      lock: "artel.feed",
      onNote: (note) => this.#note(note),
      onLead: () => {
        this.#leader.tell({ kind: "who" });
        this.#follow();
      },
    });
    setCurrentFeed(this);
  }

  /** Keeps a project's feed open until the returned function is called. */
  show(project: string): () => void {
    this.#shown.set(project, (this.#shown.get(project) ?? 0) + 1);
    this.#tellShown();
    this.#follow();
    return () => {
      const left = (this.#shown.get(project) ?? 1) - 1;
      if (left > 0) this.#shown.set(project, left);
      else this.#shown.delete(project);
      this.#tellShown();
      this.#follow();
    };
  }

  state(project: string): ConnectionState {
    return this.#states.get(project) ?? connecting;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(project: string) {
    if (this.#leader.leading) this.#connections.get(project)?.retryNow();
    else this.#leader.tell({ kind: "retry", project });
  }

  mark(): number {
    return this.#applier.mark();
  }

  onTop<T extends { id: string }>(
    mark: number,
    kind: RowPatch["kind"],
    project: string,
    session: string | null,
    rows: readonly T[],
  ): readonly T[] {
    return this.#applier.onTop(mark, kind, project, session, rows);
  }

  onWork(listener: WorkListener) {
    this.#applier.work.add(listener);
  }

  /** The own act, as its answer tells it: the event that says the same will change nothing. */
  apply(patches: readonly Patch[]) {
    this.#applier.apply(patches);
  }

  startAt(project: string, position: string | null) {
    this.#order(project).startAt(position);
  }

  close() {
    for (const connection of this.#connections.values()) connection.stop();
    this.#connections.clear();
    this.#leader.close();
  }

  #order(project: string): FeedOrder {
    const known = this.#orders.get(project) ?? new FeedOrder();
    this.#orders.set(project, known);
    return known;
  }

  #tellShown() {
    this.#leader.tell({
      kind: "shows",
      tab: this.#leader.tab,
      projects: [...this.#shown.keys()].map((id) => ({ id, position: this.#order(id).position })),
    });
  }

  #note(note: TabNote) {
    switch (note.kind) {
      case "who":
        if (!this.#leader.leading) this.#follow();
        this.#tellShown();
        return;
      case "shows":
        this.#othersShow.set(note.tab, note.projects);
        for (const { id, position } of note.projects) this.#order(id).startAt(position);
        this.#follow();
        if (this.#leader.leading) {
          for (const { id } of note.projects)
            this.#leader.tell({ kind: "state", project: id, state: this.state(id) });
        }
        return;
      case "leaves":
        this.#othersShow.delete(note.tab);
        this.#follow();
        return;
      case "line":
        this.#line(note.project, note.line);
        return;
      case "state":
        this.#setState(note.project, note.state);
        return;
      case "retry":
        if (this.#leader.leading) this.#connections.get(note.project)?.retryNow();
    }
  }

  /** Opens what some tab shows and closes the rest; a follower closes everything. */
  #follow() {
    const wanted = new Set<string>();
    if (this.#leader.leading) {
      for (const project of this.#shown.keys()) wanted.add(project);
      for (const projects of this.#othersShow.values()) for (const { id } of projects) wanted.add(id);
    }
    for (const [project, connection] of this.#connections) {
      if (wanted.has(project)) continue;
      connection.stop();
      this.#connections.delete(project);
    }
    for (const project of wanted) {
      if (!this.#connections.has(project)) this.#connections.set(project, this.#open(project));
    }
  }

  #open(project: string): Connection {
    return new Connection({
      fetch: authorizedFetch,
      url: (position) =>
        `/my/projects/${project}/events?deltas=1${position ? `&last_event_id=${encodeURIComponent(position)}` : ""}`,
      position: () => this.#order(project).position,
      onLine: (line) => {
        this.#leader.tell({ kind: "line", project, line });
        this.#line(project, line);
      },
      onState: (state) => {
        const before = this.state(project);
        if (before.phase === state.phase && state.phase !== "offline") return;
        this.#setState(project, state);
        this.#leader.tell({ kind: "state", project, state });
      },
    });
  }

  #setState(project: string, state: ConnectionState) {
    this.#states.set(project, state);
    for (const listener of this.#listeners) listener();
  }

  #line(project: string, line: string) {
    const event = parseLine(line);
    if (!event) return;
    const waiting = this.#queues.get(project);
    if (waiting || isStub(event)) {
      const next = (waiting ?? Promise.resolve())
        .then(async () => this.#take(project, isStub(event) ? await this.#whole(event) : event))
        .finally(() => {
          if (this.#queues.get(project) === next) this.#queues.delete(project);
        });
      this.#queues.set(project, next);
    } else this.#take(project, event);
  }

  #take(project: string, event: StreamEvent) {
    const order = this.#order(project);
    if (!order.take(event)) return;
    if (event.event_type === "replay_gap") {
      order.forget();
      this.#onCaughtUp();
    }
    this.#applier.apply(reduce(event, project));
  }

  /** A large event comes as a stub; the stub serves when the whole cannot be had. */
  async #whole(event: StreamEvent): Promise<StreamEvent> {
    if (!event.event_id || !event.project_id) return event;
    try {
      const item = await must(
        api.GET("/my/projects/{project_id}/events/{event_id}", {
          params: { path: { project_id: event.project_id, event_id: event.event_id } },
        }),
      );
      return { ...event, payload: item.payload } as StreamEvent;
    } catch {
      return event;
    }
  }

  async #fillGap(session: string, message: string) {
    if (this.#filling.has(message)) return;
    this.#filling.add(message);
    try {
      await this.#loadText(session, message);
    } finally {
      this.#filling.delete(message);
    }
  }

  async #loadText(session: string, message: string) {
    for (const id of this.#shown.keys()) {
      try {
        const row = await must(
          api.GET("/my/projects/{project_id}/chat/{session_id}/messages/{message_id}", {
            params: { path: { project_id: id, session_id: session, message_id: message } },
          }),
        );
        this.tails.fill(message, row.content);
        return;
      } catch {
        // The next piece will notice the gap again.
      }
    }
  }
}

/** A large event comes without most of its payload. */
function isStub(event: StreamEvent): boolean {
  return "truncated" in event.payload;
}

const connecting: ConnectionState = { phase: "connecting" };
