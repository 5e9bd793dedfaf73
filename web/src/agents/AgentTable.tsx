import { Link } from "wouter";
import type { Agent } from "../api";
import { useWords } from "../i18n";
import { AgentMark, AgentState } from "./AgentBits";
import styles from "./AgentScreen.module.css";

interface Props {
  project: string;
  agents: readonly Agent[];
  hues: ReadonlyMap<string, number>;
}

/** The whole team at a glance, where no agent is chosen. */
export function AgentTable({ project, agents, hues }: Props) {
  const words = useWords();
  return (
    <div className="wide-scroll" role="group" tabIndex={0} aria-label={words.agents}>
      <table className={styles.team}>
        <caption className="visually-hidden">{words.agents}</caption>
        <thead>
          <tr>
            <th scope="col">{words.agentName}</th>
            <th scope="col">{words.role}</th>
            <th scope="col">{words.health}</th>
            <th scope="col">{words.queueTitle}</th>
            <th scope="col">{words.model}</th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <tr key={agent.id}>
              <th scope="row">
                <Link href={`/p/${project}/agents/${agent.id}`}>
                  <AgentMark id={agent.id} name={agent.name} hues={hues} />
                  {agent.name}
                </Link>
              </th>
              <td>{words.roles[agent.config.metadata?.role ?? "custom"]}</td>
              <td>
                <AgentState agent={agent} />
              </td>
              <td>{words.agentQueue(agent.queue.active, agent.queue.waiting)}</td>
              <td>{agent.config.model}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
