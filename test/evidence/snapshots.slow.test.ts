// Runs with snapshots before and after them: changes that the log does not name are found, and none are invented.
import { describe, expect, test } from "bun:test";
import { stat, symlink, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { TouchedFiles } from "../../src/evidence/evidence.ts";
import { type Snapshot, snapshotSchema, takeSnapshot } from "../../src/evidence/git/snapshot.ts";
import { commandEvent } from "./events.ts";
import { TestRepo } from "./test-repo.ts";

const NOTHING: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };
const LONG = "line of text\n".repeat(20);
const FILES = {
  ".gitignore": "dist/\n*.log\n",
  "README.md": "# Shop\n",
  "src/a.js": `a\n${LONG}`,
  "src/b.js": `b\n${LONG}`,
  "src/c.js": `c\n${LONG}`,
};

async function begin(repo: TestRepo): Promise<Snapshot> {
  await repo.begin();
  const snapshot = await takeSnapshot(repo.root);
  if (snapshot === null) throw new Error("no repository");
  // The snapshot as it is read back from the file in which it is stored.
  return snapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)));
}

/** A change by another process while no command of the run works. */
async function byOther(repo: TestRepo, path: string, text: string): Promise<void> {
  await repo.write(path, text);
  const later = new Date(Date.now() + 3_600_000);
  await utimes(join(repo.root, path), later, later);
}

/** A program of unknown effect. */
async function script(repo: TestRepo, body: string): Promise<string> {
  await repo.write("../bin/work", `#!/bin/sh\n${body}\n`);
  await repo.shell("chmod +x ../bin/work");
  return "../bin/work";
}

describe("changes that the log does not name", () => {
  /** Expects the run's files and commits to be all that git reports. */
  async function expectAll(repo: TestRepo, command: string): Promise<void> {
    const before = await begin(repo);
    await repo.command(command);
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(touchedFiles).toEqual(await repo.truth());
    expect(touchedFiles).not.toEqual(NOTHING);
    expect(commits).toEqual(await repo.newCommits());
  }

  test.each([
    ["writes files", "echo x > made.txt; echo y >> src/a.js"],
    ["moves a file", "mv src/a.js lib.js"],
    ["changes a mode", "chmod +x src/a.js"],
    ["makes a symbolic link", "ln -s src/a.js link"],
    ["commits one file and leaves another", "echo x > one; git add one; git commit -qm 'feat: one'; echo y > two"],
    ["sets an old modification time", "echo x > n.txt; touch -d 2020-01-01 n.txt"],
  ])("a script %s", async (_name, body) => {
    await using repo = await TestRepo.create(FILES);
    await expectAll(repo, await script(repo, body));
  });

  test.each([
    ["sed -i s/line/LINE/ src/*.js"],
    ['for f in src/*.js; do printf "%s\\n" done >> "$f"; done'],
    ["ls src/*.js | xargs sed -i s/line/LINE/"],
    ["cat <(python3 -c 'open(chr(120), chr(119)).write(chr(120))'; echo done) | cat"],
  ])("%s", async (command) => {
    await using repo = await TestRepo.create(FILES);
    await expectAll(repo, command);
  });

  test("a folder whose files a script deleted", async () => {
    await using repo = await TestRepo.create({ ...FILES, "old/x.js": LONG, "gone/deep/y.js": `${LONG}y` });
    const command = await script(repo, "sleep 0.05; rm -r old/x.js gone");
    const before = await begin(repo);
    await repo.command(command);
    const { touchedFiles } = await repo.evidence({ before });
    // The nearest folder that still exists has the time of its last change.
    expect(touchedFiles.deleted).toEqual(["gone/deep/y.js", "old/x.js"]);
  });

  test.each([
    ["deletes and creates", "rm src/c.js; echo x > src/made.js", { created: ["src/made.js"], deleted: ["src/c.js"] }],
    ["renames", "mv src/c.js src/d.js", { moved: [{ from: "src/c.js", to: "src/d.js" }] }],
    ["replaces a folder", "rm -r src; mkdir src; echo x > src/made.js", null],
    ["deletes, before ctx adds a folder", "rm README.md; mkdir -p .codex/sessions/x", null],
  ])("a script that %s in one folder", async (_, body, expected) => {
    await using repo = await TestRepo.create({ ...FILES, "README.md": "# Shop\n" });
    const command = await script(repo, body);
    const before = await begin(repo);
    await repo.command(command);
    const { touchedFiles } = await repo.evidence({ before });
    expect(touchedFiles).toEqual(expected === null ? await repo.truth() : { ...NOTHING, ...expected });
  });

  test("an untracked file in a folder that the command deletes", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("scratch/n.txt", "mine\n");
    const before = await begin(repo);
    await repo.command("rm -rf scratch");
    expect((await repo.evidence({ before, others: 1 })).touchedFiles).toEqual({
      ...NOTHING,
      deleted: ["scratch/n.txt"],
    });
  });
});

describe("changes by others", () => {
  test("another process edits, creates and deletes files", async () => {
    await using repo = await TestRepo.create(FILES);
    const command = await script(repo, "echo x > made.txt");
    const before = await begin(repo);
    await repo.command(command);
    await byOther(repo, "src/b.js", "theirs\n");
    await byOther(repo, "theirs.txt", "theirs\n");
    await unlink(join(repo.root, "src/c.js"));
    await utimes(join(repo.root, "src"), 2_000_000_000, 2_000_000_000);
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["made.txt"] });
  });

  test("a deletion is dropped if the folder's time is that of another file and no command can have deleted it", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await unlink(join(repo.root, "src/c.js"));
    await repo.command("echo x > src/made.js");
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["src/made.js"] });
  });

  test("while the run only reads, tests, or runs long commands", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    const at = new Date().toISOString();
    await repo.write("src/b.js", "theirs\n");
    const long = { startedAt: new Date(Date.now() - 3_600_000).toISOString(), cwd: repo.root };
    for (const command of ["rg -n cart src | head", "cd src && git status --short", "npm test", "cat src/*.js"]) {
      repo.events.push(commandEvent(command, { cwd: repo.root, startedAt: at, at: new Date().toISOString() }));
    }
    repo.events.push(commandEvent("npm run dev", { ...long, at: new Date().toISOString() }));
    const now = { cwd: repo.root, startedAt: at, at: new Date().toISOString() };
    repo.events.push(commandEvent("npm run dev", { ...now, outcome: "running", exitCode: null }));
    expect((await repo.evidence({ before })).touchedFiles).toEqual(NOTHING);
    // A command that waited long for approval, and then took a second.
    const { mtimeMs } = await stat(join(repo.root, "src/b.js"));
    const ended = new Date(mtimeMs + 500).toISOString();
    repo.events.push(commandEvent("make", { ...long, at: ended, durationMs: 1_000 }));
    expect((await repo.evidence({ before })).touchedFiles.modified).toEqual(["src/b.js"]);
  });

  test("before a command was called, or long before its start was recorded", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await repo.write("src/b.js", "theirs\n");
    const { mtimeMs } = await stat(join(repo.root, "src/b.js"));
    const at = (ms: number) => new Date(mtimeMs + ms).toISOString();
    const touched = async (calledAt: string, startedAt: string) => {
      repo.events.push(commandEvent("make", { cwd: repo.root, calledAt, startedAt, at: startedAt, durationMs: 0 }));
      return (await repo.evidence({ before })).touchedFiles.modified;
    };
    expect(await touched(at(200), at(800))).toEqual([]);
    expect(await touched(at(-5_000), at(1_200))).toEqual([]);
    // On a busy machine the start is recorded when the command is over.
    expect(await touched(at(-10), at(800))).toEqual(["src/b.js"]);
  });

  test("a path that a running command names counts if it changed", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await repo.write("started", "");
    const running = { cwd: repo.root, outcome: "running", exitCode: null, output: "" } as const;
    const now = new Date().toISOString();
    for (const command of ["touch started && sleep 60", "touch src/a.js"]) {
      repo.events.push(commandEvent(command, { ...running, startedAt: now, at: now }));
    }
    await repo.write("src/b.js", "theirs\n");
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["started"] });
    expect((await repo.evidence()).touchedFiles).toEqual(NOTHING);
  });

  test("newly ignored files are not deleted, and changelog entries are not the run's", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("n.txt", "mine\n");
    const body = "echo n.txt > .gitignore; mkdir -p .changelog/ada; echo x > .changelog/ada/entries.jsonl";
    const command = await script(repo, `${body}; sleep 0.05; touch z; rm z`);
    const before = await begin(repo);
    await repo.command(command);
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: [".gitignore"] });
  });

  test("with two runs at once, only files that the log names count", async () => {
    await using repo = await TestRepo.create(FILES);
    const command = await script(repo, "echo x > from-a-script.txt; git commit -q --allow-empty -m 'chore: whose'");
    const before = await begin(repo);
    const event = await repo.command(`${command}; echo mine >> src/a.js`);
    await repo.command("echo theirs >> src/b.js");
    repo.events.splice(0, 2, event);
    const mine = await repo.evidence({ before, others: 1 });
    expect(mine.touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
    expect(mine.commits).toEqual([]);
    expect((await repo.evidence({ before })).touchedFiles.created).toEqual(["from-a-script.txt"]);
  });

  test("work in another worktree has no snapshot: the log is believed", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git worktree add -q ../tree; git worktree add -q .claude/worktrees/fix");
    const before = await begin(repo);
    await repo.command("echo x > one.txt", join(repo.home, "tree"));
    await repo.command("echo x > two.txt", join(repo.root, ".claude/worktrees/fix"));
    await repo.command("echo x > three.txt");
    const { touchedFiles } = await repo.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["one.txt", "three.txt", "two.txt"] });
  });

  test("a file that both changed counts", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await repo.command("echo mine >> src/a.js");
    await byOther(repo, "src/a.js", "theirs\n");
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });

  test("a commit made while no command of the run worked", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await repo.command("git status");
    await repo.shell("echo x > t.txt; git add t.txt; git commit -qm 'feat: theirs'");
    await repo.command("mkdir -p out && git log -1 --format=%s");
    const { commits, touchedFiles } = await repo.evidence({ before });
    expect(commits).toEqual([]);
    expect(touchedFiles).toEqual(NOTHING);
  });
});

describe("files that did not change", () => {
  test("a dirty file counts only if the run changed it", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("src/a.js", "dirty\n");
    await repo.write("src/b.js", "dirty\n");
    await repo.write("new.txt", "mine\n");
    const command = await script(repo, "echo more >> src/b.js; cat src/a.js > /dev/null");
    const before = await begin(repo);
    await repo.command(command);
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/b.js"] });
  });

  test("operations without effect are dropped, except outside the repository and on ignored files", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("src/b.js", "dirty\n");
    const before = await begin(repo);
    await repo.command("cp src/a.js keep && echo x >> src/a.js && mv keep src/a.js");
    await repo.command("sed -i s/nowhere/x/ README.md; touch src/b.js");
    await repo.edit([
      { path: "../notes.md", type: "add" },
      { path: "dist/out.js", type: "add" },
    ]);
    await repo.edit([{ path: "src/c.js", text: "c\n" }]);
    await repo.edit([{ path: "src/c.js", text: FILES["src/c.js"] }]);
    expect((await repo.evidence({ before })).touchedFiles).toEqual({
      ...NOTHING,
      created: ["dist/out.js", "~/notes.md"],
    });
    expect((await repo.evidence({ before, after: null })).touchedFiles.modified).toContain("src/c.js");
  });

  test("an untracked file that was there before is modified or deleted, not created", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("n.txt", "mine\n");
    await repo.write("o.txt", "mine too\n");
    const before = await begin(repo);
    await repo.command("echo x > n.txt; rm -f o.txt");
    expect((await repo.evidence({ before })).touchedFiles).toEqual({
      ...NOTHING,
      modified: ["n.txt"],
      deleted: ["o.txt"],
    });
  });

  test("a commit of prepared changes has its files", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("src/a.js", "mine\n");
    const before = await begin(repo);
    await repo.command("git commit -qam 'feat: prepared'");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(commits).toEqual(await repo.newCommits());
    expect(touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });
});

describe("a moved HEAD", () => {
  test("reset --hard discards uncommitted changes", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("src/a.js", "dirty\n");
    const before = await begin(repo);
    await repo.command("git reset --hard");
    expect((await repo.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });

  test("an undone commit leaves nothing", async () => {
    await using repo = await TestRepo.create(FILES);
    const before = await begin(repo);
    await repo.command("echo x > n.js; git add n.js; git commit -qm 'feat: n'; git reset -q --hard HEAD~1");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(touchedFiles).toEqual(NOTHING);
    expect(commits).toEqual([]);
  });

  test("checking out another branch changes no file; a commit on it does", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git checkout -qb other; echo o > other.js; git add -A; git commit -qm 'feat: other'", {
      GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z",
    });
    await repo.shell("git checkout -q main");
    const before = await begin(repo);
    await repo.command("git checkout -q other");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect({ touchedFiles, commits }).toEqual({ touchedFiles: NOTHING, commits: [] });
    await repo.command("echo p > p.js; git add p.js; git commit -qm 'feat: p'; git checkout -q main");
    const later = await repo.evidence({ before });
    expect(later.touchedFiles).toEqual({ ...NOTHING, created: ["p.js"] });
    expect(later.commits.map(({ message }) => message)).toEqual(["feat: p"]);
  });

  test("a rebase does not count the files of others", async () => {
    await using repo = await TestRepo.create(FILES);
    const date = { GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z" };
    await repo.shell("git checkout -qb feat main", date);
    await repo.shell("git checkout -q main; echo m > m.js; git add -A; git commit -qm 'feat: m'", date);
    await repo.shell("git checkout -q feat");
    const before = await begin(repo);
    await repo.command("echo f > f.js; git add f.js; git commit -qm 'feat: f'");
    await repo.command("git rebase -q main");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["f.js"] });
    expect(commits).toEqual([{ hash: await repo.shell("git rev-parse --short HEAD"), message: "feat: f" }]);
  });
});

describe("commits", () => {
  test("of a script, on another branch too, in order among the others", async () => {
    await using repo = await TestRepo.create(FILES);
    const command = await script(
      repo,
      "echo 1 > 1.js; git add .; git commit -qm 'feat: 1'; git checkout -q --detach; git branch -q side; " +
        "echo 2 > 2.js; git add .; git commit -qm 'feat: 2' ; git branch -f side; git checkout -q main",
    );
    const before = await begin(repo);
    await repo.command(command);
    await repo.command("echo 3 > 3.js; git add .; git commit -m 'feat: 3'");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(commits.map(({ message }) => message).sort()).toEqual(["feat: 1", "feat: 2", "feat: 3"]);
    expect(commits.at(-1)?.message).toBe("feat: 3");
    expect(touchedFiles.created).toEqual(["1.js", "2.js", "3.js"]);
  });

  test("that were fetched are not the run's", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git clone -q . ../other; cd ../other && echo x > x && git add x && git commit -qm 'feat: x'", {
      GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z",
    });
    const before = await begin(repo);
    await repo.command("git pull -q ../other main");
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect({ touchedFiles, commits }).toEqual({ touchedFiles: NOTHING, commits: [] });
  });
});

describe("a snapshot", () => {
  test("has links, modes, staged, deleted and untracked files, and no ignored ones", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.write("dist/x.js", "x");
    await repo.write("a name\n with a break.txt", "x\n");
    await repo.write("src/b.js", "staged\n");
    await repo.shell("git add src/b.js && git rm -q src/c.js && chmod +x src/a.js");
    await symlink("src/a.js", join(repo.root, "link"));
    const snapshot = await takeSnapshot(repo.root);
    const blob = async (text: string) => await repo.shell(`printf '%s' '${text}' | git hash-object --stdin`);
    expect(snapshot).toMatchObject({
      head: await repo.shell("git rev-parse HEAD"),
      branch: "main",
      tips: [await repo.shell("git rev-parse HEAD")],
      unread: [],
      omitted: 0,
      files: [
        ["a name\n with a break.txt", `100644 ${await blob("x\n")}`],
        ["link", `120000 ${await blob("src/a.js")}`],
        ["src/a.js", `100755 ${await repo.shell("git hash-object src/a.js")}`],
        ["src/b.js", `100644 ${await blob("staged\n")}`],
        ["src/c.js", null],
      ],
    });
  });

  test("is null for a plain folder and for a subfolder of a repository", async () => {
    await using plain = await TestRepo.create(null);
    expect(await takeSnapshot(plain.root)).toBeNull();
    await using repo = await TestRepo.create(FILES);
    expect(await takeSnapshot(join(repo.root, "src"))).toBeNull();
  });

  test("of a repository without commits, and of a run that made the first", async () => {
    await using repo = await TestRepo.create(null);
    await repo.shell("git init -q -b main");
    await repo.write("mine.txt", "mine\n");
    const before = await begin(repo);
    expect(before).toMatchObject({ head: null, branch: "main", tips: [] });
    await repo.command(`${await script(repo, "echo x > x.js; git add x.js; git commit -qm init")}`);
    const { touchedFiles, commits } = await repo.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["x.js"] });
    expect(commits).toEqual(await repo.newCommits());
  });

  test("omits large files: for them, the log is believed", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("truncate -s 65M big.bin");
    const before = await begin(repo);
    expect(before).toMatchObject({ files: [], unread: ["big.bin"] });
    await repo.command("truncate -s 66M big.bin");
    expect((await repo.evidence({ before })).touchedFiles).not.toEqual(NOTHING);
  });

  test("hashes files of up to 8 mebibytes, 64 in all", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("truncate -s 8388609 0.bin; for n in 1 2 3 4 5 6 7 8 9; do truncate -s 8388608 $n.bin; done");
    const snapshot = await takeSnapshot(repo.root);
    expect(snapshot?.files).toHaveLength(8);
    expect(snapshot?.unread).toHaveLength(2);
    expect(snapshot?.unread).toContain("0.bin");
  });

  test("has at most 5,000 files, and counts the others", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("mkdir many && cd many && seq 1 5003 | split -l 1 -a 4 -");
    const snapshot = await takeSnapshot(repo.root);
    expect(snapshot).toMatchObject({ omitted: 3 });
    expect(snapshot?.files).toHaveLength(5_000);
  });

  test("has the commit of a submodule; commits in it are not the project's", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git init -q ../lib && cd ../lib && git commit -q --allow-empty -m one");
    await repo.shell("git -c protocol.file.allow=always submodule --quiet add ../lib lib && git commit -qm lib");
    const command = await script(repo, "cd lib && git commit -q --allow-empty -m two");
    const before = await begin(repo);
    await repo.command(command);
    const after = await takeSnapshot(repo.root);
    expect(after?.files).toEqual([["lib", `160000 ${await repo.shell("git -C lib rev-parse HEAD")}`]]);
    expect((await repo.evidence({ before, after })).commits).toEqual([]);
  });
});
