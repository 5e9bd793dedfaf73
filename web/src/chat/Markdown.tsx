import type { Token, Tokens } from "marked";
import { memo, type ReactNode, useMemo, useRef, useState } from "react";
import { useWords } from "../i18n";
import { Blocks, lexAll, solidBlocks } from "./blocks";
import { CodeBlock } from "./Code";
import styles from "./Markdown.module.css";
import { decodeEntities, hostOf, safeLink, visible } from "./visible";

/** What a model wrote. Tokens become elements one by one; no string of markup exists anywhere on the way. */
export function Markdown({ text, live = false }: { text: string; live?: boolean }) {
  const growing = useRef<Blocks>(null);
  const tokens = useMemo(() => {
    if (!live) return lexAll(text);
    growing.current ??= new Blocks();
    return growing.current.push(text);
  }, [text, live]);
  const blocks = solidBlocks(tokens);
  return (
    <div className={styles.text} dir="auto">
      {blocks.map((token, index) => (
        <Block key={index} token={token} open={live && index === blocks.length - 1} />
      ))}
    </div>
  );
}

/** A block is drawn again only when its own source changed. */
const Block = memo(
  function Block({ token, open }: { token: Token; open: boolean }) {
    return block(token, open);
  },
  (before, after) =>
    before.open === after.open &&
    before.token.raw === after.token.raw &&
    sameLinks(before.token, after.token),
);

/** A link defined further down turns brackets into a link without changing the block's own source. */
function sameLinks(a: Token, b: Token): boolean {
  return a === b || !a.raw.includes("[") || JSON.stringify(a) === JSON.stringify(b);
}

function block(token: Token, open = false): ReactNode {
  switch (token.type) {
    case "heading": {
      // The page owns h1 and h2; whatever the model wrote begins below them.
      const Tag = `h${Math.min(6, (token as Tokens.Heading).depth + 2)}` as "h3";
      return <Tag>{inline(token.tokens)}</Tag>;
    }
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "text":
      return <>{token.tokens ? inline(token.tokens) : decodeEntities(token.text)}</>;
    case "code": {
      const code = token as Tokens.Code;
      const fenced = /^ {0,3}(`{3,}|~{3,})/.exec(code.raw);
      const closed =
        !fenced || new RegExp(`\\n {0,3}${fenced[1]?.[0]}{${fenced[1]?.length},}\\s*$`).test(code.raw);
      return <CodeBlock language={code.lang ?? ""} text={code.text} closed={!open || closed} />;
    }
    case "blockquote":
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case "list": {
      const list = token as Tokens.List;
      const items = list.items.map((item, index) => (
        <li key={index} className={item.task ? styles.task : undefined}>
          {item.task && (
            <input type="checkbox" checked={item.checked ?? false} disabled aria-label={item.text} />
          )}
          {item.loose
            ? blocks(item.tokens)
            : item.tokens.map((inner, at) => <TightItem key={at} token={inner} />)}
        </li>
      ));
      return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table":
      return <Table token={token as Tokens.Table} />;
    case "hr":
      return <hr />;
    case "html":
      return <p className={styles.raw}>{visible(token.raw.trimEnd())}</p>;
    case "space":
    case "def":
      return null;
    default:
      return <p>{visible(token.raw)}</p>;
  }
}

function TightItem({ token }: { token: Token }) {
  return token.type === "paragraph" ? inline(token.tokens) : block(token);
}

function blocks(tokens: Token[] | undefined): ReactNode {
  return (tokens ?? []).map((token, index) => <Block key={index} token={token} open={false} />);
}

function Table({ token }: { token: Tokens.Table }) {
  const align = (at: number) => ({ textAlign: token.align[at] ?? "start" }) as const;
  return (
    // Scrolled by keyboard too; a group, because a message full of regions would drown the landmarks.
    <div className={styles.scroll} role="group" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, at) => (
              <th key={at} scope="col" style={align(at)}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} style={align(at)}>
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: Token[] | undefined): ReactNode {
  return (tokens ?? []).map((token, index) => <Inline key={index} token={token} />);
}

function Inline({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <code>{visible(token.text)}</code>;
    case "br":
      return <br />;
    case "link": {
      const link = safeLink(token.href, token.text);
      if (!link) return <>{inline(token.tokens)}</>;
      return (
        <a href={link.href} target="_blank" rel="noopener noreferrer nofollow">
          {inline(token.tokens)}
          {link.host && <span className={styles.host}> ({link.host})</span>}
        </a>
      );
    }
    case "image":
      return <BlockedImage address={token.href} alt={token.text} />;
    case "escape":
      return token.text;
    case "text":
      return token.tokens ? inline(token.tokens) : decodeEntities(token.text);
    case "html":
      return <span className={styles.raw}>{visible(token.raw)}</span>;
    default:
      return decodeEntities(token.raw);
  }
}

/** An image could carry a secret out in its address, so none is ever fetched. */
function BlockedImage({ address, alt }: { address: string; alt: string }) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <span className={styles.image}>
      {words.imageBlocked(hostOf(address) ?? words.imageUnknown)}
      {alt && ` · ${alt}`}{" "}
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(address).then(() => setCopied(true));
        }}
      >
        {copied ? words.copied : words.copyAddress}
      </button>
    </span>
  );
}
