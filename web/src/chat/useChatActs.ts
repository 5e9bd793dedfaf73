import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api, isCode, type Message, must, newKey, problemText } from "../api";
import { currentFeed, keys } from "../feed";
import { useWords } from "../i18n";
import { showToast } from "../ui";
import { keyOfMessage } from "./outbox";

/** What can be done to a session's messages. Each act is carried out by the server and seen through the feed. */
export function useChatActs(project: string, session: string | null, navigate: (to: string) => void) {
  const words = useWords();
  const client = useQueryClient();
  const [stopping, setStopping] = useState<string | null>(null);

  const report = useCallback(
    (error: unknown) => showToast({ text: problemText(error, words).text }),
    [words],
  );

  const stop = useCallback(
    async (userMessage: string) => {
      if (!session) return;
      setStopping(userMessage);
      try {
        await must(
          api.POST("/my/projects/{project_id}/chat/{session_id}/stop", {
            params: { path: { project_id: project, session_id: session } },
            body: { message_id: userMessage, queued: "keep" },
          }),
        );
      } catch (error) {
        setStopping(null);
        report(error);
      }
    },
    [project, session, report],
  );

  const retry = useCallback(
    async (message: Message, target: string | null) => {
      if (!session) return;
      // It may have been stopped before; what runs now was not.
      setStopping(null);
      try {
        const stored = await must(
          api.POST("/my/projects/{project_id}/chat/{session_id}/messages/{message_id}/retry", {
            params: {
              path: { project_id: project, session_id: session, message_id: message.id },
              header: { "Idempotency-Key": newKey(), Prefer: "respond-async" },
            },
            body: target ? { target_agent: target } : {},
          }),
        );
        if (stored.role === "user") {
          const { status, task_id } = stored;
          currentFeed().apply([
            {
              op: "upsert",
              kind: "message",
              project,
              session,
              id: stored.id,
              seq: 0,
              fields: { status, task_id },
            },
          ]);
        }
        await client.invalidateQueries({ queryKey: keys.messages(project, session) });
      } catch (error) {
        report(error);
      }
    },
    [project, session, client, report],
  );

  const branch = useCallback(
    async (message: Message) => {
      if (!session) return;
      try {
        const forked = await must(
          api.POST("/my/projects/{project_id}/chat/sessions/{session_id}/fork", {
            params: {
              path: { project_id: project, session_id: session },
              header: { "Idempotency-Key": newKey() },
            },
            body: { message_id: message.id },
          }),
        );
        await client.invalidateQueries({ queryKey: ["sessions", project] });
        navigate(`/p/${project}/chat/${forked.id}`);
        showToast({ text: words.branched });
      } catch (error) {
        report(error);
      }
    },
    [project, session, client, navigate, report, words],
  );

  const changeQueued = useCallback(
    async (message: Message, body: { content?: string; before?: string } | null) => {
      if (!session) return;
      const path = { project_id: project, session_id: session, message_id: message.id };
      try {
        if (body) {
          await must(
            api.PATCH("/my/projects/{project_id}/chat/{session_id}/messages/{message_id}", {
              params: { path },
              body,
            }),
          );
        } else {
          await must(
            api.DELETE("/my/projects/{project_id}/chat/{session_id}/messages/{message_id}", {
              params: { path },
            }),
          );
        }
        await client.invalidateQueries({ queryKey: keys.messages(project, session) });
      } catch (error) {
        if (isCode(error, "CONFLICT")) showToast({ text: words.takenUp });
        else report(error);
      }
    },
    [project, session, client, report, words],
  );

  return { stop, stopping, retry, branch, changeQueued, keyOf: keyOfMessage };
}
