import { describe, expect, test } from "vitest";
import { words as en } from "./en";
import { formatDateTime, formatMoney, formatSeconds, formatTime } from "./format";
import { russian } from "./plural";
import { words as ru } from "./ru";
import { words as workEn } from "./work.en";
import { words as workRu } from "./work.ru";

function leaves(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${path}:${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

describe("the catalogues", () => {
  test("both hold the same keys of the same kind", () => {
    expect(leaves(ru)).toEqual(leaves(en));
    expect(leaves(workRu)).toEqual(leaves(workEn));
  });

  test("no text is left empty and none shouts", () => {
    const texts = (value: unknown): string[] =>
      typeof value === "string"
        ? [value]
        : typeof value === "object" && value
          ? Object.values(value).flatMap(texts)
          : [];
    for (const text of [en, ru, workEn, workRu].flatMap(texts)) {
      expect(text.trim()).not.toBe("");
      expect(text).not.toMatch(/!|please|пожалуйста/i);
    }
  });

  test("Russian plurals take one, few, many and the fraction", () => {
    const wait = (n: number) =>
      russian(n, {
        one: "# запрос ждёт",
        few: "# запроса ждут",
        many: "# запросов ждут",
        other: "# запроса ждут",
      });
    expect([1, 3, 5, 11, 21, 22, 112, 1.5].map(wait)).toEqual([
      "1 запрос ждёт",
      "3 запроса ждут",
      "5 запросов ждут",
      "11 запросов ждут",
      "21 запрос ждёт",
      "22 запроса ждут",
      "112 запросов ждут",
      "1,5 запроса ждут",
    ]);
    expect([1, 2, 5].map(ru.queuedCount)).toEqual([
      "1 сообщение ждёт",
      "2 сообщения ждут",
      "5 сообщений ждут",
    ]);
    expect(ru.deleteProjectLoss(21, 2)).toMatch(/^Исчезнет 21 агент и 2 сессии/);
  });

  test("English plurals take one and other", () => {
    expect([0, 1, 2].map(en.queuedCount)).toEqual(["0 messages wait", "1 message waits", "2 messages wait"]);
  });

  test("money keeps the digits that matter, seconds keep one", () => {
    expect([0, 0.004, 0.0123, 1.2].map((usd) => formatMoney("en", usd))).toEqual([
      "$0.00",
      "$0.004",
      "$0.012",
      "$1.20",
    ]);
    expect(["en", "ru"].map((locale) => formatSeconds(locale, 1234))).toEqual(["1.2\u00a0s", "1,2\u00a0с"]);
  });

  test("the day has 24 hours in both languages", () => {
    const late = new Date(2026, 0, 5, 14, 7).toISOString();
    expect(["en", "ru"].map((locale) => formatTime(locale, late))).toEqual(["14:07", "14:07"]);
    expect(formatDateTime("en", late)).toBe("Jan 5, 14:07");
  });
});
