import type { components } from "./schema";

type Schemas = components["schemas"];

/** An answer as it really comes: the document marks what may be null, and the server leaves no field out. */
export type Told<T> = T extends readonly (infer E)[]
  ? Told<E>[]
  : T extends object
    ? { [K in keyof T]-?: Told<Exclude<T[K], undefined>> }
    : T;

type OneSession = Told<Schemas["SessionResponse"]>;
/** An event of the stream whose payload has been loaded when it was too large for its line. */
type Whole<E> = E extends { payload: infer P }
  ? Omit<E, "payload"> & { payload: Exclude<P, { truncated: true }> }
  : never;

export type AgentConfig = Schemas["AgentConfig"];
export type Agent = Omit<Told<Schemas["AgentResponse"]>, "config"> & { config: AgentConfig };
export type AgentConfigRequest = Schemas["AgentConfigRequest"];
export type ToolName = Schemas["ToolName"];
export type AgentVersion = Omit<Told<Schemas["AgentVersion"]>, "config"> & { config: AgentConfig };
export type AgentStatus = Schemas["AgentStatus"];
export type ErrorCode = Schemas["ErrorCode"];
export type ErrorResponse = Schemas["ErrorResponse"];
export type Message = Omit<Told<Schemas["MessageResponse"]>, "task_status" | "client_ref">;
export type Project = Omit<Told<Schemas["ProjectResponse"]>, "agents">;
export type RunningAnswer = Told<Schemas["RunningAnswer"]>;
export type SearchHit = Told<Schemas["SearchResult"]>;
export type AgentReport = Told<Schemas["AgentStatusResponse"]>;
export type AgentSums = Told<Schemas["AgentMetricsResponse"]>;
export type Queue = Told<Schemas["Queue"]>;
export type Session = Omit<OneSession, "messages" | "running" | "last_event_id">;
export type Task = Told<Omit<Schemas["Task"], "result">> & Pick<Schemas["Task"], "result">;
export type TaskStatus = Schemas["TaskStatus"];
export type TaskStep = Told<Schemas["TaskStepResponse"]>;
export type TaskStepDetail = TaskStep & Pick<Schemas["TaskStepDetail"], "input" | "output" | "truncated">;
export type WireEvent = Schemas["Event"];
export type StreamEvent = Whole<WireEvent>;
export type UsageRow = Told<Schemas["UsageRow"]>;
