import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AgentSums, problemText } from "../api";
import { formatDate, formatDateTime, formatMoney, formatNumber, formatSeconds, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { agentHistoryQuery, type Bucket } from "../tasks";
import { Choice, Problem, Skeleton } from "../ui";
import { Bars } from "../usage/screen";
import styles from "./AgentScreen.module.css";

const hour = 3_600_000;
const spans: Record<Bucket, { pieces: number; length: number }> = {
  hour: { pieces: 24, length: hour },
  day: { pieces: 30, length: 24 * hour },
};

/** What ended in each hour or day: a picture, and the same as a table. */
export function AgentHistory({ project, agent }: { project: string; agent: string }) {
  const words = useWords();
  const work = useWorkWords();
  const [bucket, setBucket] = useState<Bucket>("day");
  const [now] = useState(Date.now);
  const { pieces, length } = spans[bucket];
  const first = Math.floor(now / length) * length - (pieces - 1) * length;
  const query = useQuery(agentHistoryQuery(project, agent, bucket, new Date(first).toISOString()));
  const nameOf = (start: string) =>
    bucket === "hour"
      ? formatDateTime(words.locale, start)
      : formatDate(words.locale, `${start.slice(0, 10)}T12:00:00Z`);
  return (
    <div className={styles.history}>
      <Choice
        label={words.period}
        value={bucket}
        onChange={setBucket}
        options={[
          { value: "day", label: work.byDay, hint: work.lastMonth },
          { value: "hour", label: work.byHour, hint: work.lastDay },
        ]}
      />
      {query.isPending && <Skeleton />}
      {query.isError && !query.data && (
        <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />
      )}
      {query.data &&
        (query.data.length === 0 ? (
          <p className={styles.meta}>{work.noHistory}</p>
        ) : (
          <>
            <Bars upright label={work.tasksEnded} rows={onAxis(query.data, first, pieces, length, nameOf)} />
            <HistoryTable rows={query.data} nameOf={nameOf} />
          </>
        ))}
    </div>
  );
}

/** The server leaves out pieces in which nothing ended; on the axis of time they have their place. */
function onAxis(
  history: readonly AgentSums[],
  first: number,
  pieces: number,
  length: number,
  nameOf: (start: string) => string,
) {
  const ended = new Map(history.map((piece) => [Date.parse(piece.start ?? ""), piece.total_tasks]));
  return Array.from({ length: pieces }, (_, at) => {
    const start = first + at * length;
    const key = new Date(start).toISOString();
    return { key, name: nameOf(key), value: ended.get(start) ?? 0 };
  });
}

function HistoryTable({ rows, nameOf }: { rows: readonly AgentSums[]; nameOf: (start: string) => string }) {
  const words = useWords();
  const work = useWorkWords();
  const number = (value: number) => formatNumber(words.locale, value);
  return (
    <div className={styles.scroll} role="group" tabIndex={0} aria-label={work.tasksEnded}>
      <table>
        <caption className="visually-hidden">{work.tasksEnded}</caption>
        <thead>
          <tr>
            {[work.time, work.completed, work.failed, work.average, words.calls, words.cost].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map((row) => (
            <tr key={row.start}>
              <th scope="row">{nameOf(row.start ?? "")}</th>
              <td>{number(row.successful_tasks)}</td>
              <td>{number(row.failed_tasks)}</td>
              <td>{row.avg_duration_ms === null ? "–" : formatSeconds(words.locale, row.avg_duration_ms)}</td>
              <td>{number(row.api_calls)}</td>
              <td>{row.cost_usd === null ? words.priceUnknown : formatMoney(words.locale, row.cost_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
