import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../src/ui/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string, theme: "light" | "dark"): number {
  const [x, y] = [a, b].map((name) => luminance(tokens.get(name)![theme])).sort((p, q) => q - p) as [
    number,
    number,
  ];
  return (x + 0.05) / (y + 0.05);
}

const grounds = ["bg", "surface", "sunken", "raised"];
const texts: [string, string][] = [
  ...grounds.flatMap((ground) =>
    ["text", "text-2", "accent", "danger"].map((ink): [string, string] => [ink, ground]),
  ),
  ...["text", "text-2", "accent"].map((ink): [string, string] => [ink, "accent-tint"]),
  ...["word", "string", "number", "comment", "name"].map((kind): [string, string] => [
    `code-${kind}`,
    "sunken",
  ]),
  ...Array.from({ length: 8 }, (_, at): [string, string] => [`hue-${at + 1}`, "surface"]),
  ...Array.from({ length: 8 }, (_, at): [string, string] => [`hue-${at + 1}`, "bg"]),
  ["on-fill", "accent-fill"],
  ["on-fill", "danger-fill"],
  ["wait", "wait-tint"],
  ["danger", "danger-tint"],
  ["ok", "ok-tint"],
  ["text", "danger-tint"],
  ["text", "ok-tint"],
  ["ok", "surface"],
  ["wait", "surface"],
];
const controls: [string, string][] = grounds.flatMap((ground) =>
  ["line-strong", "focus"].map((line): [string, string] => [line, ground]),
);

describe.each(["light", "dark"] as const)("the %s palette", (theme) => {
  test.each(texts)("%s is read on %s", (ink, ground) => {
    expect(contrast(ink, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(controls)("%s is seen on %s", (line, ground) => {
    expect(contrast(line, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
