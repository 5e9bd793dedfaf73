import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Agent, agentVersionsQuery, api, must, newKey, problemText } from "../api";
import { keys } from "../feed";
import { formatDateTime, useWords } from "../i18n";
import { Button, Problem, Skeleton, showToast } from "../ui";
import styles from "./AgentScreen.module.css";
import { ConfigDiff } from "./ConfigDiff";

export function Versions({ project, agent }: { project: string; agent: Agent }) {
  const words = useWords();
  const client = useQueryClient();
  const query = useQuery(agentVersionsQuery(project, agent.id));
  const [open, setOpen] = useState<number | null>(null);
  if (query.isPending) return <Skeleton />;
  if (query.isError)
    return <Problem problem={problemText(query.error, words, "versions")} onRetry={() => query.refetch()} />;
  const versions = query.data.versions;

  const restore = async (version: number) => {
    try {
      await must(
        api.POST("/my/projects/{project_id}/agents/{agent_id}/versions/{version}/restore", {
          params: {
            path: { project_id: project, agent_id: agent.id, version },
            header: { "If-Match": `"v${agent.version}"`, "Idempotency-Key": newKey() },
          },
        }),
      );
      await client.invalidateQueries({ queryKey: keys.agents(project) });
      await client.invalidateQueries({ queryKey: ["agent-versions", project, agent.id] });
      showToast({ text: words.restored(version) });
    } catch (error) {
      showToast({ text: problemText(error, words).text });
    }
  };

  return (
    <ol className={styles.versions}>
      {versions.map((version, index) => {
        const before = versions[index + 1];
        return (
          <li key={version.version}>
            <div className={styles.version}>
              <button
                type="button"
                aria-expanded={open === version.version}
                disabled={!before}
                onClick={() => setOpen(open === version.version ? null : version.version)}
              >
                <span className={styles.number}>{words.version(version.version)}</span>
                <time dateTime={version.created_at}>{formatDateTime(words.locale, version.created_at)}</time>
                <span className={styles.changed}>
                  {before ? <code>{version.changed.join(", ")}</code> : words.firstVersion}
                </span>
              </button>
              {version.version === agent.version ? (
                <span className={styles.meta}>{words.current}</span>
              ) : (
                <Button onClick={() => void restore(version.version)}>{words.restoreVersion}</Button>
              )}
            </div>
            {open === version.version && before && (
              <ConfigDiff
                before={before}
                after={version}
                caption={words.compareWith(before.version, version.version)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}
