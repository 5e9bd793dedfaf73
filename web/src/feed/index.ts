export * from "./cached";
export type { ConnectionState } from "./connection";
export { currentFeed } from "./current";
export { Feed } from "./feed";
export * from "./hooks";
export * from "./keys";
export type { Activity, Patch } from "./patches";
export type { Tail } from "./tails";
