import { Plus } from "lucide-react";
import { Link, useLocation } from "wouter";
import { problemText } from "../api";
import { useWords } from "../i18n";
import { Empty, IconButton, Problem, Skeleton } from "../ui";
import { AgentMark, AgentState, useAgents } from "./AgentBits";
import styles from "./AgentList.module.css";

interface Props {
  project: string;
  current: string | null;
  onNavigate?: () => void;
}

export function AgentList({ project, current, onNavigate }: Props) {
  const words = useWords();
  const [, navigate] = useLocation();
  const { query, agents, hues } = useAgents(project);
  return (
    <div className={styles.pane}>
      <div className={styles.top}>
        <h2>{words.agents}</h2>
        <IconButton
          name={words.newAgent}
          onClick={() => {
            navigate(`/p/${project}/agents/new`);
            onNavigate?.();
          }}
        >
          <Plus size={16} />
        </IconButton>
      </div>
      {query.isPending && <Skeleton lines={5} />}
      {query.isError && !query.data && (
        <Problem problem={problemText(query.error, words, "agents")} onRetry={() => query.refetch()} />
      )}
      {query.isSuccess && agents.length === 0 && <Empty>{words.noAgents}</Empty>}
      <ul data-keylist className={`${styles.rows} quiet-scroll`}>
        {agents.map((agent) => (
          <li key={agent.id} className={styles.row} data-current={agent.id === current || undefined}>
            <Link
              href={`/p/${project}/agents/${agent.id}`}
              className={styles.link}
              aria-current={agent.id === current ? "page" : undefined}
              onClick={onNavigate}
            >
              <AgentMark id={agent.id} name={agent.name} hues={hues} />
              <span className={styles.name}>{agent.name}</span>
              <AgentState agent={agent} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
