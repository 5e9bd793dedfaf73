import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { AgentMark, useAgents } from "../agents";
import { problemText, type Task } from "../api";
import { formatDateTime, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Button, Empty, Problem, Skeleton } from "../ui";
import { hasEnded } from "./changes";
import { taskQuery } from "./queries";
import { StepList } from "./StepList";
import { isGone, TaskState, WaitReason, whySentence } from "./TaskBits";
import { Spent } from "./TaskSteps";
import styles from "./Tasks.module.css";
import { useTaskActs } from "./useTaskActs";

export function TaskPage({ project, task: id }: { project: string; task: string }) {
  const words = useWords();
  const work = useWorkWords();
  const [, navigate] = useLocation();
  const { agents, hues } = useAgents(project);
  const acts = useTaskActs(project);
  const query = useQuery(taskQuery(project, id));
  if (query.isPending) return <Skeleton lines={8} />;
  if (query.isError && !query.data) {
    return isGone(query.error) ? (
      <Empty action={<Button onClick={() => navigate(`/p/${project}/tasks`)}>{work.tasks}</Button>}>
        {work.taskGone}
      </Empty>
    ) : (
      <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />
    );
  }
  const task = query.data;
  const name = agents.find((agent) => agent.id === task.agent_id)?.name ?? words.deletedKey;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <AgentMark id={task.agent_id} name={name} hues={hues} large />
        <h2 className={styles.title}>{work.taskOf(name)}</h2>
        <TaskState task={task} />
        <Spent project={project} task={task} />
        <span className={styles.acts}>
          {task.session_id && (
            <Button onClick={() => navigate(conversationOf(project, task))}>{work.openConversation}</Button>
          )}
          {!hasEnded(task) ? (
            <Button disabled={acts.cancelling(task)} onClick={() => void acts.cancel(task)}>
              {acts.cancelling(task) ? work.cancelling : work.cancelTask}
            </Button>
          ) : (
            task.kind === "message" && (
              <Button
                onClick={() => void acts.retry(task, (made) => navigate(`/p/${project}/tasks/${made}`))}
              >
                {work.retryTask}
              </Button>
            )
          )}
        </span>
      </header>
      <WaitReason project={project} task={task} />
      {task.status === "failed" && (
        <Problem problem={{ text: whySentence(work, task.error_type), detail: task.error }} />
      )}
      {task.status === "cancelled" && task.error && <p className={styles.note}>{task.error}</p>}
      <h3 className={styles.part}>{work.steps}</h3>
      <StepList project={project} task={task.id} label={work.stepsOf(name)} />
      <Facts project={project} task={task} name={name} />
    </div>
  );
}

function Facts({ project, task, name }: { project: string; task: Task; name: string }) {
  const { locale } = useWords();
  const work = useWorkWords();
  const times = [
    [work.created, task.created_at],
    [work.started, task.started_at],
    [work.ended, task.completed_at],
    [work.until, hasEnded(task) ? null : task.deadline_at],
  ] as const;
  return (
    <dl className={styles.facts}>
      <dt>{work.agent}</dt>
      <dd>
        <Link href={`/p/${project}/agents/${task.agent_id}?tab=work`}>{name}</Link>
      </dd>
      <dt>{work.version}</dt>
      <dd>{task.agent_version}</dd>
      {times.map(
        ([title, at]) =>
          at && (
            <div key={title}>
              <dt>{title}</dt>
              <dd>
                <time dateTime={at}>{formatDateTime(locale, at)}</time>
              </dd>
            </div>
          ),
      )}
      {task.retry_of && (
        <div>
          <dt>{work.repeats}</dt>
          <dd>
            <Link href={`/p/${project}/tasks/${task.retry_of}`}>{work.openTask}</Link>
          </dd>
        </div>
      )}
    </dl>
  );
}

function conversationOf(project: string, task: Task): string {
  const message = task.message_id ? `#m:${task.message_id}` : "";
  return `/p/${project}/chat/${task.session_id}${message}`;
}
