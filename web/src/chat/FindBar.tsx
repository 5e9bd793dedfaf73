import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useWords } from "../i18n";
import { IconButton } from "../ui";
import styles from "./FindBar.module.css";
import type { Turn } from "./turns";

interface Props {
  turns: readonly Turn[];
  onGo: (message: string) => void;
  onClose: () => void;
}

/** The browser's own search sees only the rows that are mounted, so the session has one of its own. */
export function FindBar({ turns, onGo, onClose }: Props) {
  const words = useWords();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const wanted = text.trim().toLocaleLowerCase();
  const hits = useMemo(() => {
    if (wanted.length < 2) return [];
    return turns
      .flatMap((turn) => [turn.user, turn.answers.at(-1), ...turn.others])
      .filter((message) => message?.content.toLocaleLowerCase().includes(wanted))
      .map((message) => message!.id);
  }, [turns, wanted]);

  const go = (step: number) => {
    if (hits.length === 0) return;
    const next = (at + step + hits.length) % hits.length;
    setAt(next);
    onGo(hits[next]!);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => requestAnimationFrame(() => field.current?.focus())),
    );
  };

  return (
    <search className={styles.bar}>
      <input
        ref={field}
        type="search"
        aria-label={words.findInSession}
        placeholder={words.findPlaceholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") {
            event.stopPropagation();
            onClose();
          }
        }}
      />
      <span className={styles.count} role="status">
        {wanted.length >= 2 &&
          (hits.length ? words.matches(Math.max(0, at) + 1, hits.length) : words.noMatches)}
      </span>
      <IconButton
        name={words.previousMatch}
        keys="Shift Enter"
        onClick={() => go(-1)}
        disabled={hits.length === 0}
      >
        <ChevronUp size={16} />
      </IconButton>
      <IconButton name={words.nextMatch} keys="Enter" onClick={() => go(1)} disabled={hits.length === 0}>
        <ChevronDown size={16} />
      </IconButton>
      <IconButton name={words.close} keys="Esc" onClick={onClose}>
        <X size={16} />
      </IconButton>
    </search>
  );
}
