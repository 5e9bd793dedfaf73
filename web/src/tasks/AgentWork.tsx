import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { type Agent, problemText } from "../api";
import { formatDateTime, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Problem, Skeleton } from "../ui";
import { RunningTask, useRunningTasks } from "./Now";
import { FullQueue } from "./Queues";
import { queuesQuery, tasksQuery } from "./queries";
import { WaitReason } from "./TaskBits";
import { TaskRows } from "./TaskList";
import styles from "./Tasks.module.css";

/** One agent at work: what it does now, what waits for it, what it did last. */
export function AgentWork({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const work = useWorkWords();
  const running = useRunningTasks(project, agent.id);
  const queue = useQuery(queuesQuery(project)).data?.find((other) => other.agent_id === agent.id);
  const queued = useInfiniteQuery(tasksQuery(project, { status: "queued", agent: agent.id }));
  const latest = useInfiniteQuery(tasksQuery(project, { agent: agent.id }));
  const failed = [running.query, queued, latest].find((query) => query.isError && !query.data);
  if (failed) return <Problem problem={problemText(failed.error, words)} onRetry={() => failed.refetch()} />;
  if (!running.query.data || !queued.data || !latest.data) return <Skeleton lines={8} />;
  const waits = queued.data.pages
    .flatMap((page) => page.rows)
    .filter((task) => task.status === "queued")
    .sort(
      (a, b) =>
        (a.queue_position ?? Number.MAX_SAFE_INTEGER) - (b.queue_position ?? Number.MAX_SAFE_INTEGER) ||
        a.created_at.localeCompare(b.created_at),
    );
  return (
    <>
      <h3 className={styles.part}>{work.doingNow}</h3>
      {running.rows.length === 0 && <p className={styles.note}>{work.nothingNow}</p>}
      {running.rows.map((task) => (
        <RunningTask key={task.id} project={project} task={task} />
      ))}
      <h3 className={styles.part}>
        {work.waitsInQueue}
        {queue && <span className={styles.note}>{work.ofLimit(queue.size, queue.capacity)}</span>}
      </h3>
      {queue && <FullQueue queue={queue} />}
      {waits.length === 0 ? (
        <p className={styles.note}>{work.nothingNow}</p>
      ) : (
        <ol className={styles.waitList}>
          {waits.map((task) => (
            <li key={task.id}>
              <Link href={`/p/${project}/tasks/${task.id}`}>
                {formatDateTime(words.locale, task.created_at)}
              </Link>
              <WaitReason project={project} task={task} />
            </li>
          ))}
        </ol>
      )}
      <h3 className={styles.part}>{work.lastTasks}</h3>
      {latest.data.pages[0]?.rows.length === 0 ? (
        <p className={styles.note}>{work.noTasks}</p>
      ) : (
        <TaskRows project={project} rows={latest.data.pages[0]?.rows.slice(0, 10) ?? []} />
      )}
      <p className={styles.note}>
        <Link href={`/p/${project}/tasks?agent=${agent.id}`}>{work.allTasks}</Link>
      </p>
    </>
  );
}
