import { useSyncExternalStore } from "react";
import { useWords } from "../i18n";
import { Button } from "../ui";
import styles from "./VersionStrip.module.css";

let outdated = false;
const listeners = new Set<() => void>();

// A chunk that does not come is gone after an upgrade, or the network is: only the served page tells which. The person
// decides when to reload.
window.addEventListener("vite:preloadError", (event) => {
  event.preventDefault();
  void upgraded().then((yes) => {
    if (!yes) return;
    outdated = true;
    for (const listener of listeners) listener();
  });
});

async function upgraded(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"]')?.src;
  if (!own) return false;
  try {
    const answer = await fetch("/app/", { cache: "no-store" });
    return answer.ok && !(await answer.text()).includes(new URL(own).pathname);
  } catch {
    return false;
  }
}

export function VersionStrip() {
  const words = useWords();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => outdated,
  );
  if (!shown) return null;
  return (
    <div className={styles.strip} role="status">
      <span>{words.newVersion}</span>
      <Button look="quiet" onClick={() => location.reload()}>
        {words.reload}
      </Button>
    </div>
  );
}
