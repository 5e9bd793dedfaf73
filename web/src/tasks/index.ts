export { AgentWork } from "./AgentWork";
export { agentHistoryQuery, agentReportQuery, agentSumsQuery, type Bucket } from "./queries";
export { RetrySentence } from "./TaskBits";
export { TaskSteps, TaskWaits } from "./TaskSteps";
