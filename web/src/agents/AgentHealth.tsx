import { useQuery } from "@tanstack/react-query";
import { type Agent, problemText, usageQuery } from "../api";
import { formatDateTime, formatMoney, formatNumber, useWords } from "../i18n";
import { Problem, Skeleton } from "../ui";
import { AgentState } from "./AgentBits";
import styles from "./AgentScreen.module.css";

const always = "1970-01-01T00:00:00Z";

export function AgentHealth({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const query = useQuery(usageQuery(project, "agent", always));
  if (query.isPending) return <Skeleton />;
  if (query.isError)
    return <Problem problem={problemText(query.error, words, "health")} onRetry={() => query.refetch()} />;
  const used = query.data.usage.find((row) => row.key === agent.id);
  const { active, waiting } = agent.queue;
  return (
    <dl className={styles.facts}>
      <dt>{words.health}</dt>
      <dd>
        <AgentState agent={agent} />
      </dd>
      <dt>{words.queueTitle}</dt>
      <dd>{words.agentQueue(active, waiting)}</dd>
      <dt>{words.lastChanged}</dt>
      <dd>{formatDateTime(words.locale, agent.updated_at)}</dd>
      <dt>{words.calls}</dt>
      <dd>{formatNumber(words.locale, used?.calls ?? 0)}</dd>
      <dt>{words.tokensIn}</dt>
      <dd>{formatNumber(words.locale, used?.tokens_in ?? 0)}</dd>
      <dt>{words.tokensOut}</dt>
      <dd>{formatNumber(words.locale, used?.tokens_out ?? 0)}</dd>
      <dt>{words.cost}</dt>
      <dd>{used?.cost_usd === null ? words.priceUnknown : formatMoney(words.locale, used?.cost_usd ?? 0)}</dd>
    </dl>
  );
}
