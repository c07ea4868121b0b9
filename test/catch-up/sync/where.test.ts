// Where a session belongs, by what it did; and what is done where several repositories fit.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SyncOptions } from "../../../src/catch-up/sync/sync.ts";
import { run } from "../../../src/system/spawn.ts";
import { codexSession, type Told, toldSession } from "./made-sessions.ts";
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

/** Where one session goes that did this; the repositories that fit where there are several; else why it is left. */
async function whereIs(told: Told, more: Partial<SyncOptions> = {}): Promise<unknown> {
  home.keep(toldSession(number, told));
  number += 1;
  const { scan } = await home.plan(more);
  const [found] = scan.found;
  if (found !== undefined) return found.root;
  const [left] = scan.skippedSessions;
  return left?.reason === "several" ? left.candidates.map(({ root, by }) => [root, ...by]) : left?.reason;
}

describe("a session belongs", () => {
  test("where it edited, which may be below or above where it began", async () => {
    mkdirSync(join(shop, "src/deep"), { recursive: true });
    expect(await whereIs({ cwd: join(shop, "src/deep"), edits: ["x.js"] })).toBe(shop);
  });

  test("where it edited, begun in a folder of no repository", async () => {
    expect(await whereIs({ cwd: home.base, edits: [join(docs, "x.md")] })).toBe(docs);
  });

  test("where its commands wrote, where it edited nothing", async () => {
    expect(await whereIs({ cwd: home.base, commands: [[home.base, "cd docs && echo x > new.md"]] })).toBe(docs);
  });

  test("where it began, where it only read", async () => {
    expect(await whereIs({ cwd: shop, commands: [[shop, "cat ../docs/README.md"]] })).toBe(shop);
  });

  test("where it edited, whatever its commands changed elsewhere", async () => {
    const commands = [[shop, `touch ${join(docs, "x")}`]] as const;
    expect(await whereIs({ cwd: shop, edits: ["x.js"], commands })).toBe(shop);
  });

  test("to the work tree it edited in", async () => {
    const tree = join(home.base, "shop-feature");
    await run(["git", "-C", shop, "worktree", "add", "--quiet", tree]);
    expect(await whereIs({ cwd: shop, edits: [join(tree, "x.js")] })).toBe(tree);
  });

  test("to the repository around a work tree that is gone", async () => {
    expect(await whereIs({ cwd: join(shop, ".trees/feature"), edits: ["x.js"] })).toBe(shop);
  });

  test("to the repository where we are that has the commit it began at, where its folder is gone", async () => {
    const commit_hash = (await run(["git", "-C", shop, "rev-parse", "HEAD"])).stdout.trim();
    const gone = { cwd: "/nowhere/shop", edits: ["x.js"], head: { git: { commit_hash } } };
    expect(await whereIs(gone, { current: shop })).toBe(shop);
    expect(await whereIs(gone)).toBe("no-repository");
  });

  test("nowhere, where nothing it did was in a repository", async () => {
    expect(await whereIs({ cwd: home.base, edits: ["x.js"] })).toBe("no-repository");
    expect(await whereIs({ cwd: "/nowhere", edits: ["x.js"] })).toBe("no-repository");
  });

  test("not where a folder is merely called `.git`", async () => {
    mkdirSync(join(shop, "vendor/.git"), { recursive: true });
    expect(await whereIs({ cwd: join(shop, "vendor"), edits: ["x.js"] })).toBe(shop);
  });

  test("not where the tool keeps its own files", async () => {
    const notes = join(home.env.CODEX_HOME ?? "", "notes");
    mkdirSync(notes, { recursive: true });
    await run(["git", "init", "--quiet", home.home]);
    expect(await whereIs({ cwd: shop, edits: ["x.js", join(notes, "x.md")] })).toBe(shop);
  });
});

describe("several repositories fit", () => {
  test("where edits lie in both", async () => {
    expect(await whereIs({ cwd: shop, edits: ["x.js", join(docs, "x.md")] })).toEqual([
      [shop, "edits", "cwd"],
      [docs, "edits"],
    ]);
  });

  test("where edits and the beginning disagree", async () => {
    expect(await whereIs({ cwd: shop, edits: [join(docs, "x.md")] })).toEqual([
      [docs, "edits"],
      [shop, "cwd"],
    ]);
  });

  test("where it began in one and only looked around in the other", async () => {
    expect(await whereIs({ cwd: shop, commands: [[docs, "cat README.md"]] })).toEqual([
      [shop, "cwd"],
      [docs, "workdirs"],
    ]);
  });

  test("and the person says which, once", async () => {
    home.keep(toldSession(1, { cwd: shop, edits: [join(docs, "x.md")] }));
    const open = await home.open();
    const [question] = open.ambiguous;
    expect(question).toMatchObject({ promptLabel: "Do number 1", candidates: [{ root: docs }, { root: shop }] });
    if (question !== undefined) await open.assign(question, shop);
    expect((await open.prepare()).repositories).toMatchObject([{ root: shop, runs: 1 }]);
    const source = home.keep(toldSession(1, { cwd: shop, edits: [join(docs, "x.md")] }));
    await home.sync({ source, projectRoot: docs });
    expect(home.rows(docs)).toHaveLength(1);
    // What was recorded before tells.
    const { scan } = await home.plan();
    expect(scan).toMatchObject({ found: [], skippedSessions: [], skippedRuns: { recorded: 1 } });
  });
});

describe("a changelog", () => {
  const edits = ["x.js"];
  beforeEach(() => {
    delete home.env.CTX_CHANGELOG;
  });

  test("is begun only where we are, where it was named, or where one is wanted", async () => {
    expect(await whereIs({ cwd: shop, edits })).toBe("no-changelog");
    expect(await whereIs({ cwd: shop, edits }, { current: docs })).toBe("no-changelog");
    expect(await whereIs({ cwd: shop, edits }, { current: shop })).toBe(shop);
    expect(await whereIs({ cwd: shop, edits }, { projectRoot: shop })).toBe(shop);
    home.env.CTX_CHANGELOG = "1";
    expect(await whereIs({ cwd: shop, edits })).toBe(shop);
    expect((await home.plan()).repositories).toMatchObject([{ root: shop, begins: true }]);
  });

  test("that is there goes on, unless it was turned off", async () => {
    mkdirSync(join(shop, ".changelog"));
    expect(await whereIs({ cwd: shop, edits })).toBe(shop);
    expect((await home.plan()).repositories).toMatchObject([{ begins: false }]);
    writeFileSync(join(shop, ".ais.toml"), "[changelog]\nenabled = false\n");
    expect(await whereIs({ cwd: shop, edits })).toBe("changelog-off");
  });

  test("of the repository that was named gets its own sessions alone", async () => {
    home.keep(codexSession(1, docs));
    expect(await whereIs({ cwd: shop, edits }, { projectRoot: docs })).toBe(docs);
    const { scan } = await home.plan({ projectRoot: docs });
    expect(scan.skippedSessions).toMatchObject([{ reason: "elsewhere", root: shop }]);
  });

  test("may be of a folder that is no repository, where that was named", async () => {
    const plain = join(home.base, "plain");
    mkdirSync(plain);
    expect(await whereIs({ cwd: plain, edits }, { projectRoot: plain })).toBe(plain);
  });
});

test("a repository that is gone since takes nothing", async () => {
  home.keep(codexSession(1, docs));
  rmSync(docs, { recursive: true });
  expect((await home.plan()).scan).toMatchObject({ found: [], skippedSessions: [{ reason: "no-repository" }] });
});
