// What is loaded before the first screen, and what the built files must not contain. Runs on `dist`, after a build.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const kib = (bytes) => Math.round(bytes / 102.4) / 10;
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** The chunks that a page needs at once: the entry with all that it imports, and the longer of the two languages. */
function first(also = []) {
  const js = new Set();
  const css = new Set();
  const walk = (key) => {
    const chunk = manifest[key];
    if (!chunk || js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const next of chunk.imports ?? []) walk(next);
  };
  walk("index.html");
  walk("src/i18n/ru.ts");
  also.forEach(walk);
  return { js: [...js], css: [...css] };
}

const sum = (files) => files.reduce((total, file) => total + size(file), 0);

test("first load stays inside its budget", () => {
  const { js, css } = first();
  const fonts = readdirSync(join(dist, "assets")).filter((name) => name.endsWith(".woff2"));
  const fontBytes = fonts.reduce((total, name) => total + readFileSync(join(dist, "assets", name)).length, 0);
  console.log(`first load: js ${kib(sum(js))} KB, css ${kib(sum(css))} KB, fonts ${kib(fontBytes)} KB`);
  const open = sum(first(["src/chat/Thread.tsx"]).js);
  console.log(`with a conversation: js ${kib(open)} KB`);
  for (const file of js) console.log(`  ${kib(size(file))} KB  ${file}`);
  assert.ok(sum(js) <= 150 * 1024, "JS over 150 KB");
  assert.ok(open <= 158 * 1024, "JS with a conversation over 158 KB");
  assert.ok(sum(css) <= 12 * 1024, "CSS over 12 KB");
  assert.ok(fontBytes <= 90 * 1024, "fonts over 90 KB");
});

test("no lazy chunk is larger than 60 KB", () => {
  const early = new Set(first().js);
  for (const chunk of Object.values(manifest)) {
    if (!chunk.file.endsWith(".js") || early.has(chunk.file)) continue;
    assert.ok(size(chunk.file) <= 60 * 1024, `${chunk.file} is ${kib(size(chunk.file))} KB`);
  }
});

test("the page runs under its content policy: nothing inline, nothing from elsewhere, no map", () => {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)/);
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=/);
  for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, /^\/app\//);
  for (const name of readdirSync(dist, { recursive: true }).map(String)) {
    assert.ok(!name.endsWith(".map"), `${name} is a source map`);
    if (!/\.(js|css|html)$/.test(name)) continue;
    const text = readFileSync(join(dist, name), "utf8");
    assert.doesNotMatch(text, /sourceMappingURL/);
    if (name.endsWith(".css"))
      assert.doesNotMatch(text, /url\((?!["']?\/app\/assets\/)|@import/, `${name} reaches outside`);
    if (name.endsWith(".js")) {
      assert.doesNotMatch(text, /\beval\(|new Function\(/, `${name} makes code from strings`);
      assert.doesNotMatch(text, /createElement\(["']style["']\)/, `${name} injects styles`);
    }
  }
});

test("every file that compresses has its twins for the server", () => {
  const names = new Set(readdirSync(dist, { recursive: true }).map(String));
  for (const name of names) {
    if (!/assets\/.*\.(js|css)$/.test(name)) continue;
    if (readFileSync(join(dist, name)).length < 600) continue;
    assert.ok(names.has(`${name}.gz`) && names.has(`${name}.br`), `${name} has no compressed twin`);
  }
});
