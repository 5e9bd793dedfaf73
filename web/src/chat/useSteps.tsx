import { lazy, type ReactNode, Suspense, useState } from "react";
import { useWords } from "../i18n";
import styles from "./Turn.module.css";

const TaskSteps = lazy(async () => ({ default: (await import("../tasks")).TaskSteps }));

// What was opened while the answer was written stays open when the stored one takes its place.
const opened = new Set<string>();

/** A button in an answer's head, and the steps of its task that it opens below. */
export function useSteps(project: string, task: string | null): { toggle: ReactNode; steps: ReactNode } {
  const words = useWords();
  const [, redraw] = useState(0);
  if (!task) return { toggle: null, steps: null };
  const open = opened.has(task);
  return {
    toggle: (
      <button
        type="button"
        className={styles.steps}
        aria-expanded={open}
        onClick={() => {
          if (!opened.delete(task)) opened.add(task);
          redraw((n) => n + 1);
        }}
      >
        {words.steps}
      </button>
    ),
    steps: open && (
      <Suspense>
        <TaskSteps project={project} task={task} />
      </Suspense>
    ),
  };
}
