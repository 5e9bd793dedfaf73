import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, must, type Task, type TaskStatus, type TaskStep, type TaskStepDetail } from "../api";
import type { Wait } from "./changes";
import { type TaskPage, workCache, workKeys } from "./workCache";

const pageSize = 50;
const stepPage = 100;

export interface TaskFilter {
  status?: TaskStatus;
  agent?: string;
}

export function tasksQuery(project: string, { status, agent }: TaskFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [...workKeys.tasks(project), status ?? null, agent ?? null],
    initialPageParam: 0,
    queryFn: async ({ signal, pageParam, client }): Promise<TaskPage> => {
      const cache = workCache(client);
      const mark = cache.mark();
      const page = await must(
        api.GET("/my/projects/{project_id}/tasks", {
          params: {
            path: { project_id: project },
            query: { status, agent_id: agent, limit: pageSize, offset: pageParam },
          },
          signal,
        }),
      );
      return { rows: cache.tasksOnTop(mark, project, page.tasks as Task[]), total: page.total };
    },
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return loaded < last.total && last.rows.length > 0 ? loaded : undefined;
    },
  });
}

export function taskQuery(project: string, task: string) {
  return queryOptions({
    queryKey: workKeys.task(project, task),
    queryFn: async ({ signal, client }): Promise<Task> => {
      const cache = workCache(client);
      const mark = cache.mark();
      const row = (await must(
        api.GET("/my/projects/{project_id}/tasks/{task_id}", {
          params: { path: { project_id: project, task_id: task } },
          signal,
        }),
      )) as Task;
      return cache.tasksOnTop(mark, project, [row])[0] ?? row;
    },
  });
}

export function stepsQuery(project: string, task: string) {
  return queryOptions({
    queryKey: workKeys.steps(project, task),
    queryFn: async ({ signal, client }): Promise<readonly TaskStep[]> => {
      const cache = workCache(client);
      const mark = cache.mark();
      const all: TaskStep[] = [];
      for (;;) {
        const page = await must(
          api.GET("/my/projects/{project_id}/tasks/{task_id}/steps", {
            params: {
              path: { project_id: project, task_id: task },
              query: { limit: stepPage, offset: all.length },
            },
            signal,
          }),
        );
        all.push(...page.steps);
        if (all.length >= page.total || page.steps.length === 0) break;
      }
      return cache.stepsOnTop(mark, project, task, all);
    },
  });
}

/** What went in and what came out. A step that has ended does not change, so it is loaded once. */
export function stepQuery(project: string, task: string, step: number, status: TaskStep["status"]) {
  return queryOptions({
    queryKey: ["task-step", project, task, step, status],
    queryFn: async ({ signal }) =>
      (await must(
        api.GET("/my/projects/{project_id}/tasks/{task_id}/steps/{step}", {
          params: { path: { project_id: project, task_id: task, step } },
          signal,
        }),
      )) as TaskStepDetail,
  });
}

/** Until when a task waits and why. The feed tells it; a page that came later finds it in the log. */
export function waitQuery(project: string, { id, agent_id }: Pick<Task, "id" | "agent_id">) {
  return queryOptions({
    queryKey: workKeys.wait(project, id),
    queryFn: async ({ signal }): Promise<Wait | null> => {
      const page = (await must(
        api.GET("/my/projects/{project_id}/events", {
          params: {
            path: { project_id: project },
            query: { event_type: "task_retry_scheduled", agent_id, limit: 100 },
          },
          headers: { Accept: "application/json" },
          signal,
        }),
      )) as { events: { payload: Record<string, unknown> }[] };
      const payload = page.events.find((event) => event.payload.task_id === id)?.payload;
      return payload ? { until: String(payload.retry_at), errorType: String(payload.error_type) } : null;
    },
  });
}

export function queuesQuery(project: string) {
  return queryOptions({
    queryKey: workKeys.queues(project),
    queryFn: async ({ signal, client }) => {
      workCache(client);
      const { queues } = await must(
        api.GET("/my/projects/{project_id}/queues", { params: { path: { project_id: project } }, signal }),
      );
      return queues;
    },
  });
}

export function agentReportQuery(project: string, agent: string) {
  return queryOptions({
    queryKey: [...workKeys.report(project), agent, "status"],
    queryFn: ({ signal, client }) => {
      workCache(client);
      return must(
        api.GET("/my/projects/{project_id}/agents/{agent_id}/status", {
          params: { path: { project_id: project, agent_id: agent } },
          signal,
        }),
      );
    },
  });
}

export function agentSumsQuery(project: string, agent: string) {
  return queryOptions({
    queryKey: [...workKeys.report(project), agent, "sums"],
    queryFn: ({ signal }) =>
      must(
        api.GET("/my/projects/{project_id}/agents/{agent_id}/metrics", {
          params: { path: { project_id: project, agent_id: agent } },
          signal,
        }),
      ),
  });
}

export type Bucket = "hour" | "day";

export function agentHistoryQuery(project: string, agent: string, bucket: Bucket, from: string) {
  return queryOptions({
    queryKey: [...workKeys.report(project), agent, bucket, from],
    queryFn: async ({ signal }) => {
      const { history } = await must(
        api.GET("/my/projects/{project_id}/agents/{agent_id}/metrics/history", {
          params: { path: { project_id: project, agent_id: agent }, query: { bucket, from } },
          signal,
        }),
      );
      return history;
    },
  });
}
