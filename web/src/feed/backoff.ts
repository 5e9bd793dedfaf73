const firstMillis = 1000;
const lastMillis = 30_000;

/** Doubles from one second to thirty; the jitter keeps the tabs of many people from coming back in step. */
export function backoffMillis(failures: number, random: () => number): number {
  const full = Math.min(lastMillis, firstMillis * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
