import { expect, test } from "bun:test";
import { html, visibleText } from "../../../src/transcript/html/template.ts";

test.each([
  ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  [`"' onload='x'`, "&quot;&#x27; onload=&#x27;x&#x27;"],
  ["a & b", "a &amp; b"],
  ["tab\tline\n", "tab\tline\n"],
  ["bell\u0007 escape\u001b nul\u0000", "bell\ufffd escape\ufffd nul\ufffd"],
  ["ev\u202eil\u2066", "ev\ufffdil\ufffd"],
  ["hid\u{e0061}\u{e0062}den", "hid\ufffd\ufffdden"],
  ["half \ud800 a character", "half \ufffd a character"],
  [
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u200d\ud83d\ude80 \u200f",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u200d\ud83d\ude80 \u200f",
  ],
])("escapes %j as %j, in content and in attributes", (text, escaped) => {
  expect(html`<p title="${text}">${text}</p>`.source).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test("renders markup, lists and numbers, and nothing for null, undefined and false", () => {
  expect(html`${html`<b>${"<"}</b>`}${["a", 1, [html`<i></i>`]]}${null}${undefined}${false}`.source).toBe(
    "<b>&lt;</b>a1<i></i>",
  );
});

test("all line ends become line feeds", () => {
  expect(visibleText("a\r\nb\rc\n")).toBe("a\nb\nc\n");
});
