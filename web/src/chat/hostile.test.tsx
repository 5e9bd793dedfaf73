// @vitest-environment jsdom
import { render } from "@testing-library/react";
import { beforeAll, describe, expect, test } from "vitest";
import { WordsContext } from "../i18n";
import { words } from "../i18n/en";
import { Markdown } from "./Markdown";
import { decodeEntities, safeLink, visible } from "./visible";

beforeAll(() => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: false }) });
});

function shown(text: string): HTMLElement {
  const { container } = render(
    <WordsContext value={words}>
      <Markdown text={text} />
    </WordsContext>,
  );
  return container;
}

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "before <b onmouseover=alert(1)>bold</b> after",
  "<svg/onload=alert(1)>",
  "<iframe src='https://evil.example'></iframe>",
  "<style>*{display:none}</style>",
  "<a href='javascript:alert(1)'>x</a>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](java&#x0A;script:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox)",
  "[x](file:///etc/passwd)",
  "[x](//evil.example/path)",
  "[x](https://good.example@evil.example/)",
  "[x][ref]\n\n[ref]: javascript:alert(1)",
  "<javascript:alert(1)>",
  "![x](https://evil.example/?secret=1)",
  "![x](javascript:alert(1))",
  "![x][ref]\n\n[ref]: https://evil.example/p.png",
  "[![x](https://evil.example/p.png)](https://evil.example)",
  "# <img src=x onerror=alert(1)>",
  "| <img src=x onerror=alert(1)> |\n|---|\n| <script>1</script> |",
  "```html\n<script>alert(1)</script>\n```",
  "```<img src=x onerror=alert(1)>\ncode\n```",
  "- [ ] <input autofocus onfocus=alert(1)>",
  "> <object data=x></object>",
  "<!--\n<script>alert(1)</script>\n-->",
  "<![CDATA[<script>alert(1)</script>]]>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
];

describe("hostile Markdown", () => {
  test.each(hostile)("%j builds no element that acts", (text) => {
    const box = shown(text);
    expect(
      box.querySelector(
        "script, img, iframe, object, embed, style, svg:not([class*='lucide']), form, base, meta, link",
      ),
    ).toBeNull();
    for (const element of box.querySelectorAll("*")) {
      for (const { name } of element.attributes) expect(name).not.toMatch(/^on/i);
    }
    for (const anchor of box.querySelectorAll("a")) {
      expect(anchor.href).toMatch(/^(https?|mailto):/);
      expect(anchor.href).not.toContain("@evil");
      expect(anchor.rel).toBe("noopener noreferrer nofollow");
      expect(anchor.target).toBe("_blank");
    }
  });

  test("HTML is shown as the text that it is", () => {
    expect(shown("<script>alert(1)</script>").textContent).toContain("<script>alert(1)</script>");
  });

  test("an image names its host and offers the address, and is not fetched", () => {
    expect(shown("![chart](https://evil.example/c.png)").textContent).toContain(
      "Image from evil.example not loaded · chart",
    );
  });

  test("a link that looks like another address says where it leads", () => {
    expect(shown("[bank.example](https://evil.example/x)").textContent).toBe("bank.example (evil.example)");
    expect(shown("[the docs](https://docs.example/x)").textContent).toBe("the docs");
    expect(safeLink("https://www.bank.example/", "bank.example")?.host).toBeNull();
  });

  test("headings begin below those of the page, whatever the model wrote", () => {
    expect(shown("# One\n\n###### Six").querySelectorAll("h1, h2")).toHaveLength(0);
    expect(shown("# One").querySelector("h3")?.textContent).toBe("One");
  });

  test("what cannot be seen in code is spelled out", () => {
    expect(visible("rm \u202e/*\u200b")).toBe("rm ‹U+202E›/*‹U+200B›");
    expect(shown("`a\u202eb`").textContent).toBe("a‹U+202E›b");
  });

  test("character references become characters and nothing else", () => {
    expect(decodeEntities("&lt;b&gt; &amp;amp; &#x41; &#0; &nope;")).toBe("<b> &amp; A \ufffd &nope;");
  });
});
