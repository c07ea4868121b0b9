import { describe, expect, test } from "bun:test";
import MarkdownIt from "markdown-it";
import { fenced, inlineCode, plainWords, prose, quoted } from "../../../src/transcript/markdown/escape.ts";

/** Reads Markdown like GitHub, without its sanitizer: raw HTML is markup. */
const reader = new MarkdownIt({ html: true, linkify: true });

/** The types of the top-level blocks of a text followed by a paragraph. */
function topLevelBlocks(markdown: string): string[] {
  const tokens = reader.parse(`${markdown}\n\nEND`, {});
  return tokens.filter(({ level, nesting }) => level === 0 && nesting >= 0).map(({ type }) => type);
}

const HOSTILE = [
  "</details></blockquote><script>alert(1)</script>",
  "<!-- ",
  "<details>\n<summary>x",
  "```\nnever closed",
  "`````\n```\nstill open",
  "~~~~ x\n```",
  "- a\n  ```\n  open in a list",
  "> ```\n> open in a quote",
  "> quote\nlazy",
  "    indented <b>",
  "text `<b>` and ``<i>",
  "`` ` <script> ``",
  "![x](https://evil.example/?data)",
  "[x]: <https://evil.example>\n[x]",
  "[x]:\n```\n<b>\n```",
  "| a | b |\n|---|---|\n| `<b>| </b>` |",
  "<pre>\n```\n</pre>",
  "<b\n>",
  "<?php\n<!DOCTYPE x>\n<![CDATA[",
  "a\u2028```\r\nb\r```\u202e",
  "1. x\n\n       ```\n",
  `${"> ".repeat(300)}\`\`\`\n<b>`,
];

test.each(HOSTILE)("the reply %j does not affect the text after it", (text) => {
  const markdown = prose(text);
  expect(topLevelBlocks(markdown).at(-1)).toBe("paragraph_open");
  const html = reader.render(markdown);
  expect(html).not.toMatch(/<(?:script|details|b|i|img|!--|\?php)\b/);
  expect(html).not.toContain("<!--");
  expect(reader.parse(`${markdown}\n\nEND`, {}).at(-2)?.content).toBe("END");
});

test.each(HOSTILE)("the prompt %j stays within its quote", (text) => {
  const markdown = quoted(text);
  expect(topLevelBlocks(markdown)).toEqual(["blockquote_open", "paragraph_open"]);
  expect(reader.render(markdown)).not.toMatch(/<(?:script|details|b|i|img|!--|\?php)\b/);
});

test.each(HOSTILE)("the code %j stays within its fence", (text) => {
  for (const code of [text, `${"`".repeat(9)}\n${text}`, `$ x\n${text}\n`]) {
    expect(topLevelBlocks(fenced(code, "sh"))).toEqual(["fence", "paragraph_open"]);
  }
});

test.each([...HOSTILE, "", "`", "a`", "` `` ```"])("the name %j is inline code", (text) => {
  const [, inline] = reader.parse(`x ${inlineCode(text)} y`, {});
  expect(inline?.children?.map(({ type }) => type)).toEqual(["text", "code_inline", "text"]);
});

test.each(HOSTILE)("the words %j are plain text", (text) => {
  const [open, inline] = reader.parse(`## ${plainWords(text)}`, {});
  expect(open?.type).toBe("heading_open");
  const types = new Set(inline?.children?.map(({ type }) => type));
  types.delete("text_special");
  // A bare URL is always a link.
  for (const type of ["link_open", "link_close"]) types.delete(type);
  expect([...types]).toEqual(["text"]);
});

describe("prose", () => {
  const REPLY = [
    "# Done\n\nSee `src/a.ts`:\n\n```ts\nconst a: Array<string> = [];\n```\n",
    "- one **two** [three](https://example.org)\n- x < y, a<=b, 1 <2\n\n| a | b |\n|---|---|\n| 1 | 2 |",
  ].join("\n");

  test("keeps ordinary Markdown unchanged", () => {
    expect(prose(REPLY)).toBe(REPLY);
  });

  test("guards mentions, and leaves fenced code unchanged", () => {
    expect(prose("ask @ada, not a@b.example")).toBe("ask @\u200bada, not a@b.example");
    expect(prose("```html\n<b>@x</b>\n```")).toBe("```html\n<b>@x</b>\n```");
  });

  test("closes a fence that was cut off", () => {
    expect(prose("```ts\nconst a")).toBe("```ts\nconst a\n```");
    expect(prose("~~~~\n```\nx")).toBe("~~~~\n```\nx\n~~~~");
  });
});
