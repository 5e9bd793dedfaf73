import { useSyncExternalStore } from "react";

/** The two live regions of the page: one waits its turn, one interrupts. */
interface Said {
  polite: string;
  urgent: string;
}

let said: Said = { polite: "", urgent: "" };
const listeners = new Set<() => void>();

function publish(next: Said) {
  said = next;
  for (const listener of listeners) listener();
}

export function say(text: string) {
  // A reader keeps silent about a text that did not change, so the same sentence gets an invisible difference.
  publish({ ...said, polite: text === said.polite ? `${text}\u00a0` : text });
}

export function sayNow(text: string) {
  publish({ ...said, urgent: text === said.urgent ? `${text}\u00a0` : text });
}

export function useSaid(): Said {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
}
