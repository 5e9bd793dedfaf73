export { AgentMark, AgentState, agentStateWord, defaultAgent, useAgents } from "./AgentBits";
export { hueOfId } from "./hues";
