import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { loadOlder, messagesQuery, sessionQuery, useRunning } from "../feed";
import { lastRead, markRead } from "./drafts";
import { keyOfMessage, useOutbox } from "./outbox";
import { type Choices, thread } from "./turns";

const noChoices: Choices = {};

/** Everything a conversation shows: stored messages, what is being written, what is not sent yet. */
export function useThreadData(project: string, session: string | null) {
  const client = useQueryClient();
  const row = useQuery({ ...sessionQuery(project, session ?? ""), enabled: session !== null });
  const list = useQuery({ ...messagesQuery(project, session ?? ""), enabled: session !== null });
  const running = useRunning(session ?? "");
  const outbox = useOutbox();
  const [choices, setChoices] = useState<{ session: string | null; of: Choices }>({ session, of: noChoices });
  const chosen = choices.session === session ? choices.of : noChoices;

  const rows = list.data?.rows;
  const shown = useMemo(() => {
    const made = thread(rows ?? [], chosen);
    return { ...made, turns: made.turns.map((turn) => ({ ...turn, key: keyOfMessage(turn.key) })) };
  }, [rows, chosen]);

  const outgoing = outbox.filter((item) => item.project === project && item.session === session);

  const runningOf = useMemo(() => {
    const map = new Map<string, string>();
    for (const pair of running.split(",").filter(Boolean)) {
      const [user, answer] = pair.split("=") as [string, string];
      map.set(user, answer);
    }
    return map;
  }, [running]);

  const choose = useCallback(
    (root: string, id: string) =>
      setChoices((before) => ({
        session,
        of: { ...(before.session === session ? before.of : noChoices), [root]: id },
      })),
    [session],
  );

  // Where reading ended last time; fixed while the session is open, so that the mark does not run ahead of the eye.
  const opened = useRef<{ session: string | null; read: string | null }>({ session: null, read: null });
  if (opened.current.session !== session) {
    opened.current = { session, read: session ? lastRead(session) : null };
  }
  const { read } = opened.current;
  const firstUnread = read
    ? shown.turns.findIndex((turn) =>
        [...turn.answers, ...turn.others].some(
          (message) => message.role !== "user" && message.timestamp > read,
        ),
      )
    : -1;

  const newest = rows
    ?.map((message) => message.timestamp)
    .sort()
    .at(-1);
  const onRead = useCallback(() => {
    if (session && newest && document.visibilityState === "visible") markRead(session, newest);
  }, [session, newest]);
  useEffect(() => {
    if (session && newest && lastRead(session) === null) markRead(session, newest);
  }, [session, newest]);

  const loadingOlder = useRef(false);
  const older = useCallback(async () => {
    if (!session || loadingOlder.current) return;
    loadingOlder.current = true;
    try {
      await loadOlder(client, project, session);
    } finally {
      loadingOlder.current = false;
    }
  }, [client, project, session]);

  return { row, list, ...shown, choices: chosen, choose, outgoing, runningOf, firstUnread, onRead, older };
}
