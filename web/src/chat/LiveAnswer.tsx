import type { ReactNode } from "react";
import { AgentMark } from "../agents";
import type { Message } from "../api";
import { useTail } from "../feed";
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
  tail: { text: string; thinking: string } | undefined,
): string {
  if (tail?.text) return words.writing;
  if (tail?.thinking) return words.thinking;
  if (user.status === "queued") return words.queuedBehind;
  return words.starting;
}
