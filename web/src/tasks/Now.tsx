import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Task } from "../api";
import { useWorkWords } from "../i18n/work";
import { Button } from "../ui";
import { stepsQuery, tasksQuery } from "./queries";
import { WaitReason } from "./TaskBits";
import { Spent } from "./TaskSteps";
import styles from "./Tasks.module.css";
import { useTaskActs } from "./useTaskActs";

/** The tasks that run, with the step each of them is at; of one agent or of the whole project. */
export function useRunningTasks(project: string, agent?: string) {
  const query = useInfiniteQuery(tasksQuery(project, { status: "running", agent }));
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? noTasks;
  // What has just ended leaves with the next loading of the list; until then it is not shown as running.
  return { query, rows: rows.filter((task) => task.status === "running") };
}

const noTasks: readonly Task[] = [];

export function RunningTask({ project, task }: { project: string; task: Task }) {
  const work = useWorkWords();
  const acts = useTaskActs(project);
  const steps = useQuery(stepsQuery(project, task.id));
  const last = steps.data?.at(-1);
  return (
    <div className={styles.doing}>
      <Link href={`/p/${project}/tasks/${task.id}`}>
        {last ? (
          <>
            {work.kinds[last.kind]} <code>{last.title}</code>
          </>
        ) : (
          work.openTask
        )}
      </Link>
      <WaitReason project={project} task={task} />
      <Spent project={project} task={task} />
      <Button look="quiet" disabled={acts.cancelling(task)} onClick={() => void acts.cancel(task)}>
        {acts.cancelling(task) ? work.cancelling : work.cancelTask}
      </Button>
    </div>
  );
}
