import { useQuery } from "@tanstack/react-query";
import { type Agent, agentStatusQuery, problemText } from "../api";
import { formatDateTime, formatMoney, formatNumber, formatSeconds, useWords } from "../i18n";
import { Problem, Skeleton } from "../ui";
import { AgentState } from "./AgentBits";
import styles from "./AgentScreen.module.css";

export function AgentHealth({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const query = useQuery(agentStatusQuery(project, agent.id));
  if (query.isPending) return <Skeleton />;
  if (query.isError)
    return <Problem problem={problemText(query.error, words)} onRetry={() => query.refetch()} />;
  const { execution, usage, queue } = query.data;
  const average = execution.avg_execution_time_ms;
  return (
    <dl className={styles.facts}>
      <dt>{words.health}</dt>
      <dd>
        <AgentState agent={agent} />
      </dd>
      <dt>{words.executions}</dt>
      <dd>
        {formatNumber(words.locale, execution.total_executions)}
        {execution.failed > 0 && ` · ${words.failedCount(execution.failed)}`}
      </dd>
      <dt>{words.queueTitle}</dt>
      <dd>{words.agentQueue(queue.active, queue.waiting)}</dd>
      <dt>{words.averageTime}</dt>
      <dd>{average === null ? words.never : formatSeconds(words.locale, average)}</dd>
      <dt>{words.lastActive}</dt>
      <dd>
        {execution.last_execution ? formatDateTime(words.locale, execution.last_execution) : words.never}
      </dd>
      <dt>{words.tokensIn}</dt>
      <dd>{formatNumber(words.locale, usage.tokens_in)}</dd>
      <dt>{words.tokensOut}</dt>
      <dd>{formatNumber(words.locale, usage.tokens_out)}</dd>
      <dt>{words.cost}</dt>
      <dd>{usage.cost_usd === null ? words.priceUnknown : formatMoney(words.locale, usage.cost_usd)}</dd>
    </dl>
  );
}
