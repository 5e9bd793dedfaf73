import { useSyncExternalStore } from "react";

/**
 * The access token lives here, in the memory of this tab, and nowhere else. A reload gets a new one through the refresh
 * cookie. The cookie changes at each use and a used one ends its whole family, so refreshing is serialised over all tabs
 * by a Web Lock and the result is handed to them.
 */
export type SignInState =
  | { phase: "starting" }
  | { phase: "in"; userId: string | null }
  | { phase: "out"; why: "first" | "link" | "ended" | "token" | "away" };

interface Tokens {
  access_token: string;
  expires_in: number;
  user_id: string;
}

type Note = { kind: "token"; tokens: Tokens; at: number } | { kind: "signed-out" };

let token: string | null = null;
let expiresAt = 0;
let state: SignInState = { phase: "starting" };
let renewing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("artel.auth");

function move(next: SignInState) {
  state = next;
  for (const listener of listeners) listener();
}

function adopt(tokens: Tokens, tell: boolean) {
  token = tokens.access_token;
  expiresAt = Date.now() + tokens.expires_in * 1000;
  move({ phase: "in", userId: tokens.user_id });
  if (tell) channel?.postMessage({ kind: "token", tokens, at: Date.now() } satisfies Note);
}

if (channel) {
  channel.onmessage = ({ data }: MessageEvent<Note>) => {
    if (data.kind === "signed-out") {
      token = null;
      move({ phase: "out", why: "first" });
    } else if (state.phase === "in" && data.tokens.user_id !== state.userId) {
      // Another person signed in next door: this page shows the first one's data and must not go on with it.
      location.reload();
    } else adopt(data.tokens, false);
  };
}

async function post(path: string, body?: unknown): Promise<Response> {
  return fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
}

/** Takes the one-time code out of the address before anything else can see it. */
function takeCode(): string | null {
  const match = /^#(?:code=)?([A-Za-z0-9_-]{32,128})$/.exec(location.hash);
  if (!match?.[1]) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return match[1];
}

export async function startSession(): Promise<void> {
  const code = takeCode();
  try {
    if (code) {
      const answer = await post("/auth/link", { code });
      if (answer.ok) {
        adopt(await answer.json(), true);
        return;
      }
    }
    if (await renew()) return;
    if (state.phase !== "out") move({ phase: "out", why: code ? "link" : "first" });
    else if (code) move({ phase: "out", why: "link" });
  } catch {
    move({ phase: "out", why: "away" });
  }
}

/** One refresh for all callers and all tabs. False: the person has to sign in. Throws when the server is away. */
export function renew(): Promise<boolean> {
  const before = token;
  renewing ??= exclusive(async () => {
    if (token !== before) return token !== null;
    const answer = await post("/auth/refresh");
    if (!answer.ok) {
      if (answer.status >= 500 || answer.status === 429) throw new TypeError("refresh is not available now");
      token = null;
      move({ phase: "out", why: state.phase === "in" ? "ended" : "first" });
      return false;
    }
    adopt(await answer.json(), true);
    return true;
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

function exclusive<T>(act: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return act();
  return navigator.locks.request("artel.refresh", act) as Promise<T>;
}

/** The token to send; renewed first when it is about to end. */
export async function accessToken(): Promise<string | null> {
  if (token && Date.now() > expiresAt - 20_000) await renew();
  return token;
}

/** A token that the person pasted. It is proven by a first call before the page opens. */
export async function signInWithToken(pasted: string): Promise<boolean> {
  const answer = await fetch("/my/me", { headers: { Authorization: `Bearer ${pasted}` } });
  if (!answer.ok) return false;
  const me = await answer.json();
  token = pasted;
  expiresAt = Number.POSITIVE_INFINITY;
  move({ phase: "in", userId: me.user_id });
  return true;
}

export async function signOut(): Promise<void> {
  try {
    await fetch("/auth/refresh", { method: "DELETE", credentials: "same-origin" });
  } finally {
    token = null;
    forgetLocal();
    channel?.postMessage({ kind: "signed-out" } satisfies Note);
    move({ phase: "out", why: "first" });
  }
}

/** Drafts, read positions and unsent messages belong to the person; look and language to the browser. */
function forgetLocal() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("artel.") && key !== "artel.prefs") localStorage.removeItem(key);
  }
}

export function signInState(): SignInState {
  return state;
}

export function useSignIn(): SignInState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, signInState);
}
