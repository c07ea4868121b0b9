import { expect, test } from "bun:test";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { escapeHtml, unescapeHtml } from "../../src/system/escape-html.ts";

test.each([
  [`<a href="x" title='y'>`, "&lt;a href=&quot;x&quot; title=&#x27;y&#x27;&gt;"],
  ["&lt; is written &amp;lt;", "&amp;lt; is written &amp;amp;lt;"],
  ["हिन्दी \u{1f680} — plain", "हिन्दी \u{1f680} — plain"],
])("escapes %j as %j, and back", (text, escaped) => {
  expect(escapeHtml(text)).toBe(escaped);
  expect(unescapeHtml(escaped)).toBe(text);
});

test("escapes the same without Bun", async () => {
  const source = await Bun.file(join(import.meta.dirname, "../../src/system/escape-html.ts")).text();
  const plain = new Bun.Transpiler({ loader: "ts" }).transformSync(source.replaceAll("export function", "function"));
  const text = "<&>\"'";
  expect(runInNewContext(`${plain}; [typeof Bun, escapeHtml(text)]`, { text })).toEqual([
    "undefined",
    escapeHtml(text),
  ]);
});
