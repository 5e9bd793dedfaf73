import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useLocation, useSearch } from "wouter";
import { AgentMark, useAgents } from "../agents";
import { problemText, type Task, type TaskStatus } from "../api";
import { sessionsQuery } from "../feed";
import { formatDateTime, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Button, Empty, Problem, SelectField, Skeleton } from "../ui";
import { tasksQuery } from "./queries";
import { TaskState } from "./TaskBits";
import styles from "./Tasks.module.css";

const states: readonly TaskStatus[] = [
  "running",
  "queued",
  "awaiting_approval",
  "awaiting_runner",
  "completed",
  "failed",
  "cancelled",
];

interface Props {
  project: string;
  current: string | null;
  onNavigate?: () => void;
}

/** All tasks of a project, newest first; the filter is part of the address. */
export function TaskList({ project, current, onNavigate }: Props) {
  const words = useWords();
  const work = useWorkWords();
  const [path, navigate] = useLocation();
  const search = new URLSearchParams(useSearch());
  const status = states.find((state) => state === search.get("state"));
  const { agents } = useAgents(project);
  const agent = agents.find((other) => other.id === search.get("agent"))?.id;
  const query = useInfiniteQuery(tasksQuery(project, { status, agent }));
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = (name: string, value: string) => {
    if (value) search.set(name, value);
    else search.delete(name);
    navigate(`${path}${search.size > 0 ? `?${search}` : ""}`, { replace: true });
  };
  return (
    <div className={styles.pane}>
      <div className={styles.filters}>
        <SelectField
          label={work.state}
          value={status ?? ""}
          onChange={(event) => set("state", event.target.value)}
        >
          <option value="">{work.allStates}</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {work.status[state]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={work.agent}
          value={agent ?? ""}
          onChange={(event) => set("agent", event.target.value)}
        >
          <option value="">{work.allAgents}</option>
          {agents.map((other) => (
            <option key={other.id} value={other.id}>
              {other.name}
            </option>
          ))}
        </SelectField>
      </div>
      {query.isPending && <Skeleton lines={5} />}
      {query.isError && !query.data && (
        <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />
      )}
      {query.isSuccess && rows.length === 0 && (
        <Empty>{status || agent ? work.noSuchTasks : work.noTasks}</Empty>
      )}
      <TaskRows
        project={project}
        rows={rows}
        current={current}
        query={search.size > 0 ? `?${search}` : ""}
        onNavigate={onNavigate}
      />
      {query.hasNextPage && (
        <Button look="quiet" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {words.loadMore}
        </Button>
      )}
    </div>
  );
}

interface RowsProps {
  project: string;
  rows: readonly Task[];
  current?: string | null;
  query?: string;
  onNavigate?: () => void;
}

export function TaskRows({ project, rows, current = null, query = "", onNavigate }: RowsProps) {
  const words = useWords();
  const { agents, hues } = useAgents(project);
  const sessions = useInfiniteQuery(sessionsQuery(project, false));
  const titles = new Map(
    sessions.data?.pages.flatMap((page) => page.rows).map((row) => [row.id, row.title ?? words.untitled]),
  );
  return (
    <ul data-keylist className={`${styles.rows} quiet-scroll`}>
      {rows.map((task) => {
        const name = agents.find((agent) => agent.id === task.agent_id)?.name ?? words.deletedKey;
        return (
          <li key={task.id} className={styles.row} data-current={task.id === current || undefined}>
            <Link
              href={`/p/${project}/tasks/${task.id}${query}`}
              className={styles.link}
              aria-current={task.id === current ? "page" : undefined}
              onClick={onNavigate}
            >
              <AgentMark id={task.agent_id} name={name} hues={hues} />
              <span className={styles.what}>
                <span className={styles.name} dir="auto">
                  {(task.session_id && titles.get(task.session_id)) || name}
                </span>
                <span className={styles.when}>
                  {name} ·{" "}
                  <time dateTime={task.created_at}>{formatDateTime(words.locale, task.created_at)}</time>
                </span>
              </span>
              <TaskState task={task} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
