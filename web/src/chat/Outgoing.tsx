import { type ReactNode, useEffect, useState } from "react";
import { ApiError, problemText } from "../api";
import { formatTime, useWords } from "../i18n";
import { Mark } from "../ui";
import { discard, type Outgoing, refusedAgent, resend } from "./outbox";
import styles from "./Turn.module.css";

/** A message that the server does not have yet. It never disappears by itself. */
export function OutgoingView({ item, onTakeBack }: { item: Outgoing; onTakeBack: (item: Outgoing) => void }) {
  const words = useWords();
  return (
    <div className={styles.turn} data-turn={item.ref}>
      <article className={`${styles.message} ${styles.question}`} tabIndex={-1} data-message>
        <header className={styles.head}>
          <span className={styles.gutter}>
            <Mark name={words.you} hue={0} />
          </span>
          <h2 className={styles.name}>
            {words.you} <time dateTime={item.at}>{formatTime(words.locale, item.at)}</time>
          </h2>
          <State item={item} />
        </header>
        <div className={styles.asked} dir="auto">
          {item.content}
        </div>
      </article>
      {item.state === "refused" && (
        <div className={styles.failed} data-tone="danger">
          <Why item={item} />
          <button type="button" className={styles.act} onClick={() => resend(item.ref)}>
            {words.retry}
          </button>
          <button type="button" className={styles.act} onClick={() => onTakeBack(item)}>
            {words.backToComposer}
          </button>
          <button type="button" className={styles.act} onClick={() => discard(item.ref)}>
            {words.dropUnsent}
          </button>
        </div>
      )}
    </div>
  );
}

function Why({ item }: { item: Outgoing }): ReactNode {
  const words = useWords();
  const names = refusedAgent(item.problem);
  const mention = /^@(\S+)/.exec(item.content)?.[1] ?? item.target ?? "";
  if (names && item.problem instanceof ApiError) {
    return (
      <span>
        {words.agentUnknown(mention)}
        {names.length > 0 && ` ${words.didYouMean(names.map((name) => `@${name}`).join(", "))}`}
      </span>
    );
  }
  return <span>{problemText(item.problem, words).text}</span>;
}

function State({ item }: { item: Outgoing }) {
  const words = useWords();
  const [now, setNow] = useState(() => Date.now());
  const { retryAt } = item;
  useEffect(() => {
    if (!retryAt) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [retryAt]);
  const text = {
    sending: words.sending,
    unsent: words.unsent,
    busy: words.sendWaiting(retryAt ? Math.max(1, Math.ceil((retryAt - now) / 1000)) : 1),
    refused: words.notSent,
  }[item.state];
  return <span className={styles.state}>{text}</span>;
}
