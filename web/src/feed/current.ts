import type { Feed } from "./feed";

let feed: Feed | null = null;

/** Queries are made outside the component tree, so the one feed of the page is reached through here. */
export function currentFeed(): Feed {
  if (!feed) throw new Error("the feed is not started");
  return feed;
}

export function setCurrentFeed(next: Feed) {
  feed = next;
}
