/** Texts that are not with the server yet. They outlive a reload and are wiped at sign-out. */
const draftKey = (place: string) => `artel.draft.${place}`;
const readKey = (session: string) => `artel.read.${session}`;

export interface Draft {
  text: string;
  target: string;
}

export function loadDraft(place: string): Draft {
  try {
    return { text: "", target: "", ...JSON.parse(localStorage.getItem(draftKey(place)) ?? "{}") };
  } catch {
    return { text: "", target: "" };
  }
}

export function saveDraft(place: string, draft: Draft) {
  try {
    if (draft.text === "" && draft.target === "") localStorage.removeItem(draftKey(place));
    else localStorage.setItem(draftKey(place), JSON.stringify(draft));
  } catch {
    // A full store costs the draft's survival, not the draft.
  }
}

/** The time of the newest message that was on the screen. */
export function lastRead(session: string): string | null {
  return localStorage.getItem(readKey(session));
}

export function markRead(session: string, timestamp: string) {
  const before = lastRead(session);
  if (before && before >= timestamp) return;
  try {
    localStorage.setItem(readKey(session), timestamp);
    window.dispatchEvent(new StorageEvent("storage", { key: readKey(session) }));
  } catch {
    // Unread marks are a comfort.
  }
}
