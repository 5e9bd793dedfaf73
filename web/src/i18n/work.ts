import { use } from "react";
import { type Language, useWords } from "./index";
import type { WorkWords } from "./work.en";

export type { WorkWords } from "./work.en";

const loaders: Record<Language, () => Promise<{ words: WorkWords }>> = {
  en: () => import("./work.en"),
  ru: () => import("./work.ru"),
};
const loading = new Map<Language, Promise<WorkWords>>();

/** The words of tasks, queues and metrics. They are many and no first screen needs them, so they come with their screens. */
export function useWorkWords(): WorkWords {
  const language = useWords().locale as Language;
  let words = loading.get(language);
  if (!words) {
    words = loaders[language]().then((module) => module.words);
    words.catch(() => loading.delete(language));
    loading.set(language, words);
  }
  return use(words);
}
