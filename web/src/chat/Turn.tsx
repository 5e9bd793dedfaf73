import { memo } from "react";
import type { Message } from "../api";
import { useWords } from "../i18n";
import { Answer } from "./Answer";
import { Asked } from "./Asked";
import { LiveAnswer } from "./LiveAnswer";
import { MessageHead, VersionSwitch } from "./MessageHead";
import styles from "./Turn.module.css";
import type { TurnActs } from "./turnActs";
import type { Turn } from "./turns";
import { useSteps } from "./useSteps";

interface Props {
  turn: Turn;
  /** The chosen answer, null for the newest. */
  answerId: string | null;
  /** The answer that is being written to this question. */
  runningId: string | null;
  hues: ReadonlyMap<string, number>;
  acts: TurnActs;
  position: number;
  total: number;
  stopping: boolean;
  unread: boolean;
}

export const TurnView = memo(function TurnView(props: Props) {
  const { turn, answerId, runningId, hues, acts, position, total, stopping, unread } = props;
  const words = useWords();
  const { user, answers, wordings } = turn;
  const shown = runningId
    ? null
    : (answers.find((answer) => answer.id === answerId) ?? answers.at(-1) ?? null);
  const waits = user !== null && !shown && (user.status === "queued" || user.status === "processing");
  const versions = answers.length + (runningId ? 1 : 0);
  const at = shown ? answers.indexOf(shown) + 1 : versions;
  const answerSwitch =
    versions > 1 && user ? (
      <VersionSwitch
        at={at}
        of={versions}
        disabled={runningId !== null}
        onTurn={(step) => acts.choose(`answer ${user.id}`, answers[at - 1 + step]!.id)}
      />
    ) : null;
  return (
    <div className={styles.turn} data-turn={turn.key}>
      {unread && <p className={styles.unread}>{words.newMessages}</p>}
      {user && (
        <article
          id={`m-${user.id}`}
          className={`${styles.message} ${styles.question}`}
          tabIndex={-1}
          aria-posinset={position * 2 + 1}
          aria-setsize={total * 2}
          data-message
        >
          <MessageHead message={user} hues={hues} acts={acts}>
            {wordings.length > 1 && (
              <VersionSwitch
                at={wordings.indexOf(user) + 1}
                of={wordings.length}
                onTurn={(step) => acts.choose(turn.root, wordings[wordings.indexOf(user) + step]!.id)}
              />
            )}
          </MessageHead>
          <Asked text={user.content} />
        </article>
      )}
      {shown && (
        <Answer message={shown} hues={hues} acts={acts} question={user} position={position} total={total}>
          {answerSwitch}
        </Answer>
      )}
      {user && (runningId || waits) && (
        <LiveAnswer project={acts.project} user={user} messageId={runningId} hues={hues} stopping={stopping}>
          {answerSwitch}
        </LiveAnswer>
      )}
      {user && !shown && !runningId && (user.status === "failed" || user.status === "cancelled") && (
        <Failed project={acts.project} message={user} onRetry={() => acts.retry(user, null)} />
      )}
      {turn.others.map((message) =>
        message.role === "system" ? (
          <p key={message.id} className={styles.system}>
            {message.content}
          </p>
        ) : (
          <Answer
            key={message.id}
            message={message}
            hues={hues}
            acts={acts}
            question={null}
            position={position}
            total={total}
          />
        ),
      )}
    </div>
  );
});

/** The message stays where it is, with the cause below it. */
function Failed({ project, message, onRetry }: { project: string; message: Message; onRetry: () => void }) {
  const words = useWords();
  const { toggle, steps } = useSteps(project, message.task_id);
  const stopped = message.status === "cancelled";
  return (
    <div className={styles.failed} data-tone={stopped ? "quiet" : "danger"}>
      <span>{stopped ? words.stoppedByYou : words.failedAnswer}</span>
      <button type="button" className={styles.act} onClick={onRetry}>
        {words.retry}
      </button>
      {toggle}
      {message.error && (
        <details>
          <summary>{words.details}</summary>
          <p>{message.error}</p>
        </details>
      )}
      {steps && <div className={styles.failedSteps}>{steps}</div>}
    </div>
  );
}
