// Branches that both append rows, merged by git.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runId } from "../../src/changelog/entry.ts";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { foldEntries } from "../../src/changelog/stored-entry.ts";
import { sampleEntry } from "./sample-entry.ts";

let root: string;
let log: Changelog;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "ctx-merge-"));
  log = openChangelog(root, "ada");
  git("init", "-q", "-b", "main");
  git("config", "merge.conflictStyle", "diff3");
  await append("base", 2);
  commit();
  git("branch", "theirs");
});
afterEach(() => rmSync(root, { recursive: true }));

function git(...argv: string[]): number {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const env = { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: "1" };
  return Bun.spawnSync(["git", ...identity, ...argv], { cwd: root, env }).exitCode;
}

function commit(): void {
  expect(git("add", ".") + git("commit", "-q", "-m", "entries")).toBe(0);
}

/** Appends the rows of some runs with this name. */
async function append(name: string, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const change = { run_id: runId("codex", name, i), session_id: name, summary: `${name} ${i}` };
    expect(await appendEntry(log, sampleEntry(change))).toBe("appended");
  }
}

async function appendOnBothSides(): Promise<void> {
  await append("ours", 3);
  commit();
  git("checkout", "-q", "theirs");
  await append("theirs", 2);
  commit();
  git("checkout", "-q", "main");
}

const ALL = ["base 0", "base 1", "ours 0", "ours 1", "ours 2", "theirs 0", "theirs 1"];
const summaries = () =>
  foldEntries(readEntries(log.entries).entries)
    .map((entry) => entry.summary)
    .sort();

test("two branches that both append merge without a conflict, and keep all rows", async () => {
  await appendOnBothSides();
  expect(git("merge", "-q", "--no-edit", "theirs")).toBe(0);
  expect(summaries()).toEqual(ALL);
  expect(readEntries(log.entries).problems).toEqual([]);
});

test("a merge conflict in the file loses no row, and its markers are reported by line", async () => {
  rmSync(join(root, ".changelog/.gitattributes"));
  await appendOnBothSides();
  expect(git("merge", "-q", "--no-edit", "theirs")).toBe(1);
  expect(summaries()).toEqual(ALL);
  const marks = readFileSync(log.entries, "utf8")
    .split("\n")
    .flatMap((line, i) =>
      line.startsWith("{") || line === "" ? [] : [{ line: i + 1, problem: "a merge conflict marker" }],
    );
  expect(marks).toHaveLength(4);
  expect(readEntries(log.entries).problems).toEqual(marks);
});

test("the next row after a conflict is appended whole", async () => {
  rmSync(join(root, ".changelog/.gitattributes"));
  await appendOnBothSides();
  git("merge", "-q", "--no-edit", "theirs");
  await append("next", 1);
  expect(summaries()).toEqual([...ALL, "next 0"].sort());
});

test("branches whose files have no final line feed lose no row", async () => {
  await append("ours", 3);
  truncateSync(log.entries, readFileSync(log.entries).length - 1);
  commit();
  git("checkout", "-q", "theirs");
  await append("theirs", 2);
  truncateSync(log.entries, readFileSync(log.entries).length - 1);
  commit();
  git("checkout", "-q", "main");
  expect(git("merge", "-q", "--no-edit", "theirs")).toBe(0);
  expect(summaries()).toEqual(ALL);
});
