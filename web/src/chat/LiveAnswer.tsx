import { lazy, type ReactNode, Suspense, useState } from "react";
import { AgentMark } from "../agents";
import type { Message } from "../api";
import { useActivity, useTail } from "../feed";
import { type Catalogue, useWords } from "../i18n";
import { hueOf } from "./hue";
import { Markdown } from "./Markdown";
import styles from "./Turn.module.css";
import { useSteps } from "./useSteps";

const RetrySentence = lazy(async () => ({ default: (await import("../tasks")).RetrySentence }));
const TaskWaits = lazy(async () => ({ default: (await import("../tasks")).TaskWaits }));
const newMillis = 3000;

interface Props {
  project: string;
  user: Message;
  messageId: string | null;
  hues: ReadonlyMap<string, number>;
  stopping: boolean;
  children?: ReactNode;
}

/** The answer while it is written: it alone is drawn as pieces come. */
export function LiveAnswer({ project, user, messageId, hues, stopping, children }: Props) {
  const words = useWords();
  const tail = useTail(messageId ?? "");
  const activity = useActivity(user.id);
  const waits = activity?.phase === "waiting" && !stopping;
  const { toggle, steps } = useSteps(project, tail?.taskId ?? user.task_id);
  // A page that came later has not heard whether the task was put off.
  const [late] = useState(() => Date.now() - Date.parse(user.timestamp) > newMillis);
  const state = stopping ? words.stopping : stateWord(words, user, tail);
  return (
    <article
      className={`${styles.message} ${styles.answer}`}
      data-hue={hueOf(tail?.agentId ?? null, hues)}
      aria-busy="true"
      tabIndex={-1}
      data-message
    >
      <header className={styles.head}>
        <span className={styles.gutter}>
          {tail ? (
            <AgentMark id={tail.agentId} name={tail.agentName} hues={hues} />
          ) : (
            <span className={styles.pending} />
          )}
        </span>
        {tail && <h2 className={styles.name}>{tail.agentName}</h2>}
        <span className={styles.state}>
          {waits ? (
            <Suspense>
              <RetrySentence until={activity.until} errorType={activity.errorType} />
            </Suspense>
          ) : (
            state
          )}
        </span>
        {late && !activity && !tail?.text && user.task_id && (
          <Suspense>
            <TaskWaits project={project} task={user.task_id} />
          </Suspense>
        )}
        {toggle}
        {children}
      </header>
      {steps}
      <div className={styles.body}>
        {tail?.thinking && !tail.text && (
          <details className={styles.thoughts}>
            <summary>{words.thoughts}</summary>
            <p>{tail.thinking}</p>
          </details>
        )}
        {tail?.text && <Markdown text={tail.text} live />}
      </div>
    </article>
  );
}

function stateWord(
  words: Catalogue,
  user: Message,
  tail: { text: string; thinking: string } | undefined,
): string {
  if (tail?.text) return words.writing;
  if (tail?.thinking) return words.thinking;
  if (user.status === "queued") return words.queuedBehind;
  return words.starting;
}
