import { useQuery } from "@tanstack/react-query";
import { ApiError, type Task } from "../api";
import { formatTime, useWords } from "../i18n";
import { useWorkWords, type WorkWords } from "../i18n/work";
import { Status, type Tone } from "../ui";
import { waitQuery } from "./queries";
import styles from "./Tasks.module.css";

const tones: Record<Task["status"], Tone> = {
  queued: "off",
  running: "busy",
  // Amber says one thing only: somebody waits for the person.
  awaiting_approval: "wait",
  awaiting_runner: "off",
  completed: "ok",
  failed: "danger",
  cancelled: "off",
};

export function TaskState({ task }: { task: Task }) {
  const words = useWorkWords();
  const retry = task.status === "queued" && task.waiting_on === "retry";
  return <Status tone={tones[task.status]}>{retry ? words.waitsForRetry : words.status[task.status]}</Status>;
}

export function whyWord(words: WorkWords, type: string | null): string {
  return words.why[(type ?? "other") as keyof WorkWords["why"]] ?? words.why.other;
}

/** The same as a sentence of its own. */
export function whySentence(words: WorkWords, type: string | null): string {
  const why = whyWord(words, type);
  return `${why.charAt(0).toLocaleUpperCase()}${why.slice(1)}.`;
}

export function RetrySentence({ until, errorType }: { until: string; errorType: string }) {
  const { locale } = useWords();
  const words = useWorkWords();
  return (
    <span className={styles.waits} data-waits>
      {words.againAt(formatTime(locale, until), whyWord(words, errorType))}
    </span>
  );
}

/** Why a task does not run at the moment, in one sentence; nothing when it runs or has ended. */
export function WaitReason({ project, task }: { project: string; task: Task }) {
  const words = useWorkWords();
  const retries = task.status === "queued" && task.waiting_on === "retry";
  const wait = useQuery({ ...waitQuery(project, task), enabled: retries });
  if (retries) {
    if (wait.data) return <RetrySentence {...wait.data} />;
    return wait.isPending ? null : <span className={styles.waits}>{words.againSoon}</span>;
  }
  const text =
    task.status === "awaiting_approval"
      ? words.waitsForApproval
      : task.status === "awaiting_runner"
        ? words.waitsForRunner
        : task.status === "queued" && task.depends_on.length > 0
          ? words.waitsForOthers(task.depends_on.length)
          : task.status === "queued" && task.queue_position !== null
            ? words.place(task.queue_position)
            : null;
  return text ? <span className={styles.waits}>{text}</span> : null;
}

export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
