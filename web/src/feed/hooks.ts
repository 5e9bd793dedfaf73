import { useEffect, useSyncExternalStore } from "react";
import type { ConnectionState } from "./connection";
import { currentFeed } from "./current";
import type { Activity } from "./patches";
import type { Tail } from "./tails";

/** Holds the project's feed open while the calling screen is shown. */
export function useProjectFeed(project: string | null) {
  useEffect(() => (project ? currentFeed().show(project) : undefined), [project]);
}

const connecting: ConnectionState = { phase: "connecting" };

export function useConnection(project: string | null): ConnectionState {
  return useSyncExternalStore(
    (listener) => currentFeed().subscribe(listener),
    () => (project ? currentFeed().state(project) : connecting),
  );
}

export function useTail(messageId: string): Tail | undefined {
  return useSyncExternalStore(
    (listener) => currentFeed().tails.subscribe(messageId, listener),
    () => currentFeed().tails.get(messageId),
  );
}

/** The answers that are being written in a session. Changes when one begins or ends, not with every word. */
export function useRunning(session: string): string {
  return useSyncExternalStore(
    (listener) => currentFeed().tails.subscribe(session, listener),
    () =>
      currentFeed()
        .tails.running(session)
        .map((tail) => `${tail.userMessageId}=${tail.messageId}`)
        .join(),
  );
}

export function useActivity(userMessageId: string): Activity | undefined {
  return useSyncExternalStore(
    (listener) => currentFeed().tails.subscribe(userMessageId, listener),
    () => currentFeed().tails.activity(userMessageId),
  );
}
