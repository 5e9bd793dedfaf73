import { Check, Copy, WrapText } from "lucide-react";
import { memo, useEffect, useState } from "react";
import { useWords } from "../i18n";
import { IconButton } from "../ui";
import styles from "./Code.module.css";
import type { Piece } from "./highlighter";
import { visible } from "./visible";

/** Longer code stays plain: colouring it would take a visible pause and nobody reads it for its colours. */
const colouredCharsMax = 60_000;

/** The colours of the palette, by what the grammars call their pieces. */
const tones: Record<string, string> = {
  keyword: "word",
  built_in: "name",
  type: "name",
  literal: "number",
  number: "number",
  regexp: "string",
  string: "string",
  subst: "plain",
  symbol: "number",
  comment: "comment",
  doctag: "comment",
  meta: "comment",
  section: "name",
  tag: "name",
  name: "name",
  attr: "name",
  attribute: "name",
  title: "name",
  selector: "name",
  addition: "string",
  deletion: "word",
  bullet: "word",
  quote: "comment",
};

interface Props {
  language: string;
  text: string;
  closed: boolean;
}

/** A block that is still being written is plain; it is coloured once, when it closes, and no line changes its height. */
export const CodeBlock = memo(function CodeBlock({ language, text, closed }: Props) {
  const words = useWords();
  const [pieces, setPieces] = useState<Piece[] | null>(null);
  const [wrap, setWrap] = useState(false);
  const [copied, setCopied] = useState(false);
  const name = (/^[\w+#.-]+/.exec(language)?.[0] ?? "").toLowerCase();
  const shown = visible(text);

  useEffect(() => {
    if (!closed || !name || shown.length > colouredCharsMax) return;
    let current = true;
    void import("./highlighter")
      .then(({ highlight }) => highlight(name, shown))
      .then((result) => {
        if (current) setPieces(result);
      })
      // Without its grammar a code is as readable as before.
      .catch(() => {});
    return () => {
      current = false;
    };
  }, [closed, name, shown]);

  const copy = async () => {
    await navigator.clipboard.writeText(text.replace(/\n$/, ""));
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };

  return (
    <figure className={styles.code}>
      <figcaption className={styles.head}>
        <span>{name || words.code}</span>
        <span className={styles.acts}>
          <IconButton name={words.wrapLines} aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
            <WrapText size={14} />
          </IconButton>
          <IconButton name={copied ? words.copied : words.copyCode} onClick={copy}>
            {copied ? <Check size={14} /> : <Copy size={14} />}
          </IconButton>
        </span>
      </figcaption>
      <pre tabIndex={0} className={wrap ? styles.wrap : undefined} dir="ltr">
        <code>
          {pieces
            ? pieces.map((piece, index) => (
                <span key={index} className={styles[tones[piece.kind ?? ""] ?? "plain"]}>
                  {piece.text}
                </span>
              ))
            : shown}
        </code>
      </pre>
    </figure>
  );
});
