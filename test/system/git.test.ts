import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, gitFields, gitText, ownershipProblem, topLevel } from "../../src/system/git.ts";

let repo: string;

beforeAll(async () => {
  repo = realpathSync(mkdtempSync(join(tmpdir(), "ctx-git-")));
  await git(repo, ["init", "-q", "-b", "main"]);
  await git(repo, ["config", "user.name", "Ada"]);
  await git(repo, ["config", "user.email", "ada@example.com"]);
  writeFileSync(join(repo, "naïve name.txt"), "one\n");
  await git(repo, ["add", "-A"]);
  await git(repo, ["commit", "-qm", "feat: first | with a pipe"]);
});

afterAll(() => rmSync(repo, { recursive: true, force: true }));

test("reads NUL-separated fields, so that any file name works", async () => {
  expect(await gitFields(repo, ["ls-files", "-z"])).toEqual(["naïve name.txt"]);
});

test("a failing command is null, empty output is not", async () => {
  expect(await gitText(repo, ["rev-parse", "--verify", "-q", "nothing"])).toBeNull();
  expect(await gitText(repo, ["status", "--porcelain"])).toBe("");
  expect(await gitFields(repo, ["ls-files", "-z", "--deleted"])).toEqual([]);
});

test("never runs the file-system monitor of the repository", async () => {
  const script = join(repo, "monitor.sh");
  writeFileSync(script, `#!/bin/sh\ntouch "${join(repo, "ran")}"\n`);
  chmodSync(script, 0o755);
  await git(repo, ["config", "core.fsmonitor", script]);
  const status = await gitText(repo, ["status", "--porcelain"]);
  expect(status).toBe("?? monitor.sh");
});

test("ignores environment variables that point to another repository", async () => {
  const before = process.env.GIT_DIR;
  process.env.GIT_DIR = "/nonexistent";
  try {
    expect(await gitText(repo, ["log", "-1", "--format=%s"])).toBe("feat: first | with a pipe");
  } finally {
    if (before === undefined) delete process.env.GIT_DIR;
    else process.env.GIT_DIR = before;
  }
});

test("does not treat the files of a bare repository inside a clone as a repository", async () => {
  const bare = join(repo, "docs");
  mkdirSync(bare);
  await git(bare, ["init", "-q", "--bare", "."]);
  await git(repo, ["--git-dir", bare, "config", "core.worktree", repo]);
  await git(repo, ["--git-dir", bare, "config", "core.bare", "false"]);
  expect(await gitText(bare, ["rev-parse", "--git-dir"])).toBeNull();
});

test("uses no transport", async () => {
  const copy = await git(repo, ["clone", "-q", repo, join(repo, "copy")]);
  expect(copy).toMatchObject({ code: 128, stderr: expect.stringContaining("not allowed") });
});

test("ignores a worktree elsewhere that only the repository's configuration names", async () => {
  const folder = join(repo, "folder");
  mkdirSync(folder);
  expect(await topLevel(folder)).toBe(repo);
  for (const elsewhere of [tmpdir(), join(repo, "folder")]) {
    await git(repo, ["config", "core.worktree", elsewhere]);
    expect(await topLevel(repo)).toBe(repo);
  }
  await git(repo, ["config", "--unset", "core.worktree"]);
});

test("a repository of another user is named with the command that makes git read it", async () => {
  const folder = join(repo, "it's inside");
  mkdirSync(folder);
  expect(await ownershipProblem(folder)).toBeNull();
  // Git's own tests use this variable.
  process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER = "1";
  try {
    const command = `git config --global --add safe.directory ${repo}`;
    expect(await ownershipProblem(folder)).toContain(`git refuses to read \`${repo}\``);
    expect(await ownershipProblem(folder)).toEndWith(`run \`${command}\``);
    expect(await topLevel(folder)).toBe(repo);
  } finally {
    delete process.env.GIT_TEST_ASSUME_DIFFERENT_OWNER;
  }
});

test("a folder without a repository has no owner problem", async () => {
  expect(await ownershipProblem(tmpdir())).toBeNull();
  expect(await ownershipProblem(join(repo, "missing"))).toBeNull();
});
