/** Marks a test as proof of an acceptance item: the item's number becomes part of the test's name. */
export function accepts(...items: string[]): string {
  return `[${items.join(" ")}]`;
}
