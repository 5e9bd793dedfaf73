import { type ReactNode, useEffect, useState } from "react";
import { useWords } from "../i18n";
import { Button } from "./Button";
import styles from "./States.module.css";

/** Nothing for 150 ms, then still lines of the height that will be needed. */
export function Skeleton({ lines = 6, label }: { lines?: number; label?: string }) {
  const [shown, show] = useState(false);
  const words = useWords();
  useEffect(() => {
    const timer = window.setTimeout(() => show(true), 150);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className={styles.skeleton} role="status" data-shown={shown || undefined}>
      <span className="visually-hidden">{label ?? words.loading}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={styles.bone} data-short={index % 3 === 2 || undefined} />
      ))}
    </div>
  );
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}

export interface ProblemText {
  /** What happened and what is safe. */
  text: string;
  detail?: string | null;
  requestId?: string | null;
}

/** A failure inside the page: what failed, what is safe, a way on. The rest of the page stays usable. */
export function Problem({ problem, onRetry }: { problem: ProblemText; onRetry?: () => void }) {
  const words = useWords();
  return (
    <div className={styles.problem} role="alert">
      <p>{problem.text}</p>
      <div className={styles.acts}>
        {onRetry && <Button onClick={onRetry}>{words.retry}</Button>}
        {(problem.detail || problem.requestId) && (
          <details>
            <summary>{words.details}</summary>
            {problem.detail && <p>{problem.detail}</p>}
            {problem.requestId && (
              <p>
                {words.requestId} <code>{problem.requestId}</code>
              </p>
            )}
          </details>
        )}
      </div>
    </div>
  );
}
