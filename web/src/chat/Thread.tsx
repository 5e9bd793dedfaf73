import { ArrowDown } from "lucide-react";
import {
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useWords } from "../i18n";
import styles from "./Thread.module.css";
import { TurnView } from "./Turn";
import type { TurnActs } from "./turnActs";
import type { Choices, Turn } from "./turns";
import { useThreadScroll } from "./useThreadScroll";

export interface ThreadHandle {
  toMessage: (id: string) => void;
  follow: () => void;
}

interface Props {
  ref?: Ref<ThreadHandle>;
  session: string | null;
  turns: readonly Turn[];
  /** Optimistic turns at the end. */
  outgoing: ReactNode[];
  choices: Choices;
  runningOf: ReadonlyMap<string, string>;
  stopping: boolean;
  hues: ReadonlyMap<string, number>;
  acts: TurnActs;
  hasOlder: boolean;
  onOlder: () => void;
  onRead: () => void;
  /** The first turn that was not read before, to land at. */
  firstUnread: number;
  intro: ReactNode;
  /** Changes with each message that the person sends from this view. */
  sent: number;
}

const introHeight = 48;

/** History in a virtual list; the turn at the end stands outside it, so that writing it touches no other row. */
export function Thread(props: Props) {
  const { session, turns, outgoing, choices, runningOf, hues, acts, hasOlder, firstUnread, sent } = props;
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const last = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { below, go, follow, raise, measure } = useThreadScroll({
    scroller,
    content,
    last,
    onNearTop: () => hasOlder && props.onOlder(),
    onAtEnd: props.onRead,
  });

  const past = outgoing.length > 0 ? turns : turns.slice(0, -1);
  const live = outgoing.length > 0 ? null : (turns.at(-1) ?? null);
  const running = live?.user ? runningOf.has(live.user.id) || live.user.status === "processing" : false;

  // Rows that came above must not move what is read; rows at the end must not be taken for such.
  const firstKey = useRef<string | undefined>(undefined);
  const shift = firstKey.current !== undefined && past[0]?.key !== firstKey.current;
  useLayoutEffect(() => {
    firstKey.current = past[0]?.key;
  });

  const [raised, setRaised] = useState(false);
  const landed = useRef<string | null>(null);
  const seenSent = useRef(sent);
  useLayoutEffect(() => {
    if (sent !== seenSent.current) {
      seenSent.current = sent;
      landed.current = session ?? "new";
      setRaised(true);
      raise();
      return;
    }
    if (turns.length === 0 || landed.current === (session ?? "new")) return;
    landed.current = session ?? "new";
    setRaised(running);
    if (firstUnread >= 0 && firstUnread < turns.length - 1) {
      go(() => list.current?.getItemOffset(firstUnread) ?? null);
    } else if (running || firstUnread >= 0) go("last");
    else go("end");
  }, [session, sent, turns.length, firstUnread, running, raise, go]);

  // The question that was just stored replaces its optimistic row in place: same height, same view.
  useLayoutEffect(() => {
    measure();
  });

  useImperativeHandle(props.ref, () => ({
    toMessage: (id) => {
      const index = turns.findIndex((turn) =>
        [turn.user, ...turn.answers, ...turn.others].some((m) => m?.id === id),
      );
      if (index < 0) return;
      if (index >= past.length) go("last");
      else list.current?.scrollToIndex(index, { align: "start" });
      requestAnimationFrame(() =>
        requestAnimationFrame(() => document.getElementById(`m-${id}`)?.focus({ preventScroll: true })),
      );
    },
    follow,
  }));

  useEffect(() => {
    const end = (event: KeyboardEvent) => {
      const field = (event.target as HTMLElement).closest?.("input, textarea, select, dialog");
      if (event.key === "End" && !field && !event.ctrlKey) {
        event.preventDefault();
        follow();
      }
    };
    document.addEventListener("keydown", end);
    return () => document.removeEventListener("keydown", end);
  }, [follow]);

  const row = (turn: Turn, index: number) => (
    <TurnView
      key={turn.key}
      turn={turn}
      answerId={(turn.user && choices[`answer ${turn.user.id}`]) || null}
      runningId={(turn.user && runningOf.get(turn.user.id)) ?? null}
      hues={hues}
      acts={acts}
      position={index}
      total={turns.length}
      stopping={props.stopping}
      unread={index === firstUnread && index > 0}
    />
  );

  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={`${styles.scroller} quiet-scroll`}
        role="log"
        aria-live="off"
        aria-label={words.conversation}
        id="conversation"
        tabIndex={0}
      >
        <div ref={content} className={styles.column}>
          <div className={styles.intro} style={{ height: introHeight }}>
            {hasOlder ? <span className={styles.older}>{words.loadOlder}</span> : props.intro}
          </div>
          <Virtualizer ref={list} scrollRef={scroller} startMargin={introHeight} shift={shift}>
            {past.map(row)}
          </Virtualizer>
          <div ref={last} className={styles.last} data-raised={raised || undefined}>
            <div>
              {live && row(live, turns.length - 1)}
              {outgoing}
            </div>
          </div>
        </div>
      </div>
      {below !== null && (
        <button
          type="button"
          className={styles.latest}
          onClick={follow}
          data-tip={words.keyEnd}
          data-keys="End"
        >
          <ArrowDown size={14} aria-hidden="true" />
          {words.latest(below)}
        </button>
      )}
    </div>
  );
}
