import { useEffect, useRef, useState } from "react";
import { flushOutbox } from "../chat";
import { type ConnectionState, currentFeed, useConnection } from "../feed";
import { useWords } from "../i18n";
import { Button, Status } from "../ui";
import { say, sayNow } from "./announce";
import strip from "./ConnectionStrip.module.css";
import styles from "./Shell.module.css";

const graceMillis = 2000;

export function ConnectionWord({ project }: { project: string | null }) {
  const words = useWords();
  const { phase } = useConnection(project);
  if (!project || phase === "gone") return null;
  const tone = { connecting: "off", live: "ok", offline: "danger" } as const;
  const word = { connecting: words.connecting, live: words.live, offline: words.offline }[phase];
  const hint = { connecting: words.connectingHint, live: words.liveHint, offline: words.lost }[phase];
  return (
    <span className={styles.connection} data-tip={hint}>
      <Status tone={tone[phase]}>{word}</Status>
    </span>
  );
}

/** After two seconds without connection: a strip under the bar, no dialog, nothing that covers the work. */
export function ConnectionStrip({ project }: { project: string }) {
  const words = useWords();
  const state = useConnection(project);
  const lost = useLost(state);
  const seconds = useCountdown(state.phase === "offline" ? state.retryAt : null);
  const before = useRef(false);

  useEffect(() => {
    if (lost && !before.current) sayNow(words.lostAnnounce);
    if (!lost && before.current) say(words.backAnnounce);
    before.current = lost;
  }, [lost, words]);
  useEffect(() => {
    if (state.phase === "live") flushOutbox();
  }, [state.phase]);

  if (!lost) return null;
  return (
    <div className={strip.strip}>
      <span>
        {words.lost} {state.phase === "offline" && seconds > 0 ? words.nextTry(seconds) : words.trying}
      </span>
      <Button look="quiet" onClick={() => currentFeed().retryNow(project)}>
        {words.tryNow}
      </Button>
    </div>
  );
}

/** Lost from two seconds after the last live moment until live again; a blink of the network is not shown. */
function useLost(state: ConnectionState): boolean {
  const [lost, setLost] = useState(false);
  const live = state.phase === "live" || state.phase === "gone";
  const everLive = useRef(false);
  if (live) everLive.current = true;
  const away = !live && (everLive.current || state.phase === "offline");
  useEffect(() => {
    if (live) {
      setLost(false);
      return;
    }
    if (!away) return;
    const timer = window.setTimeout(() => setLost(true), graceMillis);
    return () => window.clearTimeout(timer);
  }, [live, away]);
  return lost;
}

function useCountdown(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
