import { useEffect, useRef, useSyncExternalStore } from "react";
import { useWords } from "../i18n";
import { Button } from "./Button";
import styles from "./Toast.module.css";

interface Toast {
  id: number;
  text: string;
  undo?: () => void;
  /** Runs once when the chance to undo has passed, or when the page is left before that. */
  commit?: () => void;
}

const undoMillis = 8000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

function settle(toast: Toast, undone: boolean) {
  if (!toasts.includes(toast)) return;
  publish(toasts.filter((other) => other !== toast));
  if (undone) toast.undo?.();
  else toast.commit?.();
}

export function showToast(toast: Omit<Toast, "id">) {
  publish([...toasts, { ...toast, id: nextId++ }]);
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => {
    for (const toast of toasts) settle(toast, false);
  });
}

export function ToastLayer() {
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={styles.layer} role="status">
      {list.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastRow({ toast }: { toast: Toast }) {
  const words = useWords();
  const hold = useRef(false);
  useEffect(() => {
    let timer = 0;
    const tick = () => {
      // Somebody who is on the way to "Undo" must not lose it under the pointer.
      if (hold.current) timer = window.setTimeout(tick, 1000);
      else settle(toast, false);
    };
    timer = window.setTimeout(tick, undoMillis);
    return () => window.clearTimeout(timer);
  }, [toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds the timer while the pointer or focus is inside
    <div
      className={styles.toast}
      onPointerEnter={() => {
        hold.current = true;
      }}
      onPointerLeave={() => {
        hold.current = false;
      }}
      onFocus={() => {
        hold.current = true;
      }}
      onBlur={() => {
        hold.current = false;
      }}
    >
      <span>{toast.text}</span>
      {toast.undo && (
        <Button look="quiet" onClick={() => settle(toast, true)}>
          {words.undo}
        </Button>
      )}
    </div>
  );
}
