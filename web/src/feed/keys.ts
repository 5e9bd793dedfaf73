import type { Message, Session } from "../api";

/** Lists that the feed keeps true. Each is loaded over REST once; events that come meanwhile are applied on top. */
export interface SessionList {
  rows: readonly Session[];
  total: number;
}

export interface MessageList {
  rows: readonly Message[];
  /** Leads to older messages; null when the beginning is loaded. */
  older: string | null;
}

export const keys = {
  projects: ["projects"] as const,
  agents: (project: string) => ["agents", project] as const,
  sessions: (project: string, archived: boolean) => ["sessions", project, archived] as const,
  session: (project: string, session: string) => ["session", project, session] as const,
  messages: (project: string, session: string) => ["messages", project, session] as const,
};
