import type { Token } from "marked";
import { describe, expect, test } from "vitest";
import { Blocks, lexAll, solidBlocks } from "./blocks";

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

const pieces = [
  "# Heading\n",
  "Setext\n===\n",
  "A line of text.\n",
  "a lazy continuation\n",
  "\n",
  "\n\n",
  "- item\n",
  "- another\n",
  "  - nested\n",
  "    continued\n",
  "1. one\n",
  "2",
  ". two\n",
  "10) ten\n",
  "> quote\n",
  ">\n",
  "> - list in a quote\n",
  "```js\nconst a = 1;\n",
  "\n  indented in code\n",
  "```\n",
  "~~~\n",
  "    indented code\n",
  "| a | b |\n",
  "|---|:-:|\n",
  "| 1 | 2 |\n",
  "---\n",
  "***\n",
  "<div>\n",
  "</div>\n",
  "**bold** _em_ `code` ~~del~~\n",
  "[link](https://example.org) ![img](https://example.org/x.png)\n",
  "- [ ] task\n",
  "привет 😀 ",
  "\r\n",
  "\t- tabbed\n",
];

function document(random: () => number): string {
  const parts = Array.from(
    { length: 1 + Math.floor(random() * 14) },
    () => pieces[Math.floor(random() * pieces.length)]!,
  );
  return parts.join("");
}

/** What a reader sees of a block; white space around it belongs to no block. */
function essence(token: Token): unknown {
  return JSON.stringify({
    type: token.type,
    raw: token.raw.trimEnd(),
    text: "text" in token ? token.text : null,
  });
}

describe("Markdown that is being written", () => {
  test("4000 documents, cut at random places, end in the blocks of the whole", () => {
    const random = seeded(7);
    for (let run = 0; run < 4000; run++) {
      const text = document(random);
      const blocks = new Blocks();
      let at = 0;
      let last: Token[] = [];
      while (at < text.length) {
        at = Math.min(text.length, at + 1 + Math.floor(random() * 12));
        last = blocks.push(text.slice(0, at));
      }
      expect(solidBlocks(last).map(essence), JSON.stringify(text)).toEqual(
        solidBlocks(lexAll(text)).map(essence),
      );
    }
  }, 60_000);

  test("a finished block keeps its identity while more is written", () => {
    const blocks = new Blocks();
    const first = blocks.push("One.\n\nTwo.\n\nThree.\n\nFour.\n\n");
    const later = blocks.push("One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive and more.\n\nSix");
    expect(later[0]).toBe(first[0]);
  });

  test("a text that begins anew forgets what was finished", () => {
    const blocks = new Blocks();
    blocks.push("One.\n\nTwo.\n\nThree.\n\nFour.");
    expect(solidBlocks(blocks.push("Other.")).map((token) => token.raw)).toEqual(["Other."]);
  });
});
