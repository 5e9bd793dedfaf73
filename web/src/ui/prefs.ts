import { useSyncExternalStore } from "react";

/** What a person chose about this browser. Nothing secret; wiped at sign-out except look and language. */
export interface Prefs {
  theme: "system" | "light" | "dark";
  language: "en" | "ru" | null;
  density: "dense" | "roomy";
  enterSends: boolean;
  followAnswers: boolean;
  readAloud: boolean;
  letterKeys: boolean;
  listFolded: boolean;
}

const key = "artel.prefs";
const defaults: Prefs = {
  theme: "system",
  language: null,
  density: "dense",
  enterSends: true,
  followAnswers: false,
  readAloud: false,
  letterKeys: true,
  listFolded: false,
};

const listeners = new Set<() => void>();
let current = read();

function read(): Prefs {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
  } catch {
    return defaults;
  }
}

function show(prefs: Prefs) {
  const root = document.documentElement;
  if (prefs.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = prefs.theme;
  if (prefs.density === "dense") delete root.dataset.density;
  else root.dataset.density = prefs.density;
}

export function prefs(): Prefs {
  return current;
}

export function setPrefs(change: Partial<Prefs>) {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // A full or forbidden store costs only the memory of the choice.
  }
  show(current);
  for (const listener of listeners) listener();
}

export function subscribePrefs(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(subscribePrefs, prefs);
}

if (typeof window !== "undefined") {
  // The storage event fires only in the other tabs, which is exactly who has to follow.
  window.addEventListener("storage", (event) => {
    if (event.key !== key) return;
    current = read();
    show(current);
    for (const listener of listeners) listener();
  });
}
