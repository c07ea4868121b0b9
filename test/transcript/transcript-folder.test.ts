import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TranscriptFolder } from "../../src/transcript/transcript-folder.ts";

let base: string;
let path: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-folder-")));
  path = join(base, "pages");
  mkdirSync(path);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Writes a transcript of this many pages. */
async function write(pages: number): Promise<TranscriptFolder> {
  const folder = new TranscriptFolder(path);
  for (let page = 1; page <= pages; page++) {
    const number = String(page).padStart(3, "0");
    folder.write({ name: `page-${number}.html`, content: `page ${page}` });
    folder.write({ name: `search/${number}.js`, content: new TextEncoder().encode(`search ${page}`) });
  }
  await folder.commit();
  return folder;
}

test("removes search scripts beyond the last page, and no other files", async () => {
  await write(3);
  for (const name of ["notes.txt", "004.json", "x005.js"]) writeFileSync(join(path, "search", name), "");
  (await write(1)).sweep({ pages: 1, timeline: 1 }, 0);
  expect(readdirSync(join(path, "search")).sort()).toEqual(["001.js", "004.json", "notes.txt", "x005.js"]);
  expect(readdirSync(path).sort()).toEqual(["page-001.html", "search"]);
});

test("hasPages needs the search script of each page", async () => {
  const folder = await write(2);
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(true);
  expect(folder.hasPages({ pages: 1, timeline: 1 })).toBe(true);
  expect(folder.hasPages({ pages: 3, timeline: 1 })).toBe(false);
  rmSync(join(path, "search/002.js"));
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(false);
  rmSync(join(path, "search"), { recursive: true });
  expect(folder.hasPages({ pages: 2, timeline: 1 })).toBe(false);
});

test("refuses a subfolder that is a link out of the folder", () => {
  const elsewhere = join(base, "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, "009.js"), "mine");
  symlinkSync(elsewhere, join(path, "search"));
  expect(() => new TranscriptFolder(path)).toThrow("`search`");
  expect(readdirSync(elsewhere)).toEqual(["009.js"]);
});

/** The files in the folder that are not temporary. */
function pagesIn(): string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".html"))
    .sort();
}

test("files are put in place only by commit, and discard removes them", async () => {
  const folder = new TranscriptFolder(path);
  for (const name of ["page-001.html", "search/001.js", "files/p1-1-output.txt"]) folder.write({ name, content: name });
  await folder.settle(0);
  expect(pagesIn()).toEqual([]);
  expect(readdirSync(path)).toHaveLength(3);
  await folder.discard();
  expect(readdirSync(path, { recursive: true }).map(String).sort()).toEqual(["files", "search"]);
});

test("if one file cannot be written, none is put in place", async () => {
  const folder = new TranscriptFolder(path);
  folder.write({ name: "page-001.html", content: "one" });
  await folder.settle(0);
  rmSync(path, { recursive: true });
  folder.write({ name: "page-002.html", content: "two" });
  await expect(folder.commit()).rejects.toThrow("page-002.html");
});

test("commit reports a file that cannot be put in place, and no temporary files remain", async () => {
  mkdirSync(join(path, "page-002.html"));
  const folder = new TranscriptFolder(path);
  for (const name of ["page-001.html", "page-002.html", "page-003.html"]) folder.write({ name, content: name });
  await expect(folder.commit()).rejects.toThrow("page-002.html");
  await folder.discard();
  expect(readdirSync(path).every((name) => name.endsWith(".html"))).toBe(true);
});

test("settle waits until little is left to write", async () => {
  const folder = new TranscriptFolder(path);
  const content = new Uint8Array(1_000_000);
  for (let page = 1; page <= 12; page++) folder.write({ name: `page-${page}.html`, content });
  await folder.settle(2_000_000);
  const sizes = readdirSync(path).map((name) => statSync(join(path, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(10_000_000);
  await folder.discard();
});
