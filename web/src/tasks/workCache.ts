import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Task, TaskStep } from "../api";
import { currentFeed, type Feed, Stamps, type WorkEvent } from "../feed";
import { type Change, changesOf, hasEnded, withStep } from "./changes";

export interface TaskPage {
  rows: readonly Task[];
  total: number;
}

export const workKeys = {
  tasks: (project: string) => ["tasks", project] as const,
  task: (project: string, task: string) => ["task", project, task] as const,
  steps: (project: string, task: string) => ["task-steps", project, task] as const,
  wait: (project: string, task: string) => ["task-wait", project, task] as const,
  queues: (project: string) => ["queues", project] as const,
  report: (project: string) => ["agent-report", project] as const,
};

const journalLength = 2000;
const soonMillis = 250;
const restMillis = 4000;

/**
 * Keeps what is loaded of tasks true to the feed. Rows follow each event at once; what only the server can count (places
 * in queues, sums) is loaded again soon after one, and under load no more often than every few seconds.
 */
export class WorkCache {
  #stamps = new Stamps();
  #journal: { project: string; change: Change }[] = [];
  #journalStart = 0;
  #due = new Map<string, ReturnType<typeof setTimeout>>();
  #last = new Map<string, number>();

  constructor(readonly client: QueryClient) {}

  mark(): number {
    return this.#journalStart + this.#journal.length;
  }

  take(project: string, event: WorkEvent) {
    for (const change of changesOf(event)) this.#change(project, change);
    this.#refreshSoon(project);
  }

  /** Loaded rows with all that happened since `mark` applied again: events and REST may race freely. */
  tasksOnTop(mark: number, project: string, rows: readonly Task[]): readonly Task[] {
    const stamps = new Stamps();
    return this.#since(mark, project).reduce(
      (list, change) =>
        change.what === "task"
          ? withFields(list, change.task, stamps.fresh(change.task, change.seq, change.fields))
          : list,
      rows,
    );
  }

  stepsOnTop(mark: number, project: string, task: string, steps: readonly TaskStep[]): readonly TaskStep[] {
    const stamps = new Stamps();
    return this.#since(mark, project).reduce(
      (list, change) =>
        change.what === "step" && change.task === task ? withStep(list, newer(change, stamps)) : list,
      steps,
    );
  }

  #since(mark: number, project: string): Change[] {
    return this.#journal
      .slice(Math.max(0, mark - this.#journalStart))
      .filter((entry) => entry.project === project)
      .map((entry) => entry.change);
  }

  #change(project: string, change: Change) {
    const { client } = this;
    this.#journal.push({ project, change });
    if (this.#journal.length > journalLength) {
      this.#journal.shift();
      this.#journalStart++;
    }
    switch (change.what) {
      case "step":
        client.setQueryData<readonly TaskStep[]>(
          workKeys.steps(project, change.task),
          (steps) => steps && withStep(steps, newer(change, this.#stamps)),
        );
        return;
      case "wait":
        client.setQueryData(workKeys.wait(project, change.task), change.wait);
        return;
      case "task": {
        const fields = this.#stamps.fresh(change.task, change.seq, change.fields);
        const one = workKeys.task(project, change.task);
        client.setQueryData<Task>(one, (task) => task && { ...task, ...fields });
        client.setQueriesData<InfiniteData<TaskPage>>({ queryKey: workKeys.tasks(project) }, (data) => {
          if (!data) return data;
          const pages = data.pages.map((page) => {
            const rows = withFields(page.rows, change.task, fields);
            return rows === page.rows ? page : { ...page, rows };
          });
          return pages.every((page, at) => page === data.pages[at]) ? data : { ...data, pages };
        });
        // The end of a task brings its result and its sums, which no event carries whole.
        if (change.fields.status && hasEnded({ status: change.fields.status })) {
          void client.invalidateQueries({ queryKey: one });
          void client.invalidateQueries({ queryKey: workKeys.steps(project, change.task) });
        }
      }
    }
  }

  #refreshSoon(project: string) {
    if (this.#due.has(project)) return;
    const rested = Date.now() - (this.#last.get(project) ?? 0);
    this.#due.set(
      project,
      setTimeout(
        () => {
          this.#due.delete(project);
          this.#last.set(project, Date.now());
          for (const queryKey of [
            workKeys.tasks(project),
            workKeys.queues(project),
            workKeys.report(project),
          ]) {
            void this.client.invalidateQueries({ queryKey });
          }
        },
        Math.max(soonMillis, restMillis - rested),
      ),
    );
  }
}

function withFields(rows: readonly Task[], id: string, fields: Partial<Task>): readonly Task[] {
  const at = rows.findIndex((row) => row.id === id);
  return at < 0 ? rows : rows.with(at, { ...(rows[at] as Task), ...fields });
}

/** The fields of a step that no later event has told already. */
function newer(change: Extract<Change, { what: "step" }>, stamps: Stamps): typeof change {
  const key = `${change.task}.${change.step}.${change.attempt}`;
  const { kind, title } = change.fields;
  return { ...change, fields: { kind, title, ...stamps.fresh(key, change.seq, change.fields) } };
}

const caches = new WeakMap<Feed, WorkCache>();

/** The one of this page's feed, listening from the first time that somebody asks. */
export function workCache(client: QueryClient): WorkCache {
  const feed = currentFeed();
  let cache = caches.get(feed);
  if (!cache) {
    cache = new WorkCache(client);
    caches.set(feed, cache);
    const { take } = cache;
    feed.onWork(take.bind(cache));
  }
  return cache;
}
