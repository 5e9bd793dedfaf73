import type { Agent } from "../api";

/**
 * A hue for each agent, the same on every screen. It follows from the id, so it stays when others come and go; the later
 * of two that would look alike takes the next free one.
 */
export function huesOf(agents: readonly Agent[]): ReadonlyMap<string, number> {
  const hues = new Map<string, number>();
  const taken = new Set<number>();
  const byAge = [...agents].sort(
    (a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id),
  );
  for (const agent of byAge) {
    let hue = hueOfId(agent.id);
    for (let tries = 0; taken.size < 8 && taken.has(hue) && tries < 8; tries++) hue = (hue % 8) + 1;
    taken.add(hue);
    hues.set(agent.id, hue);
  }
  return hues;
}

export function hueOfId(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return (sum % 8) + 1;
}
