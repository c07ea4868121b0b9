import { expect, test } from "bun:test";
import { html } from "../../src/transcript/html/template.ts";
import { TurnPages } from "../../src/transcript/turn-pages.ts";

const BLOCK = html`<p>${"x".repeat(50_000)}</p>`;

interface Page {
  name: string;
  content: string;
}

/** The pages of turns with these numbers of blocks, of 50 kB each. */
function paginate(turns: readonly number[]): Page[] {
  const done: Page[] = [];
  const pages = new TurnPages("Shop", ({ name, content }) => done.push({ name, content: String(content) }));
  turns.forEach((blocks, index) => {
    pages.begin(index + 1);
    for (let block = 0; block < blocks; block++) pages.add(BLOCK);
  });
  pages.finish();
  return done;
}

const promptsOn = ({ content }: Page) =>
  [...content.matchAll(/<h2 id="p(\d+)"/g)].map(([, ordinal]) => Number(ordinal));

test("a page is bounded by bytes, even within a turn", () => {
  const pages = paginate([40]);
  expect(pages.map(({ name }) => name).slice(0, 3)).toEqual(["page-001.html", "page-002.html", "page-003.html"]);
  for (const { content } of pages) expect(Buffer.byteLength(content)).toBeLessThan(500_000);
  expect(pages.map(({ content }) => content.split("<p>x").length - 1).reduce((a, b) => a + b)).toBe(40);
  expect(pages[1]?.content).toContain("prompt 1, continued");
});

test("a page is bounded by prompts", () => {
  expect(paginate(Array(45).fill(0)).map(promptsOn)).toMatchObject([{ length: 20 }, { length: 20 }, { length: 5 }]);
});

test("a turn of several pages is followed by a new page", () => {
  expect(paginate([12, 1, 1]).map(promptsOn)).toEqual([[1], [], [2, 3]]);
});

test("later turns change no page but the last", () => {
  const [before, after] = [paginate([4, 4, 2]), paginate([4, 4, 2, 9, 3])];
  expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
});
