// The repository of a session by its actions, and sessions that fit several repositories.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SyncOptions } from "../../../src/catch-up/sync/sync.ts";
import { run } from "../../../src/system/spawn.ts";
import { codexSession, type SessionActions, smallSession } from "./made-sessions.ts";
import { SyncHome } from "./sync-home.ts";

let home: SyncHome;
let [shop, docs] = ["", ""];
let number: number;

beforeEach(async () => {
  home = new SyncHome();
  [shop, docs] = [await home.repository("shop"), await home.repository("docs")];
  number = 1;
});
afterEach(() => home.remove());

/** The repository of a session with these actions, the repositories that fit, or why it is skipped. */
async function whereIs(actions: SessionActions, more: Partial<SyncOptions> = {}): Promise<unknown> {
  home.addLog(smallSession(number, actions));
  number += 1;
  const { scan } = await home.plan(more);
  const [found] = scan.found;
  if (found !== undefined) return found.root;
  const [left] = scan.skippedSessions;
  return left?.reason === "several" ? left.candidates.map(({ root, by }) => [root, ...by]) : left?.reason;
}

describe("a session belongs", () => {
  test("where it edited, below or above the folder it started in", async () => {
    mkdirSync(join(shop, "src/deep"), { recursive: true });
    expect(await whereIs({ cwd: join(shop, "src/deep"), edits: ["x.js"] })).toBe(shop);
  });

  test("where it edited, if it started outside a repository", async () => {
    expect(await whereIs({ cwd: home.base, edits: [join(docs, "x.md")] })).toBe(docs);
  });

  test("where its commands wrote, if it edited nothing", async () => {
    expect(await whereIs({ cwd: home.base, commands: [[home.base, "cd docs && echo x > new.md"]] })).toBe(docs);
  });

  test("where it started, if it only read", async () => {
    expect(await whereIs({ cwd: shop, commands: [[shop, "cat ../docs/README.md"]] })).toBe(shop);
  });

  test("where it edited, even if its commands changed files elsewhere", async () => {
    const commands = [[shop, `touch ${join(docs, "x")}`]] as const;
    expect(await whereIs({ cwd: shop, edits: ["x.js"], commands })).toBe(shop);
  });

  test("to the worktree it edited in", async () => {
    const tree = join(home.base, "shop-feature");
    await run(["git", "-C", shop, "worktree", "add", "--quiet", tree]);
    expect(await whereIs({ cwd: shop, edits: [join(tree, "x.js")] })).toBe(tree);
  });

  describe("if it worked in several worktrees of one repository,", () => {
    let [one, two] = ["", ""];
    beforeEach(async () => {
      [one, two] = [join(home.base, "shop-one"), join(shop, ".trees/two")];
      for (const tree of [one, two]) await run(["git", "-C", shop, "worktree", "add", "--quiet", tree]);
    });

    test("to the checkout it started in", async () => {
      expect(await whereIs({ cwd: shop, edits: ["x.js", join(one, "x.js"), join(two, "x.js")] })).toBe(shop);
    });

    test("to the worktree it started in", async () => {
      expect(await whereIs({ cwd: one, edits: ["x.js", join(shop, "x.js")] })).toBe(one);
    });

    test("to the main checkout, if it started outside of them", async () => {
      expect(await whereIs({ cwd: home.base, edits: [join(one, "x.js"), join(two, "x.js")] })).toBe(shop);
    });

    test("to the checkout it started in, if it only read in another", async () => {
      expect(await whereIs({ cwd: shop, commands: [[one, "cat x.js"]] })).toBe(shop);
    });
  });

  test("to the repository from which it added a worktree that is gone", async () => {
    const tree = join(home.base, "gone");
    const commands = [[shop, `git worktree add ${tree}`]] as const;
    expect(await whereIs({ cwd: home.base, commands, edits: [join(tree, "x.js")] })).toBe(shop);
  });

  test("to the current repository if that has a commit it made in a worktree that is gone", async () => {
    const commit = [
      "git",
      "-C",
      shop,
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=a@example.org",
      "commit",
      "--quiet",
    ] as const;
    const env = { ...process.env, GIT_COMMITTER_DATE: "2026-11-22T06:00:04Z" };
    await run([...commit, "--allow-empty", "-m", "feat: elsewhere"], { env });
    const commands = [["/nowhere/tree", "git commit -q -m 'feat: elsewhere'"]] as const;
    const gone = { cwd: "/nowhere/tree", edits: ["x.js"], commands };
    expect(await whereIs(gone, { current: docs })).toBe("no-repository");
    expect(await whereIs(gone, { current: shop })).toBe(shop);
  });

  test("to the repository around a removed worktree", async () => {
    expect(await whereIs({ cwd: join(shop, ".trees/feature"), edits: ["x.js"] })).toBe(shop);
  });

  test("to the current repository if that has its first commit and its folder was removed", async () => {
    const commit_hash = (await run(["git", "-C", shop, "rev-parse", "HEAD"])).stdout.trim();
    const gone = { cwd: "/nowhere/shop", edits: ["x.js"], head: { git: { commit_hash } } };
    expect(await whereIs(gone, { current: shop })).toBe(shop);
    expect(await whereIs(gone)).toBe("no-repository");
  });

  test("nowhere, if it did nothing in a repository", async () => {
    expect(await whereIs({ cwd: home.base, edits: ["x.js"] })).toBe("no-repository");
    expect(await whereIs({ cwd: "/nowhere", edits: ["x.js"] })).toBe("no-repository");
  });

  test("not to a folder with only a folder called `.git`", async () => {
    mkdirSync(join(shop, "vendor/.git"), { recursive: true });
    expect(await whereIs({ cwd: join(shop, "vendor"), edits: ["x.js"] })).toBe(shop);
  });

  test("not to the home folder of a tool", async () => {
    const notes = join(home.env.CODEX_HOME ?? "", "notes");
    mkdirSync(notes, { recursive: true });
    await run(["git", "init", "--quiet", home.home]);
    expect(await whereIs({ cwd: shop, edits: ["x.js", join(notes, "x.md")] })).toBe(shop);
  });
});

describe("a session fits several repositories", () => {
  test("if it edited files in both", async () => {
    expect(await whereIs({ cwd: shop, edits: ["x.js", join(docs, "x.md")] })).toEqual([
      [shop, "edits", "cwd"],
      [docs, "edits"],
    ]);
  });

  test("if it edited elsewhere than it started", async () => {
    expect(await whereIs({ cwd: shop, edits: [join(docs, "x.md")] })).toEqual([
      [docs, "edits"],
      [shop, "cwd"],
    ]);
  });

  test("if it started in one and its commands only read in the other", async () => {
    expect(await whereIs({ cwd: shop, commands: [[docs, "cat README.md"]] })).toEqual([
      [shop, "cwd"],
      [docs, "workdirs"],
    ]);
  });

  test("until the user chooses one", async () => {
    home.addLog(smallSession(1, { cwd: shop, edits: [join(docs, "x.md")] }));
    const open = await home.open();
    const [question] = open.ambiguous;
    expect(question).toMatchObject({ promptLabel: "Do number 1", candidates: [{ root: docs }, { root: shop }] });
    if (question !== undefined) await open.assign(question, shop);
    expect((await open.prepare()).repositories).toMatchObject([{ root: shop, runs: 1 }]);
    const source = home.addLog(smallSession(1, { cwd: shop, edits: [join(docs, "x.md")] }));
    await home.sync({ source, projectRoot: docs });
    expect(home.rows(docs)).toHaveLength(1);
    // The repository with an earlier entry of the session is chosen.
    const { scan } = await home.plan();
    expect(scan).toMatchObject({ found: [], skippedSessions: [], skippedRuns: { recorded: 1 } });
  });
});

describe("a changelog", () => {
  const edits = ["x.js"];
  beforeEach(() => {
    delete home.env.CTX_CHANGELOG;
  });

  test("is started only in the current or given repository, or where the settings ask for one", async () => {
    expect(await whereIs({ cwd: shop, edits })).toBe("no-changelog");
    expect(await whereIs({ cwd: shop, edits }, { current: docs })).toBe("no-changelog");
    expect(await whereIs({ cwd: shop, edits }, { current: shop })).toBe(shop);
    expect(await whereIs({ cwd: shop, edits }, { projectRoot: shop })).toBe(shop);
    home.env.CTX_CHANGELOG = "1";
    expect(await whereIs({ cwd: shop, edits })).toBe(shop);
    expect((await home.plan()).repositories).toMatchObject([{ root: shop, begins: true }]);
  });

  test("that exists is continued, unless it is turned off", async () => {
    mkdirSync(join(shop, ".changelog"));
    expect(await whereIs({ cwd: shop, edits })).toBe(shop);
    expect((await home.plan()).repositories).toMatchObject([{ begins: false }]);
    writeFileSync(join(shop, ".ais.toml"), "[changelog]\nenabled = false\n");
    expect(await whereIs({ cwd: shop, edits })).toBe("changelog-off");
  });

  test("of the given repository gets only its own sessions", async () => {
    home.addLog(codexSession(1, docs));
    expect(await whereIs({ cwd: shop, edits }, { projectRoot: docs })).toBe(docs);
    const { scan } = await home.plan({ projectRoot: docs });
    expect(scan.skippedSessions).toMatchObject([{ reason: "elsewhere", root: shop }]);
  });

  test("can be in a given folder that is not a repository", async () => {
    const plain = join(home.base, "plain");
    mkdirSync(plain);
    expect(await whereIs({ cwd: plain, edits }, { projectRoot: plain })).toBe(plain);
  });
});

test("a removed repository gets no entries", async () => {
  home.addLog(codexSession(1, docs));
  rmSync(docs, { recursive: true });
  expect((await home.plan()).scan).toMatchObject({ found: [], skippedSessions: [{ reason: "no-repository" }] });
});
