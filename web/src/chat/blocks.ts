import { Lexer, type Token, type TokensList } from "marked";

/**
 * Markdown that is still being written. Finished blocks are lexed once and never again, so what a person selects in them
 * stays. Not all tokens but the last are final: a list goes on after an empty line and a half-typed "2" looks like a
 * paragraph, so the last two blocks stay open. A block that touches the next one without an empty line may still take it
 * in (half a list marker after a paragraph), so a cut is made only at an empty line.
 */
export class Blocks {
  #done: Token[] = [];
  #doneLength = 0;
  #text = "";

  push(text: string): Token[] {
    const next = normal(text);
    if (!next.startsWith(this.#text.slice(0, this.#doneLength))) {
      this.#done = [];
      this.#doneLength = 0;
    }
    this.#text = next;
    const open = lex(next.slice(this.#doneLength));
    const solid = open.map((token, at) => (token.type === "space" ? -1 : at)).filter((at) => at >= 0);
    let firstOpen = solid.at(-2) ?? 0;
    while (firstOpen > 0 && !endsWithGap(open[firstOpen - 1]!)) firstOpen--;
    if (firstOpen > 0) {
      const closed = open.slice(0, firstOpen);
      this.#done = [...this.#done, ...closed];
      this.#doneLength += closed.reduce((sum, token) => sum + token.raw.length, 0);
      return [...this.#done, ...open.slice(firstOpen)];
    }
    return [...this.#done, ...open];
  }
}

function endsWithGap(token: Token): boolean {
  return token.type === "space" || /\n[ \t]*\n[ \t]*$/.test(token.raw);
}

/** A finished text is lexed as a whole, because a link may be defined below its use. */
export function lexAll(text: string): TokensList {
  return lex(normal(text));
}

function lex(text: string): TokensList {
  return new Lexer({ gfm: true }).lex(text);
}

function normal(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

export function solidBlocks(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.type !== "space" && token.type !== "def");
}
