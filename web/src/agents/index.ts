export { AgentMark, AgentState, agentStateWord, defaultAgent, useAgents } from "./AgentBits";
export { AgentList } from "./AgentList";
export { hueOfId } from "./hues";
