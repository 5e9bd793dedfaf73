interface Place {
  project: string | null;
  session: string | null;
}

const key = "artel.place";

/** Where the person was last in this browser; the front door leads back there. */
export function lastPlace(): Place {
  try {
    return { project: null, session: null, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
  } catch {
    return { project: null, session: null };
  }
}

export function rememberPlace(place: Place) {
  try {
    localStorage.setItem(key, JSON.stringify(place));
  } catch {
    // The front door then leads to the first project.
  }
}
