import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Session } from "../api";
import { keys, type MessageList, type SessionList } from "./keys";
import type { Patch, RowPatch, WorkEvent } from "./patches";
import { patched, Stamps } from "./rows";
import type { Tails } from "./tails";

const journalLength = 2000;

export type WorkListener = (project: string, event: WorkEvent) => void;
type Announce = (patch: Extract<Patch, { op: "announce" }>) => void;

/** Brings patches into the query cache, and onto answers of REST that were on their way meanwhile. */
export class Applier {
  #stamps = new Stamps();
  #copies = new Map<string, Stamps>();
  #journal: RowPatch[] = [];
  #journalStart = 0;
  readonly work = new Set<WorkListener>();

  constructor(
    readonly client: QueryClient,
    readonly tails: Tails,
    readonly announce: Announce,
    readonly onRef: (ref: string, id: string) => void,
  ) {}

  mark(): number {
    return this.#journalStart + this.#journal.length;
  }

  /** A loaded list with everything that happened since `mark` applied again: events and REST may race freely. */
  onTop<T extends { id: string }>(
    mark: number,
    kind: RowPatch["kind"],
    project: string,
    session: string | null,
    rows: readonly T[],
  ): readonly T[] {
    const stamps = new Stamps();
    let list = rows;
    for (const patch of this.#journal.slice(Math.max(0, mark - this.#journalStart))) {
      if (patch.kind !== kind || patch.project !== project) continue;
      if (session !== null && patch.session !== session) continue;
      list = patched(list as never, patch as never, stamps) as unknown as readonly T[];
    }
    return list;
  }

  apply(patches: readonly Patch[]) {
    for (const patch of patches) {
      switch (patch.op) {
        case "append":
        case "upsert":
        case "remove":
          this.#journal.push(patch);
          if (this.#journal.length > journalLength) {
            this.#journal.shift();
            this.#journalStart++;
          }
          this.#row(patch);
          break;
        case "invalidate":
          this.#invalidate(patch);
          break;
        case "tail":
          this.tails.apply(patch.tail);
          break;
        case "work":
          for (const listener of this.work) listener(patch.project, patch.event);
          break;
        case "announce":
          this.announce(patch);
      }
    }
  }

  #row(patch: RowPatch) {
    const { client } = this;
    switch (patch.kind) {
      case "message": {
        if (!patch.session) return;
        const key = keys.messages(patch.project, patch.session);
        const list = client.getQueryData<MessageList>(key);
        if (list) {
          const rows = patched(list.rows, patch, this.#stamps);
          if (rows !== list.rows) client.setQueryData<MessageList>(key, { ...list, rows });
        }
        if (patch.op === "append") {
          if (patch.ref) this.onRef(patch.ref, patch.id);
          this.#titleFromFirst(patch.project, patch.session);
        }
        return;
      }
      case "agent": {
        const key = keys.agents(patch.project);
        client.setQueryData<readonly never[]>(
          key,
          (rows) => rows && (patched(rows, patch, this.#stamps) as never),
        );
        return;
      }
      case "project":
        client.setQueryData<readonly never[]>(
          keys.projects,
          (rows) => rows && (patched(rows, patch, this.#stamps) as never),
        );
        return;
      case "session":
        this.#session(patch);
    }
  }

  #session(patch: Extract<RowPatch, { kind: "session" }>) {
    const { client } = this;
    const one = keys.session(patch.project, patch.id);
    if (patch.op === "remove") {
      client.removeQueries({ queryKey: keys.messages(patch.project, patch.id) });
      client.invalidateQueries({ queryKey: one });
    } else {
      client.setQueryData<Session>(one, (row) => row && patched([row], patch, this.#stampsOf("one"))[0]);
    }
    let moved = false;
    for (const archived of [false, true]) {
      client.setQueryData<InfiniteData<SessionList>>(keys.sessions(patch.project, archived), (data) => {
        if (!data) return data;
        let changed = false;
        const pages = data.pages.map((page) => {
          let rows = patched(page.rows, patch, this.#stampsOf(`list ${archived}`));
          if (rows.some((row) => row.id === patch.id && row.archived !== archived)) {
            rows = rows.filter((row) => row.id !== patch.id);
            moved = true;
          }
          changed ||= rows !== page.rows;
          return rows === page.rows ? page : { ...page, rows };
        });
        return changed ? { ...data, pages } : data;
      });
    }
    if (moved) client.invalidateQueries({ queryKey: ["sessions", patch.project] });
  }

  /** A session has up to three copies here, and the same event changes each of them: each has stamps of its own. */
  #stampsOf(copy: string): Stamps {
    const stamps = this.#copies.get(copy) ?? new Stamps();
    this.#copies.set(copy, stamps);
    return stamps;
  }

  /** The server names a session after its first message. */
  #titleFromFirst(project: string, session: string) {
    const row = this.client.getQueryData<Session>(keys.session(project, session));
    if (row && row.title === null)
      this.#invalidate({ op: "invalidate", kind: "session", project, id: session });
  }

  #invalidate(patch: Extract<Patch, { op: "invalidate" }>) {
    const { client } = this;
    const { project, id } = patch;
    switch (patch.kind) {
      case "session":
        client.invalidateQueries({ queryKey: ["sessions", project] });
        if (id) client.invalidateQueries({ queryKey: keys.session(project, id) });
        return;
      case "messages":
      case "message":
        if (id) client.invalidateQueries({ queryKey: keys.messages(project, id) });
        return;
      case "agent":
        client.invalidateQueries({ queryKey: keys.agents(project) });
        if (id) client.invalidateQueries({ queryKey: ["agent-versions", project, id] });
        return;
      case "usage":
        client.invalidateQueries({ queryKey: ["usage"] });
        return;
      case "project":
        client.invalidateQueries({ queryKey: keys.projects });
        return;
      case "everything":
        client.invalidateQueries();
    }
  }
}
