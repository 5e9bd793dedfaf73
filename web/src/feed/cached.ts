import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { type Agent, api, must, type Project, type Session } from "../api";
import { currentFeed } from "./current";
import { keys, type MessageList, type SessionList } from "./keys";

const pageSize = 100;

export const projectsQuery = queryOptions({
  queryKey: keys.projects,
  queryFn: async ({ signal }): Promise<readonly Project[]> => {
    const load = (offset: number) =>
      must(api.GET("/my/projects", { params: { query: { limit: pageSize, offset } }, signal }));
    const all: Project[] = [];
    for (;;) {
      const page = await load(all.length);
      all.push(...page.projects);
      if (all.length >= page.total || page.projects.length === 0) return all;
    }
  },
});

export function agentsQuery(project: string) {
  return queryOptions({
    queryKey: keys.agents(project),
    queryFn: async ({ signal }): Promise<readonly Agent[]> => {
      const mark = currentFeed().mark();
      const page = await must(
        api.GET("/my/projects/{project_id}/agents", {
          params: { path: { project_id: project }, query: { limit: pageSize } },
          signal,
        }),
      );
      return currentFeed().onTop(mark, "agent", project, null, page.agents);
    },
  });
}

export function sessionsQuery(project: string, archived: boolean) {
  return infiniteQueryOptions({
    queryKey: keys.sessions(project, archived),
    initialPageParam: 0,
    queryFn: async ({ signal, pageParam }): Promise<SessionList> => {
      const mark = currentFeed().mark();
      const page = await must(
        api.GET("/my/projects/{project_id}/chat/sessions", {
          params: { path: { project_id: project }, query: { archived, limit: pageSize, offset: pageParam } },
          signal,
        }),
      );
      const rows = currentFeed().onTop(mark, "session", project, null, page.sessions);
      return { rows, total: page.total };
    },
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return loaded < last.total && last.rows.length > 0 ? loaded : undefined;
    },
  });
}

export function sessionQuery(project: string, session: string) {
  return queryOptions({
    queryKey: keys.session(project, session),
    queryFn: async ({ signal }): Promise<Session> => {
      const mark = currentFeed().mark();
      const {
        messages: _,
        running,
        last_event_id,
        ...row
      } = await must(
        api.GET("/my/projects/{project_id}/chat/sessions/{session_id}", {
          params: { path: { project_id: project, session_id: session } },
          signal,
        }),
      );
      currentFeed().tails.seed(session, running);
      currentFeed().startAt(project, last_event_id);
      return currentFeed().onTop(mark, "session", project, session, [row])[0] ?? row;
    },
  });
}

/** Superseded messages come too: they are the versions between which the person can switch. */
export function messagesQuery(project: string, session: string) {
  return queryOptions({
    queryKey: keys.messages(project, session),
    queryFn: async ({ signal }): Promise<MessageList> => {
      const mark = currentFeed().mark();
      const page = await loadPage(project, session, { signal });
      const rows = currentFeed().onTop(mark, "message", project, session, page.rows);
      return { rows, older: page.older };
    },
  });
}

export async function loadOlder(client: QueryClient, project: string, session: string) {
  const key = keys.messages(project, session);
  const before = client.getQueryData<MessageList>(key);
  if (!before?.older) return;
  const page = await loadPage(project, session, { cursor: before.older });
  client.setQueryData<MessageList>(key, (now) => {
    if (!now || now.older !== before.older) return now;
    const known = new Set(now.rows.map((row) => row.id));
    return { rows: [...page.rows.filter((row) => !known.has(row.id)), ...now.rows], older: page.older };
  });
}

/** Loads back until a message is there, so that an address can point at any of them. */
export async function loadUntil(client: QueryClient, project: string, session: string, message: string) {
  for (;;) {
    const list = client.getQueryData<MessageList>(keys.messages(project, session));
    if (!list || list.older === null || list.rows.some((row) => row.id === message)) return;
    const { older } = list;
    await loadOlder(client, project, session);
    if (client.getQueryData<MessageList>(keys.messages(project, session))?.older === older) return;
  }
}

async function loadPage(
  project: string,
  session: string,
  { cursor, signal }: { cursor?: string; signal?: AbortSignal },
): Promise<MessageList> {
  const page = await must(
    api.GET("/my/projects/{project_id}/chat/{session_id}/messages", {
      params: {
        path: { project_id: project, session_id: session },
        query: { limit: pageSize, cursor, include: "superseded" },
      },
      signal,
    }),
  );
  return { rows: page.messages, older: page.has_next ? page.next_cursor : null };
}
