import { useMemo } from "react";
import { lexAll } from "./blocks";
import { CodeBlock } from "./Code";
import styles from "./Turn.module.css";

interface Piece {
  code: boolean;
  language: string;
  text: string;
}

/** A question as it was typed, line by line; only fenced code is set as code. */
export function Asked({ text }: { text: string }) {
  const pieces = useMemo(() => piecesOf(text), [text]);
  return (
    <div className={styles.asked} dir="auto">
      {pieces.map((piece, index) =>
        piece.code ? (
          <CodeBlock key={index} language={piece.language} text={piece.text} closed />
        ) : (
          <p key={index}>{piece.text}</p>
        ),
      )}
    </div>
  );
}

function piecesOf(text: string): Piece[] {
  if (!/```|~~~/.test(text)) return [{ code: false, language: "", text }];
  const pieces: Piece[] = [];
  for (const token of lexAll(text)) {
    const code = token.type === "code" && /^ {0,3}[`~]{3}/.test(token.raw);
    const last = pieces.at(-1);
    if (code) pieces.push({ code, language: token.lang ?? "", text: token.text });
    else if (last && !last.code) last.text += token.raw;
    else pieces.push({ code: false, language: "", text: token.raw });
  }
  // Space around code is the page's to give.
  return pieces
    .map((piece) => (piece.code ? piece : { ...piece, text: piece.text.replace(/^\n+|\s+$/g, "") }))
    .filter((piece) => piece.code || piece.text !== "");
}
