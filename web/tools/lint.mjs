// Rules of this code base that no general linter knows: who may import whom, and ways into the page that are closed.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src", import.meta.url));
const shared = new Set(["ui", "api", "feed", "i18n"]);
const layers = { i18n: [], ui: ["i18n"], api: ["i18n"], feed: ["api", "i18n"] };
const forbidden = [
  [
    /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/,
    "markup is never built from strings",
  ],
  [/\beval\(|new Function\(/, "no code from strings"],
  [/sessionStorage/, "nothing is kept in sessionStorage; preferences go through ui/prefs"],
];
const problems = [];

for (const entry of readdirSync(src, { recursive: true })) {
  const name = String(entry);
  if (!/\.(ts|tsx|css)$/.test(name) || name.endsWith("schema.d.ts")) continue;
  const file = join(src, name);
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").length;
  const isTest = /\.test\.tsx?$/.test(name);
  const isCatalogue = name.startsWith("i18n/");
  if (lines > 300 && !isTest && !isCatalogue)
    problems.push(`${name}: ${lines} lines, split it (300 at most)`);
  if (name.endsWith(".css")) continue;
  if (!isTest) {
    for (const [pattern, why] of forbidden) {
      if (pattern.test(text)) problems.push(`${name}: ${pattern.source} (${why})`);
    }
  }
  const own = name.split("/")[0];
  for (const [, path] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
    const target = relative(src, normalize(join(dirname(file), path)));
    const [folder, ...rest] = target.split("/");
    if (folder === own || target.startsWith("..") || name === "main.tsx") continue;
    if (layers[own] && !layers[own].includes(folder))
      problems.push(`${name}: ${own} may not import ${target}`);
    else if (folder === "app") problems.push(`${name}: only main imports app`);
    else if (!shared.has(folder) && rest.length > 0 && !["index", "screen"].includes(rest.join("/"))) {
      problems.push(`${name}: ${target} is inside another feature, import its index`);
    }
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
