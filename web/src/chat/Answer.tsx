import type { ReactNode } from "react";
import type { Message } from "../api";
import { useWords } from "../i18n";
import { hueOf } from "./hue";
import { Markdown } from "./Markdown";
import { MessageHead } from "./MessageHead";
import styles from "./Turn.module.css";
import type { TurnActs } from "./turnActs";
import { useSteps } from "./useSteps";

interface Props {
  message: Message;
  hues: ReadonlyMap<string, number>;
  acts: TurnActs;
  question: Message | null;
  position: number;
  total: number;
  children?: ReactNode;
}

export function Answer({ message, hues, acts, question, position, total, children }: Props) {
  const words = useWords();
  const { toggle, steps } = useSteps(acts.project, message.task_id);
  const end = {
    cancelled: words.stoppedByYou,
    length: words.cutByLength,
    limit: words.cutByLimit,
    error: words.failedAnswer,
    stop: null,
  }[message.finish_reason ?? "stop"];
  return (
    <article
      id={`m-${message.id}`}
      className={`${styles.message} ${styles.answer}`}
      data-hue={hueOf(message.agent_id, hues)}
      tabIndex={-1}
      aria-posinset={position * 2 + 2}
      aria-setsize={total * 2}
      data-message
    >
      <MessageHead message={message} hues={hues} acts={acts} question={question}>
        {toggle}
        {children}
      </MessageHead>
      {steps}
      <div className={styles.body}>
        <Markdown text={message.content} />
        {end && <p className={styles.end}>{end}</p>}
      </div>
    </article>
  );
}
