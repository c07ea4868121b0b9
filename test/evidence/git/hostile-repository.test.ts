// A repository from an untrusted source: reading it runs none of the programs its configuration names.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Repository } from "../../../src/evidence/git/repository.ts";
import { takeSnapshot } from "../../../src/evidence/git/snapshot.ts";
import { run } from "../../../src/system/spawn.ts";

let root: string;
/** A file that exists only if a program of the repository ran. */
let trace: string;
let command: string;

beforeEach(async () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "ctx-hostile-")));
  root = join(place, "sent");
  trace = join(place, "ran");
  command = join(place, "command");
  writeFileSync(command, `#!/bin/sh\necho "$0 $*" >> "${trace}"\ncat\n`, { mode: 0o755 });
  await git(place, "init", "--quiet", "-b", "main", root);
  writeFileSync(join(root, "cart.js"), "one\n");
  writeFileSync(join(root, "util.js"), "two\n");
  await git(root, "add", "--all");
  await git(root, "commit", "--quiet", "--message", "feat: first");
});
afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

/** Git as a person runs it, with the repository's filters. */
async function git(dir: string, ...args: string[]): Promise<string> {
  const account = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const result = await run(["git", "-C", dir, ...account, ...args]);
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

/** Makes git read the file again, though its content is the same. */
function touch(name: string): void {
  utimesSync(join(root, name), new Date(), new Date(Date.now() + 5_000));
}

const FILTERS = {
  clean: (name: string) => `[filter "${name}"]\n\tclean = ${command}\n`,
  process: (name: string) => `[filter "${name}"]\n\tprocess = ${command}\n\trequired = true\n`,
};

test.each(["clean", "process"] as const)("its %s filter does not run", async (kind) => {
  writeFileSync(join(root, ".gitattributes"), "*.js filter=Evil.one\n");
  appendFileSync(join(root, ".git/config"), FILTERS[kind]("Evil.one"));
  touch("cart.js");
  expect(await takeSnapshot(root)).toMatchObject({ branch: "main", files: [[".gitattributes", expect.any(String)]] });
  expect(existsSync(trace)).toBe(false);
  // Git itself would run it.
  await run(["git", "-C", root, "status", "--porcelain"]);
  expect(existsSync(trace)).toBe(true);
});

test("a filter from an included configuration file or of a linked worktree does not run", async () => {
  writeFileSync(join(root, ".gitattributes"), "cart.js filter=one\nutil.js filter=two\n");
  writeFileSync(join(root, "more"), FILTERS.clean("one"));
  await git(root, "config", "extensions.worktreeConfig", "true");
  await git(root, "config", "include.path", join(root, "more"));
  writeFileSync(join(root, ".git/config.worktree"), FILTERS.clean("two"));
  touch("cart.js");
  touch("util.js");
  expect(await takeSnapshot(root)).not.toBeNull();
  expect(existsSync(trace)).toBe(false);
});

test("a repository with a filter that cannot be disabled is not read", async () => {
  writeFileSync(join(root, ".gitattributes"), "*.js filter=a=b\n");
  appendFileSync(join(root, ".git/config"), FILTERS.clean("a=b"));
  touch("cart.js");
  expect(await takeSnapshot(root)).toBeNull();
  expect(existsSync(trace)).toBe(false);
});

test("hooks, file system monitors and diff programs do not run", async () => {
  for (const name of ["core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "core.pager"]) {
    await git(root, "config", name, command);
  }
  await git(root, "config", "core.hooksPath", join(root, ".."));
  writeFileSync(join(root, "../post-index-change"), `#!/bin/sh\ntouch "${trace}"\n`, { mode: 0o755 });
  rmSync(trace, { force: true });
  writeFileSync(join(root, ".gitattributes"), "*.js diff=evil\n");
  touch("cart.js");
  const snapshot = await takeSnapshot(root);
  const repository = await Repository.open(root);
  const commits = (await repository?.newSince([])) ?? [];
  await repository?.changes(commits.map((known) => ({ known, against: null })));
  await repository?.ignored(["cart.js", "new.js"]);
  expect({ head: snapshot?.head, commits: commits.length }).toEqual({ head: commits[0]?.oid ?? "", commits: 1 });
  expect(existsSync(trace)).toBe(false);
});

test("missing objects are not fetched", async () => {
  const blob = (await git(root, "rev-parse", "HEAD:cart.js")).trim();
  rmSync(join(root, ".git/objects", blob.slice(0, 2), blob.slice(2)));
  await git(root, "config", "core.repositoryFormatVersion", "1");
  await git(root, "config", "extensions.partialClone", "origin");
  await git(root, "config", "remote.origin.url", join(root, "../nowhere"));
  await git(root, "config", "remote.origin.uploadPack", `touch "${trace}"; exit 1 #`);
  await git(root, "config", "remote.origin.promisor", "true");
  const repository = await Repository.open(root);
  await repository?.find([blob]);
  const commits = (await repository?.newSince([])) ?? [];
  await repository?.changes(commits.map((known) => ({ known, against: null })));
  await takeSnapshot(root);
  expect(existsSync(trace)).toBe(false);
  await run(["git", "-C", root, "cat-file", "-p", blob]);
  expect(existsSync(trace)).toBe(true);
});
