/** Characters that change or hide how a line reads: direction overrides, zero-width and other invisible ones. */
const hidden =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|\u17b4|\u17b5/g;

/** Code as it will be read by a machine: what a person could not see is spelled out. */
export function visible(text: string): string {
  return text.replace(
    hidden,
    (char) => `‹U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
}

const named: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  laquo: "«",
  raquo: "»",
  ldquo: "“",
  rdquo: "”",
  lsquo: "‘",
  rsquo: "’",
  bull: "•",
  middot: "·",
  times: "×",
  divide: "÷",
  plusmn: "±",
  deg: "°",
  larr: "←",
  rarr: "→",
  uarr: "↑",
  darr: "↓",
  le: "≤",
  ge: "≥",
  ne: "≠",
  euro: "€",
};

/** The lexer leaves character references to the HTML writer; there is none here. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g,
    (whole, decimal, hex, name) => {
      if (name) return named[name] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return "\ufffd";
      return String.fromCodePoint(code);
    },
  );
}

export interface SafeLink {
  href: string;
  /** The host to print when the text looks like another address. */
  host: string | null;
}

/** Only web and mail addresses are links; anything else stays text. */
export function safeLink(href: string, text: string): SafeLink | null {
  let url: URL;
  try {
    url = new URL(decodeEntities(href));
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") return { href: url.href, host: null };
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  // A name and password before the host are the oldest trick to make one address look like another.
  if (url.username || url.password) return null;
  const claimed = /(?:^|[\s/@])((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})/u.exec(text)?.[1]?.toLowerCase();
  const lies = claimed !== undefined && claimed.replace(/^www\./, "") !== url.hostname.replace(/^www\./, "");
  return { href: url.href, host: lies ? url.hostname : null };
}

export function hostOf(address: string): string | null {
  try {
    return new URL(address).hostname || null;
  } catch {
    return null;
  }
}
