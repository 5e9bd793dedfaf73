import { useEffect } from "react";
import { currentFeed, useRunning } from "../feed";
import { useWords } from "../i18n";
import { say, useSaid } from "./announce";

export function LiveRegions() {
  const { polite, urgent } = useSaid();
  return (
    <>
      <div role="status" className="visually-hidden">
        {polite}
      </div>
      <div role="alert" className="visually-hidden">
        {urgent}
      </div>
    </>
  );
}

const lifeMillis = 7000;

/** Says that an answer is being written, and then only now and again that it still is; never the text itself. */
export function AnswerVoice({ session }: { session: string }) {
  const words = useWords();
  const running = useRunning(session);
  useEffect(() => {
    if (!running) return;
    const speak = () => {
      const agent = currentFeed().tails.running(session)[0]?.agentName;
      if (agent) say(words.answering(agent));
    };
    speak();
    const timer = window.setInterval(speak, lifeMillis);
    return () => window.clearInterval(timer);
  }, [running, session, words]);
  return null;
}
