import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api, isCode, must, problemText, type Session } from "../api";
import { currentFeed, keys, type SessionList } from "../feed";
import { useWords } from "../i18n";
import { showToast } from "../ui";

/** Sessions whose deletion can still be taken back: gone from the screen, not yet from the server. */
let hidden: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function hide(id: string, on: boolean) {
  const next = new Set(hidden);
  if (on) next.add(id);
  else next.delete(id);
  hidden = next;
  for (const listener of listeners) listener();
}

export function useSessionActs(project: string) {
  const client = useQueryClient();
  const words = useWords();
  const hiddenNow = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );

  const show = (id: string, fields: Partial<Session>) => {
    for (const archived of [false, true]) {
      client.setQueryData<InfiniteData<SessionList>>(keys.sessions(project, archived), (data) =>
        data
          ? {
              ...data,
              pages: data.pages.map((page) => ({
                ...page,
                rows: page.rows.map((row) => (row.id === id ? { ...row, ...fields } : row)),
              })),
            }
          : data,
      );
    }
    client.setQueryData<Session>(keys.session(project, id), (row) => row && { ...row, ...fields });
  };

  /** Shown at once; taken back when the server refuses. */
  const change = async (row: Session, fields: Partial<Pick<Session, "title" | "pinned" | "archived">>) => {
    show(row.id, fields);
    try {
      const saved = await must(
        api.PATCH("/my/projects/{project_id}/chat/sessions/{session_id}", {
          params: { path: { project_id: project, session_id: row.id } },
          body: fields,
        }),
      );
      show(row.id, saved);
      if ("archived" in fields) void client.invalidateQueries({ queryKey: ["sessions", project] });
    } catch (error) {
      show(row.id, { title: row.title, pinned: row.pinned, archived: row.archived });
      showToast({ text: problemText(error, words).text });
    }
  };

  const archive = (row: Session) => {
    const archived = !row.archived;
    void change(row, { archived });
    if (archived) {
      showToast({
        text: words.sessionArchived(row.title ?? words.untitled),
        undo: () => void change({ ...row, archived }, { archived: false }),
      });
    }
  };

  const remove = (row: Session) => {
    hide(row.id, true);
    showToast({
      text: words.sessionDeleted(row.title ?? words.untitled),
      undo: () => hide(row.id, false),
      commit: () => {
        void (async () => {
          try {
            await must(
              api.DELETE("/my/projects/{project_id}/chat/sessions/{session_id}", {
                params: { path: { project_id: project, session_id: row.id } },
                // The page may be on its way out.
                keepalive: true,
              }),
            );
          } catch (error) {
            if (!isCode(error, "NOT_FOUND")) {
              showToast({ text: problemText(error, words).text });
              hide(row.id, false);
              return;
            }
          }
          currentFeed().apply([
            {
              op: "remove",
              kind: "session",
              project,
              session: row.id,
              id: row.id,
              seq: Number.MAX_SAFE_INTEGER,
            },
          ]);
        })();
      },
    });
  };

  return { hidden: hiddenNow, change, archive, remove };
}
