import { Check, ChevronLeft, ChevronRight, Copy, GitBranch, Pencil, RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { AgentMark } from "../agents";
import type { Message } from "../api";
import { formatDateTime, formatMoney, formatSeconds, formatTime, useWords } from "../i18n";
import { IconButton } from "../ui";
import styles from "./Turn.module.css";
import type { TurnActs } from "./turnActs";

interface Props {
  message: Message;
  hues: ReadonlyMap<string, number>;
  acts: TurnActs;
  /** The question of an answer; by it an answer is asked for again. */
  question?: Message | null;
  children?: ReactNode;
}

/** Who, when, and what it took, on one line; the acts appear with the pointer or the focus. */
export function MessageHead({ message, hues, acts, question, children }: Props) {
  const words = useWords();
  const user = message.role === "user";
  const name = user ? words.you : (message.agent_name ?? "");
  return (
    <header className={styles.head}>
      <span className={styles.gutter}>
        <AgentMark id={user ? null : message.agent_id} name={name} hues={hues} />
      </span>
      <h2 className={styles.name}>
        {name}{" "}
        <time dateTime={message.timestamp} title={formatDateTime(words.locale, message.timestamp)}>
          {formatTime(words.locale, message.timestamp)}
        </time>
      </h2>
      {!user && <Facts message={message} />}
      {children}
      <span className={styles.acts}>
        <CopyButton message={message} />
        {user && (
          <IconButton name={words.editMessage} onClick={() => acts.edit(message)}>
            <Pencil size={14} />
          </IconButton>
        )}
        {!user && question && (
          <IconButton name={words.retryAnswer} onClick={() => acts.retry(question, null)}>
            <RefreshCw size={14} />
          </IconButton>
        )}
        <IconButton name={words.branch} onClick={() => acts.branch(message)}>
          <GitBranch size={14} />
        </IconButton>
      </span>
    </header>
  );
}

function Facts({ message }: { message: Message }) {
  const words = useWords();
  const { usage, latency, model, demo } = message;
  const tokens = usage ? usage.tokens_in + usage.tokens_out : 0;
  const facts: { key: string; text: string; title?: string }[] = [];
  if (model && !demo) facts.push({ key: "model", text: model });
  if (latency?.total_ms != null)
    facts.push({ key: "time", text: formatSeconds(words.locale, latency.total_ms) });
  if (usage && tokens > 0) {
    facts.push({
      key: "tokens",
      text: words.tokens(tokens),
      title: words.tokensHint(usage.tokens_in, usage.tokens_out),
    });
  }
  if (usage && !demo) {
    facts.push(
      usage.cost_usd === null
        ? { key: "cost", text: words.priceUnknown }
        : { key: "cost", text: formatMoney(words.locale, usage.cost_usd) },
    );
  }
  return (
    <span className={styles.facts}>
      {demo && (
        <span className={styles.demo} data-tip={words.demoHint}>
          {words.demo}
        </span>
      )}
      {facts.map((fact) => (
        <span key={fact.key} title={fact.title} className={styles.fact}>
          {fact.text}
        </span>
      ))}
    </span>
  );
}

function CopyButton({ message }: { message: Message }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      name={copied ? words.copied : words.copyMessage}
      onClick={() => {
        void navigator.clipboard.writeText(message.content).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 1500);
        });
      }}
    >
      {copied ? <Check size={14} /> : <Copy size={14} />}
    </IconButton>
  );
}

interface SwitchProps {
  at: number;
  of: number;
  disabled?: boolean;
  onTurn: (step: 1 | -1) => void;
}

export function VersionSwitch({ at, of, disabled, onTurn }: SwitchProps) {
  const words = useWords();
  return (
    <span className={styles.versions} data-versions>
      <IconButton
        name={words.previousVersion}
        keys="Alt ←"
        disabled={disabled || at <= 1}
        onClick={() => onTurn(-1)}
      >
        <ChevronLeft size={14} />
      </IconButton>
      <span aria-hidden="true">
        {at}/{of}
      </span>
      <span className="visually-hidden">{words.versionOf(at, of)}</span>
      <IconButton
        name={words.nextVersion}
        keys="Alt →"
        disabled={disabled || at >= of}
        onClick={() => onTurn(1)}
      >
        <ChevronRight size={14} />
      </IconButton>
    </span>
  );
}
