// The rows of linked worktrees survive them.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendEntry, openChangelog, readEntries, restoreWorktreeRows } from "../../src/changelog/store.ts";
import { run } from "../../src/system/spawn.ts";
import { builtinEntry, sampleEntry } from "./sample-entry.ts";

let base: string;
let main: string;
let tree: string;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-worktree-rows-")));
  [main, tree] = [join(base, "shop"), join(base, "shop-feature")];
  await run(["git", "init", "--quiet", main]);
  await git(main, "commit", "--quiet", "--allow-empty", "-m", "start");
  await git(main, "worktree", "add", "--quiet", "-b", "feature", tree);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function git(folder: string, ...args: string[]): Promise<void> {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const { code, stderr } = await run(["git", "-C", folder, ...who, ...args]);
  if (code !== 0) throw new Error(stderr);
}

const append = async (root: string, entry = sampleEntry()) => await appendEntry(openChangelog(root, "ada"), entry);
const summaries = (root: string) =>
  readEntries(join(root, ".changelog/ada/entries.jsonl")).entries.map(({ summary }) => summary);
const copies = () => {
  const folder = join(main, ".git/ctx/rows");
  return existsSync(folder) ? readdirSync(folder).length : 0;
};
const removeTree = async () => await git(main, "worktree", "remove", "--force", tree);

test("a row stays in its worktree while that exists", async () => {
  await append(tree);
  expect(copies()).toBe(1);
  await restoreWorktreeRows(main);
  expect([summaries(tree).length, summaries(main).length, copies()]).toEqual([1, 0, 1]);
});

test("a row that no commit holds is appended in the main checkout when its worktree is gone", async () => {
  await append(tree, sampleEntry({ summary: "Made a thing." }));
  await removeTree();
  await restoreWorktreeRows(main);
  await restoreWorktreeRows(main);
  expect([summaries(main), copies()]).toEqual([["Made a thing."], 0]);
});

test("a worktree whose folder was deleted without git is gone too, and any worktree restores its rows", async () => {
  const other = join(base, "shop-other");
  await git(main, "worktree", "add", "--quiet", "-b", "other", other);
  await append(tree);
  rmSync(tree, { recursive: true });
  await restoreWorktreeRows(other);
  expect([summaries(main).length, summaries(other).length, copies()]).toEqual([1, 0, 0]);
});

test("a row that a commit holds needs no copy", async () => {
  await append(tree);
  await git(tree, "add", "--all");
  await git(tree, "commit", "--quiet", "-m", "feat: thing");
  await removeTree();
  await restoreWorktreeRows(main);
  expect([summaries(main).length, copies()]).toEqual([0, 0]);
  await git(main, "merge", "--quiet", "feature");
  expect(summaries(main).length).toBe(1);
});

test("a committed row does not stand for a later and better row of its run", async () => {
  await append(tree, builtinEntry({ created_at: "2026-12-01T09:00:00.000Z" }));
  await git(tree, "add", "--all");
  await git(tree, "commit", "--quiet", "-m", "feat: thing");
  await append(tree, sampleEntry({ created_at: "2026-12-01T10:00:00.000Z", summary: "Described by a model." }));
  await removeTree();
  await restoreWorktreeRows(main);
  expect([summaries(main), copies()]).toEqual([["Described by a model."], 0]);
});

test("a moved worktree keeps its rows", async () => {
  await append(tree);
  await git(main, "worktree", "move", tree, join(base, "moved"));
  await restoreWorktreeRows(main);
  expect([summaries(main).length, copies()]).toEqual([0, 1]);
});

test("a row that the main checkout has is not appended again", async () => {
  await append(tree);
  await append(main);
  await removeTree();
  await restoreWorktreeRows(main);
  expect([summaries(main).length, copies()]).toEqual([1, 0]);
});

test("a row that cannot be appended keeps its copy", async () => {
  await append(tree);
  await removeTree();
  symlinkSync(base, join(main, ".changelog"));
  await restoreWorktreeRows(main);
  expect(copies()).toBe(1);
  rmSync(join(main, ".changelog"));
  await restoreWorktreeRows(main);
  expect([summaries(main).length, copies()]).toEqual([1, 0]);
});

test("the main checkout keeps no copies, and copies never lie outside of the repository", async () => {
  await append(main);
  expect(copies()).toBe(0);
  symlinkSync(base, join(main, ".git/ctx"));
  await append(tree);
  expect(existsSync(join(base, "rows"))).toBe(false);
  expect(summaries(tree).length).toBe(1);
});
