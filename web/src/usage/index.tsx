import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useAgents } from "../agents";
import { problemText, type UsageGroup, type UsageRow, usageQuery } from "../api";
import { projectsQuery } from "../feed";
import { type Catalogue, formatDate, formatMoney, formatNumber, useWords } from "../i18n";
import { Choice, Empty, Problem, Skeleton } from "../ui";
import { Bars } from "./Bars";
import styles from "./Usage.module.css";

const groups: readonly UsageGroup[] = ["day", "agent", "model", "project"];
const periods = [7, 30, 90] as const;

export default function UsageScreen({ project }: { project: string }) {
  const words = useWords();
  const [, navigate] = useLocation();
  const search = new URLSearchParams(useSearch());
  const group = groups.find((name) => name === search.get("by")) ?? "day";
  const days = periods.find((n) => String(n) === search.get("days")) ?? 30;
  const all = search.get("scope") === "all" || group === "project";
  const [today] = useState(() => new Date());
  const from = new Date(
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - days + 1),
  ).toISOString();
  const query = useQuery({ ...usageQuery(all ? null : project, group, from), staleTime: 0 });
  const { agents } = useAgents(project);
  const projects = useQuery(projectsQuery);

  const set = (change: Record<string, string>) => {
    const next = new URLSearchParams({
      by: group,
      days: String(days),
      scope: all ? "all" : "one",
      ...change,
    });
    navigate(`/p/${project}/usage?${next}`, { replace: true });
  };
  const titles: Record<UsageGroup, string> = {
    day: words.byDay,
    agent: words.byAgent,
    model: words.byModel,
    project: words.byProject,
  };
  const nameOf = (key: string | null): string => {
    if (key === null) return words.deletedKey;
    if (group === "day") return formatDate(words.locale, `${key.slice(0, 10)}T12:00:00Z`);
    if (group === "agent") return agents.find((agent) => agent.id === key)?.name ?? key;
    if (group === "project") return projects.data?.find((other) => other.id === key)?.name ?? key;
    return key;
  };

  return (
    <div className={styles.page}>
      <h2 className={styles.title}>{words.usage}</h2>
      <p className={styles.lead}>{words.usageLead}</p>
      <div className={styles.filters}>
        <Choice
          label={words.key}
          value={group}
          onChange={(by) => set({ by })}
          options={groups.map((value) => ({ value, label: titles[value] }))}
        />
        <Choice
          label={words.period}
          value={String(days)}
          onChange={(value) => set({ days: value })}
          options={periods.map((n) => ({ value: String(n), label: words.lastDays(n) }))}
        />
        {group !== "project" && (
          <Choice
            label={words.project}
            value={all ? "all" : "one"}
            onChange={(scope) => set({ scope })}
            options={[
              { value: "one", label: words.thisProject },
              { value: "all", label: words.allProjects },
            ]}
          />
        )}
      </div>
      {query.isPending && <Skeleton />}
      {query.isError && (
        <Problem problem={problemText(query.error, words, "usage")} onRetry={() => query.refetch()} />
      )}
      {query.data &&
        (query.data.usage.length === 0 ? (
          <Empty>{words.noUsage}</Empty>
        ) : (
          <>
            <Bars
              label={words.chartOf(titles[group])}
              upright={group === "day"}
              rows={query.data.usage.map((row) => ({
                key: row.key ?? "",
                name: nameOf(row.key),
                value: row.tokens_in + row.tokens_out,
              }))}
            />
            <UsageTable rows={query.data.usage} nameOf={nameOf} caption={titles[group]} words={words} />
          </>
        ))}
    </div>
  );
}

interface TableProps {
  rows: readonly UsageRow[];
  nameOf: (key: string | null) => string;
  caption: string;
  words: Catalogue;
}

function UsageTable({ rows, nameOf, caption, words }: TableProps) {
  const sum = rows.reduce(
    (total, row) => ({
      key: "",
      calls: total.calls + row.calls,
      tokens_in: total.tokens_in + row.tokens_in,
      tokens_out: total.tokens_out + row.tokens_out,
      tokens_cached: total.tokens_cached + row.tokens_cached,
      cost_usd: row.cost_usd === null ? total.cost_usd : (total.cost_usd ?? 0) + row.cost_usd,
      unpriced_calls: total.unpriced_calls + row.unpriced_calls,
    }),
    {
      key: "",
      calls: 0,
      tokens_in: 0,
      tokens_out: 0,
      tokens_cached: 0,
      cost_usd: null,
      unpriced_calls: 0,
    } as UsageRow,
  );
  const cells = (row: UsageRow) => (
    <>
      <td title={row.unpriced_calls > 0 ? words.unpriced(row.unpriced_calls) : undefined}>
        {row.cost_usd === null ? words.priceUnknown : formatMoney(words.locale, row.cost_usd)}
      </td>
      <td>{formatNumber(words.locale, row.calls)}</td>
      <td>{formatNumber(words.locale, row.tokens_in)}</td>
      <td>{formatNumber(words.locale, row.tokens_cached)}</td>
      <td>{formatNumber(words.locale, row.tokens_out)}</td>
    </>
  );
  return (
    <div className="wide-scroll" role="group" tabIndex={0} aria-label={caption}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.key}</th>
            <th scope="col">{words.cost}</th>
            <th scope="col">{words.calls}</th>
            <th scope="col">{words.tokensIn}</th>
            <th scope="col">{words.cached}</th>
            <th scope="col">{words.tokensOut}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? ""}>
              <th scope="row">{nameOf(row.key)}</th>
              {cells(row)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            {cells(sum)}
          </tr>
        </tfoot>
      </table>
      {sum.unpriced_calls > 0 && <p className={styles.note}>{words.unpriced(sum.unpriced_calls)}</p>}
    </div>
  );
}
