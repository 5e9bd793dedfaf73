export * from "./cached";
export type { ConnectionState } from "./connection";
export { currentFeed } from "./current";
export { Feed } from "./feed";
export * from "./hooks";
export * from "./keys";
export type { Activity, Patch, WorkEvent } from "./patches";
export { Stamps } from "./rows";
export type { Tail } from "./tails";
