/**
 * Cuts a byte stream into lines. A chunk may end anywhere, inside a line or inside a character, so the decoder keeps the
 * unfinished bytes and this class the unfinished line.
 */
export class LineCutter {
  readonly #decoder = new TextDecoder();
  #rest: string[] = [];

  push(bytes: Uint8Array): string[] {
    return this.#cut(this.#decoder.decode(bytes, { stream: true }));
  }

  #cut(text: string): string[] {
    const parts = text.split("\n");
    const last = parts.pop() ?? "";
    if (parts.length === 0) {
      if (last) this.#rest.push(last);
      return [];
    }
    parts[0] = this.#rest.join("") + parts[0];
    this.#rest = last ? [last] : [];
    return parts
      .map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line))
      .filter((line) => line !== "");
  }
}

/** Hands out each line of a body; `onBytes` tells the watch that the connection is alive. Ends with the body. */
export async function readLines(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
  onLine: (line: string) => void,
): Promise<void> {
  const reader = body.getReader();
  const cutter = new LineCutter();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      for (const line of cutter.push(value)) onLine(line);
    }
  } finally {
    reader.releaseLock();
  }
}
