import type { Catalogue } from "./en";

const cache = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  const known = cache.get(key) as T | undefined;
  if (known) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

export function formatNumber(locale: string, value: number): string {
  return once(`n${locale}`, () => new Intl.NumberFormat(locale)).format(value);
}

/** Small sums keep three digits that mean something: $0.004, $1.20. */
export function formatMoney(locale: string, usd: number): string {
  const small = usd !== 0 && Math.abs(usd) < 0.995;
  return once(
    `m${locale}${small}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: "currency",
        currency: "USD",
        currencyDisplay: "narrowSymbol",
        ...(small
          ? { maximumSignificantDigits: 2, minimumSignificantDigits: 1 }
          : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      }),
  ).format(usd);
}

/** With the sign of the unit, which `Intl` does not write in English: 1.2 s, 1,2 с. */
export function formatSeconds(locale: string, millis: number): string {
  const number = once(`s${locale}`, () => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
  return `${number.format(millis / 1000)}\u00a0${locale === "ru" ? "с" : "s"}`;
}

export function formatTime(locale: string, iso: string): string {
  return once(
    `t${locale}`,
    () => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  ).format(new Date(iso));
}

export function formatDate(locale: string, iso: string): string {
  return once(
    `d${locale}`,
    () => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }),
  ).format(new Date(iso));
}

export function formatDateTime(locale: string, iso: string): string {
  return once(
    `dt${locale}`,
    () =>
      new Intl.DateTimeFormat(locale, {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
  ).format(new Date(iso));
}

/** The heading under which a session is listed: today, yesterday, a weekday of this week, else the month. */
export function dayGroup(words: Catalogue, iso: string, now: Date): string {
  const date = new Date(iso);
  const midnight = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days <= 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days < 7) return words.thisWeek;
  const month = once(
    `mo${words.locale}`,
    () => new Intl.DateTimeFormat(words.locale, { month: "long", year: "numeric" }),
  ).format(date);
  return month.charAt(0).toLocaleUpperCase(words.locale) + month.slice(1);
}
