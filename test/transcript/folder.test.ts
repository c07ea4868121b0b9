import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TranscriptFolder } from "../../src/transcript/folder.ts";

let base: string;
let path: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-folder-")));
  path = join(base, "pages");
  mkdirSync(path);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

/** A transcript of so many pages. */
async function write(pages: number): Promise<TranscriptFolder> {
  const folder = new TranscriptFolder(path);
  for (let page = 1; page <= pages; page++) {
    const number = String(page).padStart(3, "0");
    folder.write({ name: `page-${number}.html`, content: `page ${page}` });
    folder.write({ name: `search/${number}.js`, content: new TextEncoder().encode(`shard ${page}`) });
  }
  await folder.flush();
  return folder;
}

test("what the search finds on pages that are no more is removed, and nothing that is not ours", async () => {
  await write(3);
  for (const name of ["notes.txt", "004.json", "x005.js"]) writeFileSync(join(path, "search", name), "");
  (await write(1)).sweep({ pages: 1, timeline: 1 }, 0);
  expect(readdirSync(join(path, "search")).sort()).toEqual(["001.js", "004.json", "notes.txt", "x005.js"]);
  expect(readdirSync(path).sort()).toEqual(["page-001.html", "search"]);
});

test("pages whose search is gone are not all there", async () => {
  const folder = await write(2);
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(true);
  expect(folder.hasPages({ pages: 1, timeline: 1 })).toBe(true);
  expect(folder.hasPages({ pages: 3, timeline: 1 })).toBe(false);
  rmSync(join(path, "search/002.js"));
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(false);
  rmSync(join(path, "search"), { recursive: true });
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(false);
});

test("nothing is written or removed through a link that leads out of the folder", () => {
  const elsewhere = join(base, "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, "009.js"), "mine");
  symlinkSync(elsewhere, join(path, "search"));
  expect(() => new TranscriptFolder(path)).toThrow("`search`");
  expect(readdirSync(elsewhere)).toEqual(["009.js"]);
});

test("a file that cannot be written is told of once all of them were tried", async () => {
  mkdirSync(join(path, "page-002.html"));
  const folder = new TranscriptFolder(path);
  for (const name of ["page-001.html", "page-002.html", "page-003.html"]) folder.write({ name, content: name });
  await expect(folder.flush()).rejects.toThrow("page-002.html");
  await expect(folder.settle()).rejects.toThrow("page-002.html");
  expect(readdirSync(path).sort()).toEqual(["page-001.html", "page-002.html", "page-003.html"]);
});

test("what waits to be written is bounded", async () => {
  const folder = new TranscriptFolder(path);
  const content = new Uint8Array(1_000_000);
  for (let page = 1; page <= 12; page++) folder.write({ name: `page-${page}.html`, content });
  await folder.settle(2_000_000);
  const written = readdirSync(path).filter((name) => name.endsWith(".html"));
  expect(written.length).toBeGreaterThanOrEqual(10);
  await folder.flush();
});
