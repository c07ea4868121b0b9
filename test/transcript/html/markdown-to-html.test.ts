import { expect, test } from "bun:test";
import { renderMarkdown } from "../../../src/transcript/html/markdown-to-html.ts";

const source = (text: string) => renderMarkdown(text)?.source ?? "";

test.each([
  '<img src=x onerror="alert(1)">',
  "<script>alert(1)</script>",
  "[x](javascript:alert(1))",
  "[x](JAVASCRIPT:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](vbscript:x)",
  "[x](file:///etc/passwd)",
  "<javascript:alert(1)>",
  "![x](javascript:alert(1))",
  "[x]: javascript:alert(1)\n\n[x]",
  "`<b>`\n\n```html\n<script>\n```",
])("%j gives no raw markup and no unsafe link", (text) => {
  const rendered = source(text);
  expect(rendered).not.toMatch(/<(script|img|b|iframe)\b/i);
  expect(rendered).not.toMatch(/(href|src)="(?!https?:|mailto:|#)/i);
});

test("an image becomes a link", () => {
  const link = '<a href="https://e.example/x.png?a=1&amp;b=2" rel="noopener noreferrer">a &quot;plan&quot;</a>';
  expect(source('![a "plan"](https://e.example/x.png?a=1&b=2)')).toBe(`<p>${link}</p>\n`);
});

test("headings start at h3 and skip no level", () => {
  expect(source("## A\n\n##### B\n\n###### C\n\n## D\n\n# E")).toBe(
    "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h3>D</h3>\n<h3>E</h3>\n",
  );
});

test("renders lists, emphasis, code and tables", () => {
  expect(source("- **a** `b`\n\n| x |\n|-|\n| y |")).toContain("<li><strong>a</strong> <code>b</code></li>");
});

test("returns null for a text that is too long", () => {
  expect(renderMarkdown("x".repeat(500_001))).toBeNull();
});
