import type { LanguageFn } from "highlight.js";
import { createLowlight } from "lowlight";

type Grammar = () => Promise<{ default: LanguageFn }>;

/** Each grammar is a chunk of its own and comes when the first block in that language closes. */
const grammars: Record<string, Grammar> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const aliases: Record<string, string> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  "c++": "cpp",
  "c#": "csharp",
  cs: "csharp",
  docker: "dockerfile",
  golang: "go",
  toml: "ini",
  properties: "ini",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  jsonc: "json",
  kt: "kotlin",
  make: "makefile",
  md: "markdown",
  py: "python",
  rb: "ruby",
  rs: "rust",
  postgresql: "sql",
  ts: "typescript",
  tsx: "typescript",
  html: "xml",
  svg: "xml",
  yml: "yaml",
};

const lowlight = createLowlight();
const known = new Map<string, Promise<boolean>>();

async function ready(language: string): Promise<boolean> {
  const grammar = grammars[language];
  if (!grammar) return false;
  const loading =
    known.get(language) ??
    grammar().then(({ default: define }) => {
      lowlight.register(language, define);
      return true;
    });
  known.set(language, loading);
  return loading;
}

export interface Piece {
  text: string;
  kind: string | null;
}

/** Coloured pieces of a code, or null when the language is not known. */
export async function highlight(language: string, code: string): Promise<Piece[] | null> {
  const name = aliases[language] ?? language;
  if (!(await ready(name))) return null;
  const pieces: Piece[] = [];
  const walk = (nodes: readonly unknown[], kind: string | null) => {
    for (const node of nodes as {
      type: string;
      value?: string;
      children?: unknown[];
      properties?: { className?: string[] };
    }[]) {
      if (node.type === "text") pieces.push({ text: node.value ?? "", kind });
      else if (node.children)
        walk(node.children, node.properties?.className?.[0]?.replace("hljs-", "") ?? kind);
    }
  };
  walk(lowlight.highlight(name, code).children, null);
  return pieces;
}
