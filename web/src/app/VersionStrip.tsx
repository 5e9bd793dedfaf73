import { useSyncExternalStore } from "react";
import { useWords } from "../i18n";
import { Button } from "../ui";
import styles from "./VersionStrip.module.css";

let outdated = false;
const listeners = new Set<() => void>();

// A chunk that is gone means that the server was upgraded. The person decides when to reload.
window.addEventListener("vite:preloadError", (event) => {
  event.preventDefault();
  outdated = true;
  for (const listener of listeners) listener();
});

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
