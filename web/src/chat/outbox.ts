import { useSyncExternalStore } from "react";
import { ApiError, api, busySeconds, isCode, type Message, must, NetworkError, newKey } from "../api";
import { currentFeed } from "../feed";

export interface Outgoing {
  /** The client's own name of the message, and the key under which the server runs it once. */
  ref: string;
  project: string;
  /** Null until the session of a first message exists. */
  session: string | null;
  content: string;
  target: string | null;
  at: string;
  /** The message that this one replaces. */
  edits: string | null;
  state: "sending" | "unsent" | "busy" | "refused";
  retryAt: number | null;
  problem: unknown;
}

const storeKey = "artel.outbox";
let items: readonly Outgoing[] = load();
const listeners = new Set<() => void>();
const working = new Set<string>();
/** Which optimistic row a stored message was, so that its place on the screen stays the same element. */
const refs = new Map<string, string>();

function load(): readonly Outgoing[] {
  try {
    const stored: Outgoing[] = JSON.parse(localStorage.getItem(storeKey) ?? "[]");
    return stored.map((item) => ({
      ...item,
      problem: null,
      state: item.state === "refused" ? "unsent" : item.state,
    }));
  } catch {
    return [];
  }
}

function publish(next: readonly Outgoing[]) {
  items = next;
  try {
    if (next.length > 0)
      localStorage.setItem(storeKey, JSON.stringify(next.map((item) => ({ ...item, problem: null }))));
    else localStorage.removeItem(storeKey);
  } catch {
    // Without a store an unsent message lives as long as the page.
  }
  for (const listener of listeners) listener();
}

function change(ref: string, fields: Partial<Outgoing>) {
  publish(items.map((item) => (item.ref === ref ? { ...item, ...fields } : item)));
}

export function useOutbox(): readonly Outgoing[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => items,
  );
}

export function keyOfMessage(id: string): string {
  return refs.get(id) ?? id;
}

export function discard(ref: string) {
  publish(items.filter((item) => item.ref !== ref));
}

/** The feed has shown the stored message: the optimistic row has done its work. */
export function settled(ref: string, id: string) {
  refs.set(id, ref);
  if (items.some((item) => item.ref === ref)) discard(ref);
}

export function send(
  message: Pick<Outgoing, "project" | "session" | "content" | "target" | "edits">,
  onSession: (session: string) => void,
): string {
  const ref = newKey();
  publish([
    ...items,
    { ...message, ref, at: new Date().toISOString(), state: "sending", retryAt: null, problem: null },
  ]);
  void work(message.project, message.session, onSession);
  return ref;
}

export function resend(ref: string) {
  const item = items.find((other) => other.ref === ref);
  if (!item) return;
  change(ref, { state: "sending", problem: null, retryAt: null });
  void work(item.project, item.session, () => {});
}

/** What was written while the connection was away goes out, in order, when it is back. */
export function flush() {
  for (const item of items) {
    if (item.state !== "refused") void work(item.project, item.session, () => {});
  }
}

/** Sends what waits for one session, one after another: the order of writing is the order of answering. */
async function work(project: string, session: string | null, onSession: (session: string) => void) {
  const place = session ?? `new ${project}`;
  if (working.has(place)) return;
  working.add(place);
  try {
    for (;;) {
      const item = items.find(
        (other) => other.project === project && other.session === session && other.state !== "refused",
      );
      if (!item) return;
      const wait = await attempt(item, onSession);
      if (wait === "offline") return;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const moved = items.find((other) => other.ref === item.ref && other.session !== session);
      if (moved) void work(project, moved.session, onSession);
    }
  } finally {
    working.delete(place);
  }
}

/** The answer is the time to wait before this or the next message may be tried. */
async function attempt(item: Outgoing, onSession: (session: string) => void): Promise<number | "offline"> {
  change(item.ref, { state: "sending", retryAt: null });
  try {
    let { session } = item;
    if (!session) {
      const created = await must(
        api.POST("/my/projects/{project_id}/chat/sessions", {
          params: { path: { project_id: item.project }, header: { "Idempotency-Key": `${item.ref}-s` } },
          body: {},
        }),
      );
      session = created.id;
      change(item.ref, { session });
      onSession(session);
    }
    const stored = await must(post(item, session));
    refs.set(stored.id, item.ref);
    if (stored.role === "user") store(item.project, session, stored);
    discard(item.ref);
    return 0;
  } catch (error) {
    if (error instanceof NetworkError) {
      change(item.ref, { state: "unsent", problem: null });
      return "offline";
    }
    const seconds = busySeconds(error);
    if (seconds !== null && !isCode(error, "LLM_PROVIDER_ERROR")) {
      change(item.ref, { state: "busy", retryAt: Date.now() + seconds * 1000 });
      return seconds * 1000;
    }
    // A provider that failed has the message already: it is in the history, with its cause.
    if (isCode(error, "LLM_PROVIDER_ERROR") || isCode(error, "TASK_TIMEOUT")) discard(item.ref);
    else change(item.ref, { state: "refused", problem: error });
    return 0;
  }
}

function post(item: Outgoing, session: string) {
  const header = { "Idempotency-Key": item.ref, Prefer: "respond-async" };
  const body = { content: item.content, target_agent: item.target ?? undefined, client_ref: item.ref };
  return item.edits
    ? api.POST("/my/projects/{project_id}/chat/{session_id}/messages/{message_id}/edit", {
        params: { path: { project_id: item.project, session_id: session, message_id: item.edits }, header },
        body,
      })
    : api.POST("/my/projects/{project_id}/chat/{session_id}/message", {
        params: { path: { project_id: item.project, session_id: session }, header },
        body,
      });
}

/** The answer of the server may come before the event: it counts as older than any event. */
function store(project: string, session: string, message: Message) {
  currentFeed().apply([
    { op: "append", kind: "message", project, session, id: message.id, seq: 0, fields: message },
  ]);
}

export function refusedAgent(problem: unknown): readonly string[] | null {
  if (!(problem instanceof ApiError) || problem.code !== "NOT_FOUND") return null;
  const names = problem.metadata.suggestions;
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === "string") : null;
}
