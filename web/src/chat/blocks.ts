import { Lexer, type Token, type TokensList } from "marked";

/**
 * Markdown that is still being written. Finished blocks are lexed once and never again, so what a person selects in them
 * stays. Not all tokens but the last are final: a list goes on after an empty line and a half-typed "2" looks like a
 * paragraph, so the last two blocks stay open.
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
    const firstOpen = solid.at(-2);
    if (firstOpen !== undefined && firstOpen > 0) {
      const closed = open.slice(0, firstOpen);
      this.#done = [...this.#done, ...closed];
      this.#doneLength += closed.reduce((sum, token) => sum + token.raw.length, 0);
      return [...this.#done, ...open.slice(firstOpen)];
    }
    return [...this.#done, ...open];
  }
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
