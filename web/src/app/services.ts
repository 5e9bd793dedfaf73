import { QueryClient } from "@tanstack/react-query";
import { ApiError, NetworkError } from "../api";
import { flushOutbox, linesOf, outboxSettled } from "../chat";
import { Feed } from "../feed";
import { currentWords } from "../i18n";
import { prefs } from "../ui";
import { say, sayNow } from "./announce";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The feed tells what changes; asking again because a window got the focus would be polling.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      networkMode: "always",
      retry: (failures, error) =>
        failures < 2 && (error instanceof NetworkError || (error instanceof ApiError && error.status >= 500)),
      retryDelay: (failures) => 500 * 2 ** failures,
    },
  },
});

let shownSession: string | null = null;

/** Only what happens in the session on the screen is spoken. */
export function setShownSession(session: string | null) {
  shownSession = session;
}

export function startFeed(): Feed {
  return new Feed({
    client: queryClient,
    onRef: outboxSettled,
    onCaughtUp: () => say(currentWords().caughtUp),
    announce: ({ session, say: what }) => {
      if (session !== shownSession) return;
      const words = currentWords();
      if (what.what === "ready") {
        say(prefs().readAloud ? `${what.agent}. ${what.text}` : words.answerReady(linesOf(what.text)));
      } else if (what.what === "failed") sayNow(words.answerFailed);
      else sayNow(words.sessionGone);
    },
  });
}

window.addEventListener("online", flushOutbox);
