import { ArrowUp, Square } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { AgentMark, agentStateWord, defaultAgent } from "../agents";
import type { Agent } from "../api";
import { useWords } from "../i18n";
import { Button, IconButton, Listbox, type Option, optionId, usePrefs } from "../ui";
import styles from "./Composer.module.css";
import {
  type Command,
  type Completion,
  completionAt,
  insertMention,
  matchAgents,
  matchCommands,
} from "./completion";
import { loadDraft, saveDraft } from "./drafts";

const bytesMax = 64 * 1024;

interface Props {
  /** Names the draft: the session, or the project for a session that does not exist yet. */
  place: string;
  agents: readonly Agent[];
  hues: ReadonlyMap<string, number>;
  commands: readonly Command[];
  running: boolean;
  stopping: boolean;
  queueFull: boolean;
  /** Text handed to the field from outside: a message to edit, one that was refused, a suggestion. */
  given: { text: string; target: string | null; nonce: number } | null;
  editing: boolean;
  onCancelEdit: () => void;
  onSend: (text: string, target: string | null) => void;
  onStop: () => void;
  onEditLast: () => void;
}

/** A plain textarea: never disabled, never remounted, and it gives its focus to nobody. */
export function Composer(props: Props) {
  const { place, agents, hues, commands, running, stopping, queueFull, given, editing } = props;
  const words = useWords();
  const prefs = usePrefs();
  const listId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => loadDraft(place).text);
  const [target, setTarget] = useState(() => loadDraft(place).target);
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [active, setActive] = useState(0);
  const [notice, setNotice] = useState<string | null>(null);

  const shownPlace = useRef(place);
  if (shownPlace.current !== place) {
    shownPlace.current = place;
    const draft = loadDraft(place);
    setText(draft.text);
    setTarget(draft.target);
    setCompletion(null);
    setNotice(null);
  }

  const nonce = given?.nonce;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a hand-over happens once for each nonce
  useEffect(() => {
    if (!given) return;
    setText(given.text);
    if (given.target !== null) setTarget(given.target);
    field.current?.focus();
  }, [nonce]);

  useEffect(() => {
    if (!editing) saveDraft(place, { text, target });
  }, [place, text, target, editing]);

  const fallback = defaultAgent(agents);
  const chosen = agents.some((agent) => agent.id === target) ? target : "";
  const tooLong = text.length * 3 > bytesMax && new TextEncoder().encode(text).length > bytesMax;
  const blocked = text.trim() === "" || tooLong || (running && queueFull);
  const found = completion?.kind === "agent" ? matchAgents(agents, completion.query) : [];
  const acts = completion?.kind === "command" ? matchCommands(commands, completion.query) : [];
  const options: Option[] =
    completion?.kind === "agent"
      ? found.map((agent) => ({
          id: agent.id,
          label: agent.name,
          start: <AgentMark id={agent.id} name={agent.name} hues={hues} />,
          hint: `${words.roles[agent.config.metadata?.role ?? "custom"]} · ${agentStateWord(agent, words)}`,
        }))
      : acts.map((command) => ({ id: command.id, label: `/${command.id}`, hint: command.label }));
  const open = completion !== null && options.length > 0;

  const update = (value: string, caret: number) => {
    setText(value);
    setNotice(null);
    setCompletion(completionAt(value, caret));
    setActive(0);
  };

  const send = () => {
    if (text.trim() === "") return;
    if (tooLong) return setNotice(words.tooLong);
    if (running && queueFull && !editing) return setNotice(words.queueFull);
    props.onSend(text.trim(), chosen || null);
    setText("");
    setCompletion(null);
    saveDraft(place, { text: "", target });
    field.current?.focus();
  };

  const pick = (index: number) => {
    const area = field.current;
    if (!area || !completion) return;
    if (completion.kind === "command") {
      const command = acts[index];
      setText("");
      setCompletion(null);
      command?.run();
      return;
    }
    const agent = found[index];
    if (!agent) return;
    const next = insertMention(text, completion, area.selectionStart, agent.name);
    setText(next.text);
    setCompletion(null);
    requestAnimationFrame(() => area.setSelectionRange(next.caret, next.caret));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While characters are composed, Enter belongs to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (open) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        setActive((active + step + options.length) % options.length);
        return;
      }
      if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
        event.preventDefault();
        pick(active);
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        setCompletion(null);
        return;
      }
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      if (editing) props.onCancelEdit();
      else if (running) props.onStop();
      return;
    }
    if (event.key === "ArrowUp" && text === "" && !editing) {
      event.preventDefault();
      props.onEditLast();
      return;
    }
    if (event.key !== "Enter") return;
    const strong = event.ctrlKey || event.metaKey;
    const touch = matchMedia("(pointer: coarse)").matches;
    const sends = strong || (prefs.enterSends && !touch && !event.shiftKey && !event.altKey);
    if (!sends) return;
    event.preventDefault();
    send();
  };

  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (pasted.length <= bytesMax / 4) return;
    const size = new TextEncoder().encode(pasted).length;
    if (size <= bytesMax) return;
    event.preventDefault();
    setNotice(words.pasteTooBig(Math.ceil(size / 1024)));
  };

  const narrow = matchMedia("(max-width: 699px)").matches;
  return (
    <div className={styles.composer} id="composer">
      {open && (
        <div className={styles.popup}>
          <Listbox
            id={listId}
            label={completion.kind === "agent" ? words.agentList : words.commandList}
            options={options}
            active={active}
            onHover={setActive}
            onPick={pick}
          />
        </div>
      )}
      {editing && (
        <div className={styles.editing}>
          <span>{words.editing}</span>
          <Button look="quiet" onClick={props.onCancelEdit}>
            {words.cancel}
          </Button>
        </div>
      )}
      {(notice || tooLong) && (
        <p className={styles.notice} role="alert">
          {notice ?? words.tooLong}
        </p>
      )}
      <textarea
        ref={field}
        className={styles.field}
        data-region-focus
        rows={1}
        value={text}
        dir="auto"
        aria-label={words.composer}
        placeholder={narrow ? words.composerPlaceholderShort : words.composerPlaceholder}
        role="combobox"
        aria-expanded={open}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open ? optionId(listId, active) : undefined}
        enterKeyHint="enter"
        onChange={(event) => update(event.target.value, event.target.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => setCompletion(null)}
      />
      <div className={styles.foot}>
        <label className={styles.target}>
          <span>{words.toAgent}</span>
          <select value={chosen} onChange={(event) => setTarget(event.target.value)}>
            <option value="">{words.defaultTarget(fallback?.name ?? "")}</option>
            {agents
              .filter((agent) => agent.id !== fallback?.id)
              .map((agent) => (
                <option key={agent.id} value={agent.id}>
                  {agent.name}
                </option>
              ))}
          </select>
        </label>
        <span className={styles.acts}>
          {running && (
            <IconButton
              name={stopping ? words.stopping : words.stop}
              keys="Esc"
              disabled={stopping}
              onClick={props.onStop}
            >
              <Square size={14} fill="currentColor" />
            </IconButton>
          )}
          <Button
            look="filled"
            aria-disabled={blocked}
            data-tip={words.keySend}
            data-keys={prefs.enterSends ? "Enter" : "Ctrl Enter"}
            onClick={send}
          >
            <ArrowUp size={14} aria-hidden="true" />
            {running && !editing ? words.queueIt : words.send}
          </Button>
        </span>
      </div>
    </div>
  );
}
