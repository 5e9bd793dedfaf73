import type { components } from "./schema";

type Schemas = components["schemas"];

export type Agent = Schemas["AgentResponse"];
export type AgentConfig = Schemas["AgentConfig"];
export type AgentVersion = Schemas["AgentVersion"];
export type AgentStatus = Schemas["AgentStatus"];
export type AuthConfig = Schemas["AuthConfig"];
export type ErrorCode = Schemas["ErrorCode"];
export type ErrorResponse = Schemas["ErrorResponse"];
export type EventItem = Schemas["EventItem"];
export type Me = Schemas["Me"];
export type Message = Schemas["MessageResponse"];
export type Models = Schemas["ModelsResponse"];
export type Project = Schemas["ProjectResponse"];
export type RunningAnswer = Schemas["RunningAnswer"];
export type SearchHit = Schemas["SearchHit"];
export type Session = Schemas["SessionResponse"];
export type StreamEvent = Schemas["StreamEvent"];
export type Usage = Schemas["UsageResponse"];
export type UsageRow = Schemas["UsageRow"];
