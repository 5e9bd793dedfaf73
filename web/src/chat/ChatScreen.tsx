import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { AgentMark, AgentState, useAgents } from "../agents";
import { isCode, type Message, problemText } from "../api";
import { loadUntil } from "../feed";
import { useWords } from "../i18n";
import { Button, Empty, Problem, Skeleton } from "../ui";
import styles from "./ChatScreen.module.css";
import { Composer } from "./Composer";
import type { Command } from "./completion";
import { Origin } from "./Origin";
import { OutgoingView } from "./Outgoing";
import { discard, type Outgoing, send } from "./outbox";
import type { ThreadHandle } from "./Thread";
import type { TurnActs } from "./turnActs";
import { useChatActs } from "./useChatActs";
import { useSessionActs } from "./useSessionActs";
import { useThreadData } from "./useThreadData";

// An empty chat needs neither Markdown nor the virtual list. They come at once where a session is opened, else when the
// page is quiet, so that the first answer does not wait for them.
const threadChunk = () => import("./Thread");
const Thread = lazy(async () => ({ default: (await threadChunk()).Thread }));
if (/\/chat\/./.test(location.pathname)) void threadChunk();
else window.requestIdleCallback?.(() => void threadChunk());

const Queue = lazy(async () => ({ default: (await import("./Queue")).Queue }));
const FindBar = lazy(async () => ({ default: (await import("./FindBar")).FindBar }));

interface Props {
  project: string;
  session: string | null;
  onRename: () => void;
  onKeys: () => void;
}

/** A handful of acts reach the chat from outside it: the palette and the keys of the page. */
export type ChatSignal = "find" | "stop";
export function signalChat(signal: ChatSignal) {
  window.dispatchEvent(new CustomEvent("artel.chat", { detail: signal }));
}

export function ChatScreen({ project, session, onRename, onKeys }: Props) {
  const words = useWords();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const { agents, hues } = useAgents(project);
  const data = useThreadData(project, session);
  const chat = useChatActs(project, session, navigate);
  const sessionActs = useSessionActs(project);
  const handle = useRef<ThreadHandle>(null);
  const [sent, setSent] = useState(0);
  const [finding, setFinding] = useState(false);
  const [editing, setEditing] = useState<Message | null>(null);
  const [given, setGiven] = useState<{ text: string; target: string | null; nonce: number } | null>(null);

  const hand = useCallback(
    (text: string, target: string | null) =>
      setGiven((before) => ({ text, target, nonce: (before?.nonce ?? 0) + 1 })),
    [],
  );
  // "Write to Code" opens a new chat that is addressed already.
  const to = new URLSearchParams(useSearch()).get("to");
  useEffect(() => {
    if (to && session === null) hand("", to);
  }, [to, session, hand]);
  const place = session ?? `new-${project}`;
  // An edit belongs to the session in which it was begun.
  const shownPlace = useRef(place);
  if (shownPlace.current !== place) {
    shownPlace.current = place;
    if (editing) setEditing(null);
    if (finding) setFinding(false);
  }

  const runningTurn = data.turns.findLast(
    (turn) => turn.user && (data.runningOf.has(turn.user.id) || turn.user.status === "processing"),
  );
  const busy =
    runningTurn !== undefined ||
    data.turns.at(-1)?.user?.status === "queued" ||
    data.outgoing.some((i) => i.state === "sending");
  const stop = () => {
    const user = runningTurn?.user ?? data.turns.at(-1)?.user;
    if (user) void chat.stop(user.id);
  };

  const startEdit = useCallback(
    (message: Message) => {
      setEditing(message);
      hand(message.content, null);
    },
    [hand],
  );
  const acts: TurnActs = useMemo(
    () => ({ project, choose: data.choose, edit: startEdit, retry: chat.retry, branch: chat.branch }),
    [project, data.choose, startEdit, chat.retry, chat.branch],
  );

  const onSend = (content: string, target: string | null) => {
    send({ project, session, content, target, edits: editing?.id ?? null }, (created) =>
      navigate(`/p/${project}/chat/${created}`, { replace: true }),
    );
    setEditing(null);
    setSent((n) => n + 1);
  };

  const lastAnswer = data.turns.at(-1)?.answers.at(-1);
  const row = data.row.data;
  const commands: Command[] = [
    { id: "new", label: words.cmdNew, run: () => navigate(`/p/${project}/chat`) },
    ...(session && row
      ? [
          { id: "rename", label: words.cmdRename, run: onRename },
          {
            id: "pin",
            label: words.cmdPin,
            run: () => void sessionActs.change(row, { pinned: !row.pinned }),
          },
          { id: "archive", label: words.cmdArchive, run: () => sessionActs.archive(row) },
          { id: "find", label: words.cmdFind, run: () => setFinding(true) },
        ]
      : []),
    ...(lastAnswer
      ? [{ id: "branch", label: words.cmdBranch, run: () => void chat.branch(lastAnswer) }]
      : []),
    ...(busy ? [{ id: "stop", label: words.cmdStop, run: stop }] : []),
    { id: "search", label: words.cmdSearch, run: () => navigate("/search") },
    { id: "keys", label: words.cmdKeys, run: onKeys },
  ];

  const latest = useRef({ stop, busy });
  latest.current = { stop, busy };
  useEffect(() => {
    const hear = (event: Event) => {
      const signal = (event as CustomEvent<ChatSignal>).detail;
      if (signal === "find") setFinding(true);
      else if (latest.current.busy) latest.current.stop();
    };
    window.addEventListener("artel.chat", hear);
    return () => window.removeEventListener("artel.chat", hear);
  }, []);

  // An address may point at a message: #m:id
  const loaded = data.list.isSuccess;
  useEffect(() => {
    if (!session || !loaded) return;
    const go = async () => {
      const id = /^#m:([\w-]+)$/.exec(window.location.hash)?.[1];
      if (!id) return;
      await loadUntil(client, project, session, id);
      requestAnimationFrame(() => requestAnimationFrame(() => handle.current?.toMessage(id)));
    };
    void go();
    window.addEventListener("hashchange", go);
    return () => window.removeEventListener("hashchange", go);
  }, [client, project, session, loaded]);

  if (session && (isCode(data.row.error, "NOT_FOUND") || isCode(data.list.error, "NOT_FOUND"))) {
    return (
      <Empty action={<Button onClick={() => navigate(`/p/${project}/chat`)}>{words.newSession}</Button>}>
        {words.sessionGone}
      </Empty>
    );
  }

  const takeBack = (item: Outgoing) => {
    discard(item.ref);
    hand(item.content, item.target);
  };
  const empty = data.turns.length === 0 && data.outgoing.length === 0;
  const intro = row?.forked_from ? <Origin project={project} from={row.forked_from} /> : null;

  return (
    <div className={styles.screen}>
      <Suspense>
        {finding && (
          <FindBar
            turns={data.turns}
            onGo={(id) => handle.current?.toMessage(id)}
            onClose={() => setFinding(false)}
          />
        )}
      </Suspense>
      {session && data.list.isPending ? (
        <div className={styles.fill}>
          <Skeleton lines={9} />
        </div>
      ) : session && data.list.isError && !data.list.data ? (
        <div className={styles.fill}>
          <Problem
            problem={problemText(data.list.error, words, "messages")}
            onRetry={() => data.list.refetch()}
          />
        </div>
      ) : empty ? (
        <div className={`${styles.fill} ${styles.start} quiet-scroll`} id="conversation">
          <h2>{words.emptyChatTitle}</h2>
          <p>{words.emptyChatLead}</p>
          <ul className={styles.suggestions}>
            {words.suggestions.map((text) => (
              <li key={text}>
                <button type="button" onClick={() => hand(text, null)}>
                  {text}
                </button>
              </li>
            ))}
          </ul>
          <ul className={styles.team}>
            {agents.map((agent) => (
              <li key={agent.id}>
                <AgentMark id={agent.id} name={agent.name} hues={hues} />
                <span className={styles.agentName}>{agent.name}</span>
                <AgentState agent={agent} />
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <Suspense
          fallback={
            <div className={styles.fill}>
              <Skeleton lines={9} />
            </div>
          }
        >
          <Thread
            ref={handle}
            session={session}
            turns={data.turns}
            outgoing={data.outgoing.map((item) => (
              <OutgoingView key={item.ref} item={item} onTakeBack={takeBack} />
            ))}
            choices={data.choices}
            runningOf={data.runningOf}
            stopping={runningTurn?.user ? chat.stopping === runningTurn.user.id : false}
            hues={hues}
            acts={acts}
            hasOlder={data.list.data?.older != null}
            onOlder={data.older}
            onRead={data.onRead}
            firstUnread={data.firstUnread}
            intro={intro}
            sent={sent}
          />
        </Suspense>
      )}
      {data.earlier && <p className={styles.earlier}>{words.olderVersion}</p>}
      <Suspense>
        {data.queue.length > 0 && (
          <Queue
            queue={data.queue}
            onEdit={(message, content) => void chat.changeQueued(message, { content })}
            onDrop={(message) => void chat.changeQueued(message, null)}
            onMove={(message, before) => void chat.changeQueued(message, { before })}
          />
        )}
      </Suspense>
      <Composer
        place={place}
        agents={agents}
        hues={hues}
        commands={commands}
        running={busy}
        stopping={runningTurn?.user ? chat.stopping === runningTurn.user.id : false}
        queueFull={data.queue.length >= 10}
        given={given}
        editing={editing !== null}
        onCancelEdit={() => {
          setEditing(null);
          hand("", null);
        }}
        onSend={onSend}
        onStop={stop}
        onEditLast={() => {
          const last = data.turns.findLast((turn) => turn.user)?.user;
          if (last) startEdit(last);
        }}
      />
    </div>
  );
}
