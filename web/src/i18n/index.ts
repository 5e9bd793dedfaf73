import { createContext, use } from "react";
import type { Catalogue } from "./en";

export type { Catalogue } from "./en";
export type Language = "en" | "ru";
export * from "./format";

const loaders: Record<Language, () => Promise<{ words: Catalogue }>> = {
  en: () => import("./en"),
  ru: () => import("./ru"),
};

let current: Catalogue | null = null;

/** Each language is a chunk of its own; only the one in use is loaded. */
export async function loadLanguage(language: Language): Promise<Catalogue> {
  const { words } = await loaders[language]();
  current = words;
  document.documentElement.lang = language;
  return words;
}

export function preferredLanguage(chosen: Language | null): Language {
  return chosen ?? (navigator.languages?.some((tag) => /^ru\b/i.test(tag)) ? "ru" : "en");
}

export const WordsContext = createContext<Catalogue | null>(null);

export function useWords(): Catalogue {
  const words = use(WordsContext);
  if (!words) throw new Error("no catalogue above this component");
  return words;
}

/** For code outside the tree: the feed's announcements and the mapping of errors. */
export function currentWords(): Catalogue {
  if (!current) throw new Error("no language loaded yet");
  return current;
}
