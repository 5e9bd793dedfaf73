import { useQuery } from "@tanstack/react-query";
import { type Agent, type AgentReport, problemText } from "../api";
import { formatDateTime, formatMoney, formatNumber, formatSeconds, useWords } from "../i18n";
import { useWorkWords } from "../i18n/work";
import { agentReportQuery, agentSumsQuery } from "../tasks";
import { Problem, Skeleton } from "../ui";
import { AgentState } from "./AgentBits";
import { AgentHistory } from "./AgentHistory";
import styles from "./AgentScreen.module.css";

/** How an agent does: what its last check found, what it did so far, and when. */
export function AgentHealth({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const work = useWorkWords();
  const report = useQuery(agentReportQuery(project, agent.id));
  if (report.isPending) return <Skeleton />;
  if (report.isError && !report.data)
    return <Problem problem={problemText(report.error, words, "health")} onRetry={() => report.refetch()} />;
  return (
    <>
      <Now agent={agent} report={report.data} />
      <h3 className={styles.part}>{work.sums}</h3>
      <Sums project={project} agent={agent} />
      <h3 className={styles.part}>{work.history}</h3>
      <AgentHistory project={project} agent={agent.id} />
    </>
  );
}

function Now({ agent, report }: { agent: Agent; report: AgentReport }) {
  const words = useWords();
  const work = useWorkWords();
  const { last_check, result } = report.health;
  return (
    <dl className={styles.facts}>
      <dt>{words.health}</dt>
      <dd>
        <AgentState agent={agent} />
        {report.last_error && <span className={styles.cause}>{report.last_error}</span>}
      </dd>
      <dt>{work.lastCheck}</dt>
      <dd>
        {last_check
          ? `${formatDateTime(words.locale, last_check)} · ${result === "ok" ? work.checkOk : (result ?? "")}`
          : work.neverChecked}
      </dd>
      {report.recover_at && (
        <>
          <dt>{work.recoverAt}</dt>
          <dd>{formatDateTime(words.locale, report.recover_at)}</dd>
        </>
      )}
      <dt>{work.work}</dt>
      <dd>{words.agentQueue(report.queue.active, report.queue.size)}</dd>
      <dt>{words.model}</dt>
      <dd>
        <code>{report.config.model}</code>
      </dd>
      <dt>{words.concurrency}</dt>
      <dd>{formatNumber(words.locale, report.config.concurrency_limit)}</dd>
      <dt>{work.cached}</dt>
      <dd>{report.is_in_cache ? words.yes : words.no}</dd>
      <dt>{words.lastChanged}</dt>
      <dd>{formatDateTime(words.locale, agent.updated_at)}</dd>
    </dl>
  );
}

function Sums({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const work = useWorkWords();
  const query = useQuery(agentSumsQuery(project, agent.id));
  if (query.isPending) return <Skeleton />;
  if (query.isError && !query.data)
    return <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />;
  const sums = query.data;
  const number = (value: number) => formatNumber(words.locale, value);
  const rows: [string, string][] = [
    [work.completed, number(sums.successful_tasks)],
    [work.failed, number(sums.failed_tasks)],
    [work.cancelledMany, number(sums.cancelled_tasks)],
    [work.successRate, sums.success_rate === null ? "–" : percent(words.locale, sums.success_rate)],
    [work.average, sums.avg_duration_ms === null ? "–" : formatSeconds(words.locale, sums.avg_duration_ms)],
    [words.calls, number(sums.api_calls)],
    [words.tokensIn, number(sums.tokens_in)],
    [words.tokensOut, number(sums.tokens_out)],
    [words.cost, sums.cost_usd === null ? words.priceUnknown : formatMoney(words.locale, sums.cost_usd)],
    [work.ended, sums.last_active_at ? formatDateTime(words.locale, sums.last_active_at) : work.never],
  ];
  return (
    <dl className={styles.facts}>
      {rows.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function percent(locale: string, share: number): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}
