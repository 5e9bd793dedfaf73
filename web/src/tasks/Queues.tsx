import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { AgentMark, AgentState, useAgents } from "../agents";
import { problemText, type Queue } from "../api";
import { formatDateTime, formatNumber, formatSeconds, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Empty, Problem, Skeleton } from "../ui";
import { RunningTask, useRunningTasks } from "./Now";
import { queuesQuery } from "./queries";
import styles from "./Tasks.module.css";

/** What every agent of the project is doing now, and the numbers of its queue. */
export function Queues({ project }: { project: string }) {
  const words = useWords();
  const work = useWorkWords();
  const { agents, hues } = useAgents(project);
  const queues = useQuery(queuesQuery(project));
  const running = useRunningTasks(project);
  if (queues.isPending) return <Skeleton lines={8} />;
  if (queues.isError && !queues.data)
    return <Problem problem={problemText(queues.error, words)} onRetry={() => queues.refetch()} />;
  if (queues.data.length === 0) return <Empty>{words.noAgents}</Empty>;
  return (
    <>
      <h3 className={styles.part}>{work.now}</h3>
      <ul className={styles.team}>
        {queues.data.map((queue) => {
          const agent = agents.find((other) => other.id === queue.agent_id);
          const doing = running.rows.filter((task) => task.agent_id === queue.agent_id);
          return (
            <li key={queue.agent_id}>
              <AgentMark id={queue.agent_id} name={queue.agent_name} hues={hues} />
              <span className={styles.member}>
                <Link href={`/p/${project}/agents/${queue.agent_id}?tab=work`}>{queue.agent_name}</Link>
                {agent && <AgentState agent={agent} />}
                {queue.size > 0 && (
                  <span className={styles.note}>{words.agentQueue(queue.active, queue.size)}</span>
                )}
              </span>
              <FullQueue queue={queue} />
              {doing.map((task) => (
                <RunningTask key={task.id} project={project} task={task} />
              ))}
            </li>
          );
        })}
      </ul>
      <h3 className={styles.part}>{work.queues}</h3>
      <QueueTable queues={queues.data} />
    </>
  );
}

export function FullQueue({ queue }: { queue: Pick<Queue, "size" | "capacity"> }) {
  const work = useWorkWords();
  if (queue.size >= queue.capacity) return <p className={styles.full}>{work.queueFullNow}</p>;
  return queue.size * 5 >= queue.capacity * 4 ? <p className={styles.note}>{work.queueNearlyFull}</p> : null;
}

function QueueTable({ queues }: { queues: readonly Queue[] }) {
  const { locale } = useWords();
  const work = useWorkWords();
  const seconds = (value: number | null) => (value === null ? "–" : formatSeconds(locale, value * 1000));
  return (
    <div className={styles.scroll} role="group" tabIndex={0} aria-label={work.queues}>
      <table className={styles.table}>
        <caption className="visually-hidden">{work.queues}</caption>
        <thead>
          <tr>
            {[
              work.agent,
              work.running,
              work.inQueue,
              work.waiting,
              work.oldest,
              work.completed,
              work.failed,
              work.average,
              work.slowest,
              work.throughput,
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.agent_id}>
              <th scope="row">{queue.agent_name}</th>
              <td>{work.ofLimit(queue.active, queue.limit)}</td>
              <td>{work.ofLimit(queue.size, queue.capacity)}</td>
              <td>{formatNumber(locale, queue.waiting)}</td>
              <td>{queue.oldest_queued_at ? formatDateTime(locale, queue.oldest_queued_at) : "–"}</td>
              <td>{formatNumber(locale, queue.completed)}</td>
              <td>{formatNumber(locale, queue.failed)}</td>
              <td>{seconds(queue.avg_seconds)}</td>
              <td>{seconds(queue.p95_seconds)}</td>
              <td>{formatNumber(locale, Math.round(queue.throughput_per_s * 100) / 100)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
