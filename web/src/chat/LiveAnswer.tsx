import { type ReactNode, useEffect, useState } from "react";
import { AgentMark } from "../agents";
import type { Message } from "../api";
import { type Activity, useActivity, useTail } from "../feed";
import { type Catalogue, useWords } from "../i18n";
import { hueOf } from "./hue";
import { Markdown } from "./Markdown";
import styles from "./Turn.module.css";

interface Props {
  user: Message;
  messageId: string | null;
  hues: ReadonlyMap<string, number>;
  stopping: boolean;
  children?: ReactNode;
}

/** The answer while it is written: it alone is drawn as pieces come. */
export function LiveAnswer({ user, messageId, hues, stopping, children }: Props) {
  const words = useWords();
  const tail = useTail(messageId ?? "");
  const activity = useActivity(user.id);
  const seconds = useSecondsUntil(activity?.phase === "retrying" ? activity.until : null);
  const state = stopping ? words.stopping : stateWord(words, user, activity, seconds, tail);
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
        <span className={styles.state}>{state}</span>
        {children}
      </header>
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
  activity: Activity | undefined,
  seconds: number,
  tail: { text: string; thinking: string } | undefined,
): string {
  if (activity?.phase === "retrying" && seconds > 0) return words.waitingFor(seconds);
  if (tail?.text) return words.writing;
  if (tail?.thinking) return words.thinking;
  if (user.status === "queued") return words.queuedBehind;
  return words.starting;
}

/** Counts down only while there is something to count. */
function useSecondsUntil(until: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  const left = until ? Math.max(0, Math.ceil((Date.parse(until) - now) / 1000)) : 0;
  useEffect(() => {
    if (!until) return;
    setNow(Date.now());
    const timer = window.setInterval(() => {
      setNow(Date.now());
      if (Date.now() > Date.parse(until)) window.clearInterval(timer);
    }, 1000);
    return () => window.clearInterval(timer);
  }, [until]);
  return left;
}
