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
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, runId } from "../../src/changelog/entry.ts";
import { foldEntries } from "../../src/changelog/fold.ts";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { ANCESTOR_ROW, builtinEntry, sampleEntry } from "./sample-entry.ts";

const worker = join(import.meta.dir, "workers/append-entries.ts");
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
  test("makes the actor's folder and the attributes, and nothing else", () => {
    expect(readdirSync(join(root, ".changelog")).sort()).toEqual([".gitattributes", "ada"]);
    expect(readdirSync(log.directory)).toEqual([]);
  });

  test("git merges exactly the two files by union", () => {
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

  test("attributes the user edited or emptied stay as they are", () => {
    const attributes = join(root, ".changelog/.gitattributes");
    for (const mine of ["* -text\n", ""]) {
      writeFileSync(attributes, mine);
      openChangelog(root, "ada");
      expect(readFileSync(attributes, "utf8")).toBe(mine);
    }
  });

  test("an actor's folder in other letter case is the same actor's", () => {
    mkdirSync(join(root, ".changelog/Grace"));
    expect(openChangelog(root, "grace").directory).toBe(join(root, ".changelog/Grace"));
  });

  test("a name that is no slug never becomes a path", () => {
    expect(() => openChangelog(root, "..")).toThrow("not an actor's slug");
  });

  test("a changelog that links out of the project is refused, one inside it is fine", () => {
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

describe("appendEntry", () => {
  test("a run is recorded once", async () => {
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
    expect(await appendEntry(log, sampleEntry({ summary: "again" }))).toBe("exists");
    expect(content()).toBe(`${row()}\n`);
  });

  test("an evaluation follows a builtin entry, never the other way round", async () => {
    expect(await appendEntry(log, builtinEntry())).toBe("appended");
    expect(await appendEntry(log, builtinEntry())).toBe("exists");
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
    expect(await appendEntry(log, builtinEntry())).toBe("exists");
    expect(await appendEntry(log, builtinEntry(), { again: true })).toBe("exists");
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
    expect(await appendEntry(log, sampleEntry({ summary: "better" }), { again: true })).toBe("appended");
    expect(summaries()).toEqual(["Fixed the cart's total", "Fixed the cart's total", "better"]);
  });

  test("an entry that does not validate never lands", async () => {
    const wrong = { ...sampleEntry(), host: "laptop" };
    await expect(appendEntry(log, wrong)).rejects.toThrow("not valid");
    await expect(appendEntry(log, sampleEntry({ run_id: "1" }))).rejects.toThrow("run_id: expected 16 hex digits");
    expect(existsSync(log.entries)).toBe(false);
  });

  test("an entry that is too long lands within its bounds", async () => {
    expect(await appendEntry(log, sampleEntry({ label: "x".repeat(9000) }))).toBe("appended");
    expect(readEntries(log.entries)).toMatchObject({ entries: [{ label: `${"x".repeat(499)}…` }], problems: [] });
  });

  test("a file that ends in half a line loses only that half", async () => {
    await appendEntry(log, sampleEntry());
    appendFileSync(log.entries, row({ run_id: runId("codex", "s", 1) }).slice(0, 90));
    expect(await appendEntry(log, sampleEntry({ run_id: runId("codex", "s", 2), summary: "next" }))).toBe("appended");
    expect(summaries()).toEqual(["Fixed the cart's total", "next"]);
    expect(problems()).toEqual(["2: a torn row"]);
  });

  test("half a row is no record of its run, a mention of its id is none either", async () => {
    const { run_id } = sampleEntry();
    writeFileSync(log.entries, `${row().slice(0, 200)}\n`);
    appendFileSync(log.entries, `${row({ run_id: runId("codex", "s", 9), continuation_of_run_id: run_id })}\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("appended");
  });

  test("a run that a newer version recorded is recorded", async () => {
    writeFileSync(log.entries, `${JSON.stringify({ ...sampleEntry(), schema_version: 3 })}\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
  });

  test("rows after an unreadable one still count", async () => {
    writeFileSync(log.entries, `{"transcript":"gone"}\n\0\0\0\n${row()}\r\n`);
    expect(await appendEntry(log, sampleEntry())).toBe("exists");
  });

  test("lines that do not hold the id are never parsed", async () => {
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

  test("a link in place of the file is refused", async () => {
    const elsewhere = join(root, "elsewhere");
    symlinkSync(elsewhere, log.entries);
    await expect(appendEntry(log, sampleEntry())).rejects.toThrow("it is a symbolic link");
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe("processes that append at once", () => {
  const spawn = (session: string, first: number, count: number) =>
    Bun.spawn([process.execPath, worker, root, session, String(first), String(count)], { stdout: "pipe" });

  test("16 processes × 100 runs: 1,600 valid rows, none twice", async () => {
    const children = Array.from({ length: 16 }, (_, i) => spawn("s", i * 100, 100));
    expect(await Promise.all(children.map((child) => child.exited))).toEqual(children.map(() => 0));
    const { entries, problems: found } = readEntries(log.entries);
    expect(found).toEqual([]);
    expect(entries).toHaveLength(1600);
    expect(new Set(entries.map((entry) => entry.run_id)).size).toBe(1600);
    expect(readdirSync(log.directory)).toEqual(["entries.jsonl"]);
  }, 60_000);

  test("16 processes with the same 20 runs: each run once, and one of them is told so", async () => {
    const children = Array.from({ length: 16 }, () => spawn("s", 0, 20));
    const said = (await Promise.all(children.map((child) => child.stdout.text()))).join("").trim().split("\n");
    expect(said.filter((line) => line.endsWith(" appended"))).toHaveLength(20);
    expect(said.filter((line) => line.endsWith(" exists"))).toHaveLength(300);
    expect(readEntries(log.entries).problems).toEqual([]);
    expect(readEntries(log.entries).entries).toHaveLength(20);
  }, 60_000);

  test("processes killed at random: no acknowledged row is lost", async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 15; round += 1) {
      const children = [spawn("a", round * 1000, 1000), spawn("b", round * 1000, 1000)];
      const told = children.map(async (child) => {
        const text = new TextDecoder();
        let output = "";
        const enough = 1 + Math.floor(Math.random() * 20);
        for await (const chunk of child.stdout) {
          output += text.decode(chunk, { stream: true });
          if (output.split("\n").length > enough) child.kill("SIGKILL");
        }
        return output;
      });
      for (const output of await Promise.all(told)) {
        for (const id of output.matchAll(/^([0-9a-f]{16}) appended\n/gm)) acknowledged.add(id[1] ?? "");
      }
    }
    await appendEntry(log, sampleEntry());
    const stored = new Set(readEntries(log.entries).entries.map((entry) => entry.run_id));
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThanOrEqual(30);
    expect(readdirSync(log.directory)).toEqual(["entries.jsonl"]);
  }, 60_000);
});

describe("readEntries", () => {
  test("a missing file has no entries", () => {
    expect(readEntries(log.entries)).toEqual({ entries: [], problems: [] });
  });

  test("every kind of damage costs its own line only, and is named by line", () => {
    const good = (n: number) => row({ run_id: runId("codex", "s", n), summary: `good ${n}` });
    const lines = [
      `\uFEFF${good(1)}`,
      ANCESTOR_ROW,
      "",
      `${good(2)}\r`,
      `\0\0\0${good(3)}`,
      good(4).slice(0, 100),
      `${good(5).slice(0, 100)}${good(6)}`,
      `${good(7)}${good(8)}`,
      "<<<<<<< HEAD",
      "=======",
      ">>>>>>> branch",
      "[1, 2]",
      "null",
      good(2),
      good(1).replace('"schema_version":2', '"schema_version":9'),
      good(9),
      good(9),
      good(10),
    ];
    writeFileSync(log.entries, lines.join("\n"));
    const expected = ["Reviewed the cart", ...[1, 2, 3, 6, 7, 8, 2, 1, 9, 10].map((n) => `good ${n}`)];
    expect(summaries().sort()).toEqual(expected.sort());
    expect(problems()).toEqual([
      "1: a byte order mark",
      "4: a carriage return",
      "5: NUL bytes",
      "6: a torn row",
      "7: a torn row",
      "8: several rows on one line",
      "9: a merge conflict marker",
      "10: a merge conflict marker",
      "11: a merge conflict marker",
      "12: a torn row",
      "13: a torn row",
      "15: unknown schema_version 9",
      "17: repeats line 16",
    ]);
  });

  test("cut off anywhere, a file loses its last row at most", () => {
    const rows = [1, 2, 3].map((n) => row({ run_id: runId("codex", "s", n) }));
    const whole = `${rows.join("\n")}\n`;
    for (let length = whole.length; length >= 0; length -= 37) {
      writeFileSync(log.entries, whole);
      truncateSync(log.entries, length);
      const complete = whole
        .slice(0, length)
        .split("\n")
        .filter((line) => rows.includes(line)).length;
      expect(readEntries(log.entries).entries).toHaveLength(complete);
    }
  });

  test("a row that crosses the chunks it is read in is whole", () => {
    const long = row({
      notes: "n".repeat(8000),
      touched_files: { ...sampleEntry().touched_files, created: Array(9000).fill("src/some/where/deep/file.ts") },
    });
    expect(long.length).toBeGreaterThan(256 * 1024);
    writeFileSync(
      log.entries,
      `${row({ run_id: runId("codex", "s", 1) })}\n${long}\n${row({ run_id: runId("codex", "s", 2) })}\n`,
    );
    expect(readEntries(log.entries).entries).toHaveLength(3);
    expect(problems()).toEqual([]);
  });

  test("a line too long for a row is passed over, the next one is read", () => {
    writeFileSync(log.entries, `${"x".repeat(9 * 1024 * 1024)}\n${row()}\n`);
    expect(problems()).toEqual(["1: too long for a row"]);
    expect(summaries()).toHaveLength(1);
  });
});

describe("foldEntries", () => {
  const fold = (...entries: Entry[]) => {
    writeFileSync(log.entries, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    return foldEntries(readEntries(log.entries).entries);
  };
  const late = "2026-11-23T00:00:00.000Z";

  test("an evaluated row beats a builtin one, however late", () => {
    expect(fold(sampleEntry(), builtinEntry({ created_at: late }))).toMatchObject([{ evaluator: { name: "codex" } }]);
    expect(fold(builtinEntry({ created_at: late }), sampleEntry())).toMatchObject([{ evaluator: { name: "codex" } }]);
  });

  test("a later row beats an earlier one, compared as times", () => {
    const later = sampleEntry({ created_at: late, summary: "later" });
    expect(fold(later, sampleEntry())).toMatchObject([{ summary: "later" }]);
    const old = { ...JSON.parse(ANCESTOR_ROW), run_id: later.run_id, created_at: "2026-11-23T02:00:00+03:00" };
    expect(fold(later, old)).toMatchObject([{ summary: "later" }]);
  });

  test("a tie is decided the same way in every order", () => {
    const a = sampleEntry({ summary: "a" });
    const b = sampleEntry({ summary: "b" });
    expect(fold(a, b)).toEqual(fold(b, a));
  });

  test("runs come in the order they began, whatever a merge made of the file", () => {
    const runs = [3, 1, 2].map((n) =>
      sampleEntry({ run_id: runId("codex", "s", n), start: `2026-11-22T0${n}:00:00Z`, summary: String(n) }),
    );
    expect(fold(...runs).map((entry) => entry.summary)).toEqual(["1", "2", "3"]);
    expect(fold(...runs.toReversed())).toEqual(fold(...runs));
  });
});
