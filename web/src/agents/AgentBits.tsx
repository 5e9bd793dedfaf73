import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Agent } from "../api";
import { agentsQuery } from "../feed";
import { type Catalogue, useWords } from "../i18n";
import { Mark, Status, type Tone } from "../ui";
import { hueOfId, huesOf } from "./hues";

export function useAgents(project: string) {
  const query = useQuery(agentsQuery(project));
  const agents = query.data;
  const hues = useMemo(() => huesOf(agents ?? []), [agents]);
  return { query, agents: agents ?? noAgents, hues };
}

const noAgents: readonly Agent[] = [];

export function agentTone(agent: Agent): Tone {
  if (agent.status === "error") return "danger";
  return agent.status === "busy" ? "busy" : "ok";
}

export function agentStateWord(agent: Agent, words: Catalogue): string {
  if (agent.status === "error") return words.agentError;
  if (agent.state === "at_capacity") return words.agentFull;
  return agent.status === "busy" ? words.agentBusy : words.agentReady;
}

export function AgentState({ agent }: { agent: Agent }) {
  const words = useWords();
  return (
    <Status tone={agentTone(agent)} title={agent.last_error ?? undefined}>
      {agentStateWord(agent, words)}
    </Status>
  );
}

/** The mark of whoever wrote something; an agent that is gone keeps the hue of its id. */
export function AgentMark({
  id,
  name,
  hues,
  large,
}: {
  id: string | null;
  name: string;
  hues: ReadonlyMap<string, number>;
  large?: boolean;
}) {
  return <Mark name={name} hue={id ? (hues.get(id) ?? hueOfId(id)) : 0} large={large} />;
}

/** Where a message without a target goes: the ask-role agent, else the oldest that does not orchestrate. */
export function defaultAgent(agents: readonly Agent[]): Agent | null {
  const byAge = [...agents].sort((a, b) => a.created_at.localeCompare(b.created_at));
  return (
    byAge.find((agent) => agent.config.metadata?.role === "ask") ??
    byAge.find((agent) => agent.config.metadata?.role !== "orchestrator") ??
    null
  );
}
