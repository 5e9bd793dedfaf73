import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { useAgents } from "../agents";
import { problemText, type Task } from "../api";
import { formatMoney, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Button, Problem, Skeleton } from "../ui";
import { hasEnded, spentOn } from "./changes";
import { stepsQuery, taskQuery } from "./queries";
import { StepList } from "./StepList";
import { isGone, TaskState, WaitReason } from "./TaskBits";
import styles from "./Tasks.module.css";
import { useTaskActs } from "./useTaskActs";

/** Inside a conversation: how the task of one answer stands, and its steps. */
export function TaskSteps({ project, task: id }: { project: string; task: string }) {
  const words = useWords();
  const work = useWorkWords();
  const acts = useTaskActs(project);
  const { agents } = useAgents(project);
  const query = useQuery(taskQuery(project, id));
  if (query.isPending) return <Skeleton lines={2} />;
  if (query.isError && !query.data) {
    return isGone(query.error) ? (
      <p className={styles.note}>{work.taskGone}</p>
    ) : (
      <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />
    );
  }
  const task = query.data;
  const agent = agents.find((other) => other.id === task.agent_id)?.name ?? words.deletedKey;
  return (
    <section className={styles.inline} aria-label={work.stepsOf(agent)}>
      <div className={styles.headline}>
        <TaskState task={task} />
        <WaitReason project={project} task={task} />
        <Spent project={project} task={task} />
        <span className={styles.acts}>
          {!hasEnded(task) && (
            <Button look="quiet" disabled={acts.cancelling(task)} onClick={() => void acts.cancel(task)}>
              {acts.cancelling(task) ? work.cancelling : work.cancelTask}
            </Button>
          )}
          <Link href={`/p/${project}/tasks/${task.id}`}>{work.openTask}</Link>
        </span>
      </div>
      <StepList project={project} task={id} label={work.stepsOf(agent)} />
    </section>
  );
}

/** What the task cost so far: while it runs the sum of its steps, in the end what the server has booked. */
export function Spent({ project, task }: { project: string; task: Task }) {
  const words = useWords();
  const work = useWorkWords();
  const steps = useQuery({ ...stepsQuery(project, task.id), enabled: !hasEnded(task) });
  const booked = hasEnded(task) && task.usage;
  const sum = booked
    ? { tokens: booked.tokens_in + booked.tokens_out, cost: booked.cost_usd }
    : spentOn(steps.data ?? []);
  if (sum.tokens === 0) return null;
  return (
    <span className={styles.spent} title={work.tookSoFar}>
      {work.tokensSum(sum.tokens)}
      {" · "}
      {sum.cost === null ? words.priceUnknown : formatMoney(words.locale, sum.cost)}
    </span>
  );
}

/** For an answer that has not begun: after a reload only the task knows what it waits for. */
export function TaskWaits({ project, task: id }: { project: string; task: string }) {
  const query = useQuery(taskQuery(project, id));
  return query.data && query.data.waiting_on !== null ? (
    <WaitReason project={project} task={query.data} />
  ) : null;
}
