import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProjectPaths } from "../../../src/evidence/files/project-paths.ts";
import type { Checkout } from "../../../src/evidence/git/checkouts.ts";
import { TOP_LEVEL } from "../../../src/evidence/shell/words.ts";
import { run } from "../../../src/system/spawn.ts";
import { sessionHead } from "../events.ts";

let base: string;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "paths-")));
  for (const folder of ["clone/packages/api", "other/src", "plain/src", "original/packages/api"]) {
    await mkdir(join(base, folder), { recursive: true });
  }
  for (const repository of ["clone", "other", "original"]) await run(["git", "init", "-q", join(base, repository)]);
  const git = ["git", "-C", join(base, "clone"), "-c", "user.name=Ada", "-c", "user.email=ada@example.com"] as const;
  await run([...git, "commit", "-q", "--allow-empty", "-m", "init"]);
  await run([...git, "worktree", "add", "-q", join(base, "tree")]);
  await run([...git, "worktree", "add", "-q", join(base, "clone/.claude/worktrees/fix")]);
  await mkdir(join(base, "tree/src"));
  await run([...git, "worktree", "add", "-q", join(base, "listed")]);
  await rm(join(base, "listed"), { recursive: true });
  await symlink(join(base, "clone"), join(base, "link"));
  await symlink(join(base, "plain"), join(base, "plain-link"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

/**
 * Where a path is: `relative`, `other checkout: relative`, or `~/…` or `/…` outside. `BASE` stands for the temporary
 * folder.
 */
async function located(at: {
  cwd: string | null;
  root?: string;
  path: string;
  url?: string;
  folders?: string[];
  checkouts?: Checkout[];
  committedIn?: string[];
}) {
  const real = (path: string) => path.replaceAll("BASE", base);
  const head = sessionHead({
    cwd: at.cwd === null ? null : real(at.cwd),
    git: { commit: null, branch: null, repositoryUrl: at.url ?? null },
  });
  const folders = (at.folders ?? []).map(real);
  const checkouts = (at.checkouts ?? []).map((one) => ({ ...one, path: real(one.path), of: real(one.of) }));
  const committedIn = (at.committedIn ?? []).map(real);
  const root = real(at.root ?? "BASE/clone");
  const paths = await ProjectPaths.open({ head, root, home: "/home/me", folders, checkouts, committedIn });
  const found = paths.locate(real(at.path));
  if ("outside" in found) return found.outside.replaceAll(base, "BASE");
  return found.otherCheckout === true ? `other checkout: ${found.inside}` : found.inside;
}

describe("a path of the log", () => {
  const cases: [name: string, at: Parameters<typeof located>[0], expected: string][] = [
    ["in the project itself", { cwd: "BASE/clone", path: "BASE/clone/a b/ü.js" }, "a b/ü.js"],
    ["relative to the session's folder", { cwd: "BASE/clone/packages", path: "../a.js" }, "a.js"],
    ["relative, in a log without a folder", { cwd: null, path: "src/a.js" }, "src/a.js"],
    ["the project's own folder", { cwd: "BASE/clone", path: "BASE/clone/" }, ""],
    ["with dots and double slashes", { cwd: "BASE/clone", path: "BASE/clone//x/./../a.js" }, "a.js"],
    [
      "in a folder whose name starts with the project's",
      { cwd: "BASE/clone", path: "BASE/clone2/a.js" },
      "BASE/clone2/a.js",
    ],
    ["behind a symbolic link", { cwd: "BASE/link/packages", path: "BASE/link/a.js" }, "a.js"],
    ["behind a symbolic link given as root", { cwd: "BASE/clone", root: "BASE/link", path: "BASE/clone/a.js" }, "a.js"],
    [
      "in the original of the clone",
      { cwd: "BASE/original/packages/api", path: "BASE/original/a.js" },
      "other checkout: a.js",
    ],
    [
      "in another worktree",
      { cwd: "BASE/clone", folders: ["BASE/tree/src"], path: "BASE/tree/src/a.js" },
      "other checkout: src/a.js",
    ],
    [
      "in a worktree that Claude Code made",
      { cwd: "BASE/clone/.claude/worktrees/fix", path: "BASE/clone/.claude/worktrees/fix/src/a.js" },
      "other checkout: src/a.js",
    ],
    [
      "in a worktree that Claude Code made during the session",
      { cwd: "BASE/clone", folders: ["BASE/clone/.claude/worktrees/x"], path: "BASE/clone/.claude/worktrees/x/a.js" },
      "other checkout: a.js",
    ],
    [
      "in the project, a worktree that Claude Code made",
      {
        cwd: "BASE/clone/.claude/worktrees/fix",
        root: "BASE/clone/.claude/worktrees/fix",
        path: "BASE/clone/.claude/worktrees/fix/a.js",
      },
      "a.js",
    ],
    [
      "in a worktree that Claude Code made on another machine",
      { cwd: "/srv/clone/.claude/worktrees/fix", path: "/srv/clone/.claude/worktrees/fix/a.js" },
      "other checkout: a.js",
    ],
    [
      "in a worktree that Claude Code made of another repository",
      { cwd: "BASE/clone", folders: ["BASE/other/.claude/worktrees/x"], path: "BASE/other/.claude/worktrees/x/a.js" },
      "BASE/other/.claude/worktrees/x/a.js",
    ],
    [
      "in another repository",
      { cwd: "BASE/clone", folders: ["BASE/other/src"], path: "BASE/other/src/a.js" },
      "BASE/other/src/a.js",
    ],
    [
      "in a worktree that a command added and that is gone",
      {
        cwd: "BASE/clone",
        checkouts: [{ path: "BASE/gone", of: "BASE/clone/packages", isRenamed: false }],
        path: "BASE/gone/src/a.js",
      },
      "other checkout: src/a.js",
    ],
    [
      "in a gone worktree, added in another one that is gone",
      {
        cwd: "BASE/clone",
        checkouts: [
          { path: "BASE/gone", of: "BASE/clone", isRenamed: false },
          { path: "BASE/later", of: "BASE/gone/src", isRenamed: false },
        ],
        path: "BASE/later/a.js",
      },
      "other checkout: a.js",
    ],
    [
      "in a gone worktree of another repository",
      {
        cwd: "BASE/clone",
        checkouts: [{ path: "BASE/gone", of: "BASE/other", isRenamed: false }],
        path: "BASE/gone/a.js",
      },
      "BASE/gone/a.js",
    ],
    [
      "in a worktree whose folder another repository has now",
      {
        cwd: "BASE/clone",
        checkouts: [{ path: "BASE/other", of: "BASE/clone", isRenamed: false }],
        path: "BASE/other/a.js",
      },
      "BASE/other/a.js",
    ],
    [
      "in the project before it was renamed",
      {
        cwd: "BASE",
        checkouts: [{ path: "BASE/old-name", of: "BASE/clone", isRenamed: true }],
        path: "BASE/old-name/a.js",
      },
      "a.js",
    ],
    [
      "in a folder that was moved into the project",
      {
        cwd: "BASE/clone",
        checkouts: [{ path: "BASE/drafts", of: "BASE/clone/drafts", isRenamed: true }],
        path: "BASE/drafts/a.js",
      },
      "BASE/drafts/a.js",
    ],
    [
      "in a worktree that only git still lists",
      { cwd: "BASE/clone", path: "BASE/listed/a.js" },
      "other checkout: a.js",
    ],
    [
      "in a gone folder in which the log made a commit of the repository",
      { cwd: "BASE/clone", committedIn: ["BASE/trees/gone/packages/api"], path: "BASE/trees/gone/a.js" },
      "other checkout: a.js",
    ],
    ["in a plain folder", { cwd: "BASE/plain/src", root: "BASE/plain", path: "BASE/plain/src/a.js" }, "src/a.js"],
    [
      "in a plain folder behind a link",
      { cwd: "BASE/plain-link/src", root: "BASE/plain", path: "BASE/plain-link/a.js" },
      "a.js",
    ],
    ["of a session started above the project", { cwd: "BASE", path: "BASE/clone/a.js" }, "a.js"],
    ["beside the project, of a session started above it", { cwd: "BASE", path: "BASE/plain/a.js" }, "BASE/plain/a.js"],
    ["on another machine, under the project's name", { cwd: "/srv/clone/new/deep", path: "/srv/clone/a.js" }, "a.js"],
    [
      "on another machine, under the remote's name",
      { cwd: "/srv/shop/new/deep", path: "/srv/shop/a.js", url: "git@host:acme/shop.git" },
      "a.js",
    ],
    [
      "on another machine, under a user of that name",
      { cwd: "/home/clone/clone/packages", path: "/home/clone/clone/a.js" },
      "a.js",
    ],
    [
      "on another machine, in a folder the project has too",
      { cwd: "/srv/x/packages/api", path: "/srv/x/a.js" },
      "a.js",
    ],
    ["on another machine, under another name", { cwd: "/srv/x", path: "/srv/x/a.js" }, "a.js"],
    [
      "on another machine, in a worktree of that name",
      {
        cwd: "/srv/clone",
        folders: ["/home/dev/.codex/worktrees/1a/clone"],
        path: "/home/dev/.codex/worktrees/1a/clone/a.js",
      },
      "a.js",
    ],
    [
      "on another machine, in another project",
      { cwd: "/srv/clone", folders: ["/srv/other"], path: "/srv/other/a.js" },
      "/srv/other/a.js",
    ],
    ["in the log's home", { cwd: "/home/dev/clone", path: "/home/dev/notes.md" }, "~/notes.md"],
    ["in a macOS home", { cwd: "/Users/dev/clone", path: "/Users/dev/notes.md" }, "~/notes.md"],
    ["in this machine's home", { cwd: "/srv/clone", path: "/home/me/notes.md" }, "~/notes.md"],
    ["from the home folder", { cwd: "/home/dev/clone", path: "~/clone/a.js" }, "a.js"],
    ["from the home folder, outside", { cwd: "/home/dev/clone", path: "~/notes.md" }, "~/notes.md"],
    ["outside of project and home", { cwd: "/home/dev/clone", path: "/etc/hosts" }, "/etc/hosts"],
    ["in macOS's other spelling", { cwd: "/private/var/x/clone", path: "/var/x/clone/a.js" }, "a.js"],
    ["from the top level", { cwd: "BASE/clone/packages", path: `BASE/clone/packages/${TOP_LEVEL}/a.js` }, "a.js"],
    ["from another repository's top level", { cwd: "BASE/clone", path: `BASE/other/${TOP_LEVEL}/a.js` }, "BASE/other"],
    ["with a NUL in the folder", { cwd: "/srv/x\u0000y/clone", path: "/srv/x\u0000y/clone/a.js" }, "a.js"],
    ["with a very long folder", { cwd: `/${"x/".repeat(3_000)}`, path: "/etc/hosts" }, "/etc/hosts"],
  ];
  test("in a folder that is looked up: the first 64", async () => {
    const worktree = "/home/dev/.codex/worktrees/1a/clone";
    const others = (count: number) => Array.from({ length: count }, (_, index) => `/srv/${index}`);
    const at = { cwd: "BASE/clone", path: `${worktree}/a.js` };
    expect(await located({ ...at, folders: [...others(63), worktree] })).toBe("a.js");
    expect(await located({ ...at, folders: [...others(64), worktree] })).toBe(`${worktree}/a.js`);
  });
  for (const [name, at, expected] of cases) test(name, async () => expect(await located(at)).toBe(expected));
});
