import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { problemText, type TaskStep } from "../api";
import { formatMoney, formatSeconds, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { Problem, Shape, Skeleton, type Tone } from "../ui";
import { stepQuery, stepsQuery } from "./queries";
import styles from "./Steps.module.css";
import { whySentence } from "./TaskBits";

const tones: Record<TaskStep["status"], Tone> = { running: "busy", completed: "ok", failed: "danger" };

/** The steps of a task as they happen: one line each, opened for what went in and came out. */
export function StepList({ project, task, label }: { project: string; task: string; label: string }) {
  const words = useWords();
  const work = useWorkWords();
  const steps = useQuery(stepsQuery(project, task));
  if (steps.isPending) return <Skeleton lines={2} />;
  if (steps.isError && !steps.data)
    return <Problem problem={problemText(steps.error, words)} onRetry={() => steps.refetch()} />;
  if (steps.data.length === 0) return <p className={styles.none}>{work.noSteps}</p>;
  const newest = new Map(steps.data.map((row) => [row.step, row.attempt]));
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.data.map((row) => (
        <StepRow
          key={`${row.step}.${row.attempt}`}
          project={project}
          task={task}
          row={row}
          newest={newest.get(row.step) === row.attempt}
        />
      ))}
    </ol>
  );
}

interface RowProps {
  project: string;
  task: string;
  row: TaskStep;
  /** Only of the newest attempt the server shows what went in and came out. */
  newest: boolean;
}

function StepRow({ project, task, row, newest }: RowProps) {
  const { locale } = useWords();
  const work = useWorkWords();
  const [open, setOpen] = useState(false);
  const detail = useId();
  const tokens = (row.tokens_in ?? 0) + (row.tokens_out ?? 0);
  const facts = [
    row.attempt > 1 ? work.attempt(row.attempt) : null,
    row.duration_ms === null ? null : formatSeconds(locale, row.duration_ms),
    tokens > 0 ? work.tokensSum(tokens) : null,
    row.cost_usd === null ? null : formatMoney(locale, row.cost_usd),
  ].filter((fact) => fact !== null);
  const line = (
    <>
      <Shape tone={tones[row.status]} />
      <span className={styles.kind}>{work.kinds[row.kind]}</span>
      <span className={styles.title}>{row.title}</span>
      <span className={styles.facts}>
        <span className={row.status === "completed" ? "visually-hidden" : styles.fact}>
          {work.stepStatus[row.status]}
        </span>
        {facts.map((fact) => (
          <span key={fact} className={styles.fact}>
            {fact}
          </span>
        ))}
      </span>
    </>
  );
  return (
    <li className={styles.step} data-status={row.status}>
      {newest ? (
        <button
          type="button"
          className={styles.line}
          aria-expanded={open}
          aria-controls={detail}
          onClick={() => setOpen(!open)}
        >
          {line}
        </button>
      ) : (
        <div className={styles.line}>{line}</div>
      )}
      {row.status === "failed" && (
        <p className={styles.error}>
          {whySentence(work, row.error_type)}
          {row.error && <span className={styles.cause}>{row.error}</span>}
        </p>
      )}
      {newest && (
        <div id={detail} hidden={!open}>
          {open && <StepDetail project={project} task={task} row={row} />}
        </div>
      )}
    </li>
  );
}

function StepDetail({ project, task, row }: Omit<RowProps, "newest">) {
  const words = useWords();
  const work = useWorkWords();
  const query = useQuery(stepQuery(project, task, row.step, row.status));
  if (query.isPending) return <Skeleton lines={3} />;
  if (query.isError)
    return <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />;
  const { input, output, truncated } = query.data;
  return (
    <div className={styles.detail} role="group" aria-label={work.stepDetail(row.step)}>
      {(
        [
          [work.input, input],
          [work.output, output],
        ] as const
      ).map(([title, value]) => (
        <section key={title}>
          <h4>{title}</h4>
          {value === null || value === undefined ? (
            <p className={styles.none}>{work.nothingYet}</p>
          ) : (
            <pre tabIndex={0} role="group" aria-label={title}>
              {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
            </pre>
          )}
        </section>
      ))}
      {truncated && <p className={styles.none}>{work.cut}</p>}
    </div>
  );
}
