import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, runId } from "../../src/changelog/entry.ts";
import { entriesFiles } from "../../src/changelog/project-entries.ts";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { builtinEntry, sampleEntry } from "./sample-entry.ts";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-store-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const content = () => readFileSync(log.entries, "utf8");
const row = (change: Partial<Entry> = {}) => JSON.stringify(sampleEntry(change));
const problems = () => readEntries(log.entries).problems.map(({ line, problem }) => `${line}: ${problem}`);
const summaries = () => readEntries(log.entries).entries.map((entry) => entry.summary);

describe("openChangelog", () => {
  test("creates the actor's folder and `.gitattributes`, and nothing else", () => {
    expect(readdirSync(join(root, ".changelog")).sort()).toEqual([".gitattributes", "ada"]);
    expect(readdirSync(log.directory)).toEqual([]);
  });

  test("git merges exactly these two files by union", () => {
    Bun.spawnSync(["git", "init", "-q", root]);
    const paths = ["ada/entries.jsonl", "ada/failures.jsonl", "ada/other.jsonl", "entries.jsonl"];
    const argv = ["git", "-C", root, "check-attr", "merge", ...paths.map((path) => `.changelog/${path}`)];
    expect(Bun.spawnSync(argv).stdout.toString().trim().split("\n")).toEqual([
      ".changelog/ada/entries.jsonl: merge: union",
      ".changelog/ada/failures.jsonl: merge: union",
      ".changelog/ada/other.jsonl: merge: unspecified",
      ".changelog/entries.jsonl: merge: unspecified",
    ]);
  });

  test("a `.gitattributes` that the user edited or emptied is not changed", () => {
    const attributes = join(root, ".changelog/.gitattributes");
    for (const mine of ["* -text\n", ""]) {
      writeFileSync(attributes, mine);
      openChangelog(root, "ada");
      expect(readFileSync(attributes, "utf8")).toBe(mine);
    }
  });

  test("an actor's folder in another case is reused", () => {
    mkdirSync(join(root, ".changelog/Grace"));
    expect(openChangelog(root, "grace").directory).toBe(join(root, ".changelog/Grace"));
  });

  test("a name that is not a slug is rejected", () => {
    expect(() => openChangelog(root, "..")).toThrow("not an actor (");
  });

  test("a changelog that is a link out of the project is refused, a link inside it is allowed", () => {
    const outside = mkdtempSync(join(tmpdir(), "ctx-outside-"));
    rmSync(join(root, ".changelog"), { recursive: true });
    symlinkSync(outside, join(root, ".changelog"));
    expect(() => openChangelog(root, "ada")).toThrow("`.changelog` leads out of the project");
    rmSync(join(root, ".changelog"));
    symlinkSync(join(outside, "not", "there"), join(root, ".changelog"));
    expect(() => openChangelog(root, "ada")).toThrow("leads out of the project");
    rmSync(join(root, ".changelog"));
    mkdirSync(join(root, "docs"));
    symlinkSync("docs", join(root, ".changelog"));
    openChangelog(root, "ada");
    expect(existsSync(join(root, "docs/ada"))).toBe(true);
    symlinkSync(outside, join(root, "docs/bob"));
    expect(() => openChangelog(root, "bob")).toThrow("the actor's folder leads out of the project");
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });
});

describe("a linked changelog", () => {
  test("in the project is appended to and read, its linked actor folders too", async () => {
    rmSync(join(root, ".changelog"), { recursive: true, force: true });
    mkdirSync(join(root, "docs/people/ada"), { recursive: true });
    mkdirSync(join(root, "docs/log"));
    symlinkSync("../people/ada", join(root, "docs/log/ada"));
    symlinkSync("docs/log", join(root, ".changelog"));
    await appendEntry(openChangelog(root, "ada"), sampleEntry());
    expect(existsSync(join(root, "docs/people/ada/entries.jsonl"))).toBe(true);
    expect(entriesFiles(root)).toContain(join(root, ".changelog/ada/entries.jsonl"));
  });

  test("that leads into `.git` is refused, even through a folder inside it", () => {
    for (const target of [".git", ".git/changelog", ".GIT/hooks", "sub/.git/modules"]) {
      rmSync(join(root, ".changelog"), { recursive: true, force: true });
      symlinkSync(target, join(root, ".changelog"));
      expect(() => openChangelog(root, "ada")).toThrow("`.changelog` leads into `.git`");
      expect(() => entriesFiles(root)).toThrow("`.changelog` leads into `.git`");
    }
    rmSync(join(root, ".changelog"), { recursive: true, force: true });
    mkdirSync(join(root, ".changelog"));
    mkdirSync(join(root, ".git/hooks"), { recursive: true });
    symlinkSync("../.git/hooks", join(root, ".changelog/ada"));
    expect(() => openChangelog(root, "ada")).toThrow("the actor's folder leads into `.git`");
  });
});

describe("appendEntry", () => {
  test("a run is recorded once", async () => {
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
    expect(await appendEntry(log, sampleEntry({ summary: "again" }))).toBe("exists");
    expect(content()).toBe(`${row()}\n`);
  });

  test("an evaluated entry follows a `builtin` one, never the other way round", async () => {
    expect(await appendEntry(log, builtinEntry())).toBe("appended");
    expect(await appendEntry(log, builtinEntry())).toBe("exists");
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
    expect(await appendEntry(log, builtinEntry())).toBe("exists");
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
    expect(summaries()).toEqual(["Fixed the cart's total", "Fixed the cart's total"]);
  });

  test("an invalid entry is not written", async () => {
    const wrong = { ...sampleEntry(), host: "laptop" };
    await expect(appendEntry(log, wrong)).rejects.toThrow("invalid entry: ");
    await expect(appendEntry(log, sampleEntry({ run_id: "1" }))).rejects.toThrow("run_id: expected 16 hex digits");
    expect(existsSync(log.entries)).toBe(false);
  });

  test("an entry that is too long is cut to the limits", async () => {
    expect(await appendEntry(log, sampleEntry({ label: "x".repeat(9000) }))).toBe("appended");
    expect(readEntries(log.entries)).toMatchObject({ entries: [{ label: `${"x".repeat(499)}…` }], problems: [] });
  });

  test("after half a line at the end of the file, the next row is whole", async () => {
    await appendEntry(log, sampleEntry());
    appendFileSync(log.entries, row({ run_id: runId("codex", "s", 1) }).slice(0, 90));
    expect(await appendEntry(log, sampleEntry({ run_id: runId("codex", "s", 2), summary: "next" }))).toBe("appended");
    expect(summaries()).toEqual(["Fixed the cart's total", "next"]);
    expect(problems()).toEqual(["2: an incomplete row"]);
  });

  test("neither half a row nor a mention of its id counts as the entry of a run", async () => {
    const { run_id } = sampleEntry();
    writeFileSync(log.entries, `${row().slice(0, 200)}\n`);
    appendFileSync(log.entries, `${row({ run_id: runId("codex", "s", 9), continuation_of_run_id: run_id })}\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
  });

  test("an entry of a newer version counts", async () => {
    writeFileSync(log.entries, `${JSON.stringify({ ...sampleEntry(), schema_version: 3 })}\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
  });

  test("rows after an unreadable one count", async () => {
    writeFileSync(log.entries, `{"transcript":"gone"}\n\0\0\0\n${row()}\r\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
  });

  test("lines that do not contain the id are not parsed", async () => {
    writeFileSync(log.entries, `${row({ run_id: runId("codex", "other", 0) })}\n`.repeat(2000));
    const parse = JSON.parse;
    let parsed = 0;
    JSON.parse = (text: string) => {
      parsed += 1;
      return parse(text);
    };
    try {
      expect(await appendEntry(log, sampleEntry())).toBe("appended");
    } finally {
      JSON.parse = parse;
    }
    expect(parsed).toBe(0);
  });

  test("a link instead of the file is refused", async () => {
    const elsewhere = join(root, "elsewhere");
    symlinkSync(elsewhere, log.entries);
    await expect(appendEntry(log, sampleEntry())).rejects.toThrow("it is a symbolic link");
    expect(existsSync(elsewhere)).toBe(false);
  });
});
