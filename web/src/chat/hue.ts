import { hueOfId } from "../agents";

export function hueOf(agent: string | null, hues: ReadonlyMap<string, number>): number {
  return agent ? (hues.get(agent) ?? hueOfId(agent)) : 0;
}
