import type { Agent } from "../api";

export interface Command {
  id: string;
  label: string;
  run: () => void;
}

/** What is being completed: from where in the text, and what was typed of it. */
export interface Completion {
  kind: "agent" | "command";
  start: number;
  query: string;
}

export function completionAt(text: string, caret: number): Completion | null {
  const before = text.slice(0, caret);
  if (/^\/[\p{L}]*$/u.test(before)) return { kind: "command", start: 0, query: before.slice(1) };
  const at = /(?:^|[\s([{«"'])@([\p{L}\p{N}_.-]*)$/u.exec(before);
  return at ? { kind: "agent", start: caret - at[1]!.length - 1, query: at[1]! } : null;
}

const folded = (text: string) => text.toLocaleLowerCase();

export function matchAgents(agents: readonly Agent[], query: string): readonly Agent[] {
  const wanted = folded(query);
  const starts = agents.filter((agent) => folded(agent.name).startsWith(wanted));
  const holds = agents.filter((agent) => !starts.includes(agent) && folded(agent.name).includes(wanted));
  return [...starts, ...holds];
}

export function matchCommands(commands: readonly Command[], query: string): readonly Command[] {
  const wanted = folded(query);
  return commands.filter(
    (command) => command.id.startsWith(wanted) || folded(command.label).includes(wanted),
  );
}

export function insertMention(
  text: string,
  completion: Completion,
  caret: number,
  name: string,
): { text: string; caret: number } {
  const after = text.slice(caret);
  const mention = `@${name}${after.startsWith(" ") ? "" : " "}`;
  return {
    text: text.slice(0, completion.start) + mention + after,
    caret: completion.start + mention.length + (after.startsWith(" ") ? 1 : 0),
  };
}
