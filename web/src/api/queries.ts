import { queryOptions } from "@tanstack/react-query";
import { api, must } from "./client";

/** Queries that no event of the feed changes. The others live in `feed`, beside what keeps them true. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => must(api.GET("/my/me", { signal })),
  staleTime: 60_000,
});

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => must(api.GET("/my/models", { signal })),
  staleTime: 60_000,
});

export const authConfigQuery = queryOptions({
  queryKey: ["auth-config"],
  queryFn: ({ signal }) => must(api.GET("/auth/config", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export type UsageGroup = "day" | "project" | "agent" | "model";

export function usageQuery(project: string | null, group: UsageGroup, from: string) {
  return queryOptions({
    queryKey: ["usage", project, group, from],
    queryFn: ({ signal }) =>
      must(
        project
          ? api.GET("/my/projects/{project_id}/usage", {
              params: { path: { project_id: project }, query: { group_by: group, from } },
              signal,
            })
          : api.GET("/my/usage", { params: { query: { group_by: group, from } }, signal }),
      ),
  });
}

export function searchQuery(text: string, project: string | null, offset: number) {
  return queryOptions({
    queryKey: ["search", text, project, offset],
    enabled: text.trim().length >= 2,
    queryFn: ({ signal }) =>
      must(
        api.GET("/my/search", {
          params: { query: { q: text.trim(), project_id: project ?? undefined, limit: 50, offset } },
          signal,
        }),
      ),
  });
}

export function agentVersionsQuery(project: string, agent: string) {
  return queryOptions({
    queryKey: ["agent-versions", project, agent],
    queryFn: ({ signal }) =>
      must(
        api.GET("/my/projects/{project_id}/agents/{agent_id}/versions", {
          params: { path: { project_id: project, agent_id: agent }, query: { limit: 100 } },
          signal,
        }),
      ),
  });
}
