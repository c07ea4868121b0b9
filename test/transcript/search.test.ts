import { expect, test } from "bun:test";
import { runInNewContext } from "node:vm";
import { html, plainText } from "../../src/transcript/html/template.ts";
import { type SearchEntry, SearchIndex, SearchText } from "../../src/transcript/search.ts";

const HOSTILE = `</script><!--<script> "]);x=1;([" \\"]);x=1;// \u2028x=1\u2029 */ \${x=1} \``;

const entry = (text: string): SearchEntry => ({ anchor: "p1-1", kind: "prompt", text });

test("a script only passes on the entries of its page", () => {
  const index = new SearchIndex();
  for (const text of ["Fix the cart", "", HOSTILE]) index.add(entry(text));
  const { name, content } = index.close("page-007.html");
  expect(name).toBe("search/007.js");
  const calls: unknown[] = [];
  const scope = { addToSearch: (...call: unknown[]) => calls.push(call) };
  runInNewContext(String(content), scope);
  expect(Object.keys(scope)).toEqual(["addToSearch"]);
  expect(JSON.parse(JSON.stringify(calls))).toEqual([
    ["page-007.html", ["Fix the cart", HOSTILE].map((text) => ["p1-1", "prompt", text])],
  ]);
  expect(String(content)).not.toMatch(/<\/|[\u2028\u2029]/);
});

test("a page's entries are not in the script of the next page", () => {
  const index = new SearchIndex();
  index.add(entry("one"));
  index.close("page-001.html");
  expect(String(index.close("page-002.html").content)).not.toContain("one");
});

test("the search text of markup is the text it shows", () => {
  const searchText = new SearchText();
  const shown = html`<pre title="${'<a> "b"'}">a &lt;b&gt; <b>${"<&amp;>"}</b>\n\n  ${'it\'s "so"'}</pre>`;
  expect(searchText.add(shown)).toBe(shown);
  searchText.add(html`<p> </p>`);
  searchText.add(html`last`);
  expect(searchText.text).toBe(`a <b> <&amp;> it's "so" last`);
  expect(plainText(html`<b>a</b>b`)).toBe("ab");
});
