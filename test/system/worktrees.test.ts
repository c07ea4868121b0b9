import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/system/spawn.ts";
import { linkedWorktree, listedWorktrees, repositoryFolder } from "../../src/system/worktrees.ts";

let base: string;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "worktrees-")));
  const at = (folder: string) =>
    ["git", "-C", join(base, folder), "-c", "user.name=Ada", "-c", "user.email=a@example.org"] as const;
  await run(["git", "init", "-q", join(base, "shop")]);
  await run([...at("shop"), "commit", "-q", "--allow-empty", "-m", "init"]);
  await run([...at("shop"), "worktree", "add", "-q", join(base, "feature")]);
  await run([...at("shop"), "worktree", "add", "-q", join(base, "gone")]);
  await rm(join(base, "gone"), { recursive: true });
  await run(["git", "clone", "-q", "--bare", join(base, "shop"), join(base, "store.git")]);
  await run([...at("store.git"), "worktree", "add", "-q", join(base, "of-bare")]);
  await mkdir(join(base, "forged"));
  await writeFile(join(base, "forged/.git"), `gitdir: ${join(base, "shop/.git/worktrees/feature")}\n`);
});
afterAll(() => rm(base, { recursive: true, force: true }));

test("a linked worktree names the git folder of its repository", () => {
  expect(linkedWorktree(join(base, "feature"))?.commonDirectory).toBe(join(base, "shop/.git"));
  expect(linkedWorktree(join(base, "of-bare"))?.commonDirectory).toBe(join(base, "store.git"));
});

test("main checkouts, plain folders and folders with a forged `.git` file are no linked worktrees", () => {
  for (const folder of ["shop", "forged", ".", "missing"]) expect(linkedWorktree(join(base, folder))).toBeNull();
});

test("worktrees whose folders are gone stay listed until git prunes them", () => {
  const listed = listedWorktrees(join(base, "shop/.git"));
  expect(listed.toSorted()).toEqual([join(base, "feature"), join(base, "gone")]);
  expect(listedWorktrees(join(base, "missing/.git"))).toEqual([]);
});

test("a checkout is named after its repository", () => {
  expect(repositoryFolder(join(base, "feature"))).toBe(join(base, "shop"));
  expect(repositoryFolder(join(base, "shop"))).toBe(join(base, "shop"));
  expect(repositoryFolder(join(base, "of-bare"))).toBe(join(base, "store.git"));
});
