// Runs that were looked at before and after: what git saw widens what the log tells, and never invents.
import { describe, expect, test } from "bun:test";
import { stat, symlink, unlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { TouchedFiles } from "../../src/evidence/evidence.ts";
import { type Snapshot, snapshotSchema, takeSnapshot } from "../../src/evidence/git/snapshot.ts";
import { commandEvent } from "./events.ts";
import { Playground } from "./playground.ts";

const NOTHING: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };
const LONG = "line of text\n".repeat(20);
const FILES = {
  ".gitignore": "dist/\n*.log\n",
  "README.md": "# Shop\n",
  "src/a.js": `a\n${LONG}`,
  "src/b.js": `b\n${LONG}`,
  "src/c.js": `c\n${LONG}`,
};

async function begin(place: Playground): Promise<Snapshot> {
  await place.begin();
  const snapshot = await takeSnapshot(place.root);
  if (snapshot === null) throw new Error("no repository");
  // As it comes back from the file it is kept in.
  return snapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)));
}

/** What somebody else writes while no command of the run is at work. */
async function byOther(place: Playground, path: string, text: string): Promise<void> {
  await place.write(path, text);
  const later = new Date(Date.now() + 3_600_000);
  await utimes(join(place.root, path), later, later);
}

/** A program whose name tells nothing. */
async function script(place: Playground, body: string): Promise<string> {
  await place.write("../bin/work", `#!/bin/sh\n${body}\n`);
  await place.shell("chmod +x ../bin/work");
  return "../bin/work";
}

describe("what the log does not name", () => {
  /** The run's files and commits are all that git has. */
  async function isAllSeen(place: Playground, command: string): Promise<void> {
    const before = await begin(place);
    await place.command(command);
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(touchedFiles).toEqual(await place.truth());
    expect(touchedFiles).not.toEqual(NOTHING);
    expect(commits).toEqual(await place.newCommits());
  }

  test.each([
    ["writes files", "echo x > made.txt; echo y >> src/a.js"],
    ["moves a file", "mv src/a.js lib.js"],
    ["changes a mode", "chmod +x src/a.js"],
    ["makes a symbolic link", "ln -s src/a.js link"],
    ["commits one file and leaves another", "echo x > one; git add one; git commit -qm 'feat: one'; echo y > two"],
    ["keeps times from elsewhere", "echo x > n.txt; touch -d 2020-01-01 n.txt"],
  ])("a script %s", async (_name, body) => {
    await using place = await Playground.create(FILES);
    await isAllSeen(place, await script(place, body));
  });

  test.each([
    ["sed -i s/line/LINE/ src/*.js"],
    ['for f in src/*.js; do printf "%s\\n" done >> "$f"; done'],
    ["ls src/*.js | xargs sed -i s/line/LINE/"],
    ["cat <(python3 -c 'open(chr(120), chr(119)).write(chr(120))'; echo done) | cat"],
  ])("%s", async (command) => {
    await using place = await Playground.create(FILES);
    await isAllSeen(place, command);
  });

  test("a folder whose files a script deleted", async () => {
    await using place = await Playground.create({ ...FILES, "old/x.js": LONG, "gone/deep/y.js": `${LONG}y` });
    const command = await script(place, "sleep 0.05; rm -r old/x.js gone");
    const before = await begin(place);
    await place.command(command);
    const { touchedFiles } = await place.evidence({ before });
    // The nearest folder that is still there tells when it last changed.
    expect(touchedFiles.deleted).toEqual(["gone/deep/y.js", "old/x.js"]);
  });

  test("an untracked file deleted in a folder named as a whole", async () => {
    await using place = await Playground.create(FILES);
    await place.write("scratch/n.txt", "mine\n");
    const before = await begin(place);
    await place.command("rm -rf scratch");
    expect((await place.evidence({ before, others: 1 })).touchedFiles).toEqual({
      ...NOTHING,
      deleted: ["scratch/n.txt"],
    });
  });
});

describe("work of others", () => {
  test("a third process edits, makes and deletes files meanwhile", async () => {
    await using place = await Playground.create(FILES);
    const command = await script(place, "echo x > made.txt");
    const before = await begin(place);
    await place.command(command);
    await byOther(place, "src/b.js", "theirs\n");
    await byOther(place, "theirs.txt", "theirs\n");
    await unlink(join(place.root, "src/c.js"));
    await utimes(join(place.root, "src"), 2_000_000_000, 2_000_000_000);
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["made.txt"] });
  });

  test("a deletion whose time another file of the folder explains is nobody's", async () => {
    await using place = await Playground.create(FILES);
    const command = await script(place, "echo x > src/made.js");
    const before = await begin(place);
    await unlink(join(place.root, "src/c.js"));
    await place.command(command);
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["src/made.js"] });
  });

  test("while the run only reads, tests, or waits for long", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    const at = new Date().toISOString();
    await place.write("src/b.js", "theirs\n");
    const long = { startedAt: new Date(Date.now() - 3_600_000).toISOString(), cwd: place.root };
    for (const command of ["rg -n cart src | head", "cd src && git status --short", "npm test", "cat src/*.js"]) {
      place.events.push(commandEvent(command, { cwd: place.root, startedAt: at, at: new Date().toISOString() }));
    }
    place.events.push(commandEvent("npm run dev", { ...long, at: new Date().toISOString() }));
    const now = { cwd: place.root, startedAt: at, at: new Date().toISOString() };
    place.events.push(commandEvent("npm run dev", { ...now, outcome: "running", exitCode: null }));
    expect((await place.evidence({ before })).touchedFiles).toEqual(NOTHING);
    // A command that waited long for a person's consent, and then took a second.
    const { mtimeMs } = await stat(join(place.root, "src/b.js"));
    const ended = new Date(mtimeMs + 500).toISOString();
    place.events.push(commandEvent("make", { ...long, at: ended, durationMs: 1_000 }));
    expect((await place.evidence({ before })).touchedFiles.modified).toEqual(["src/b.js"]);
  });

  test("before a command was called, or long before its start was noted", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    await place.write("src/b.js", "theirs\n");
    const { mtimeMs } = await stat(join(place.root, "src/b.js"));
    const at = (ms: number) => new Date(mtimeMs + ms).toISOString();
    const touched = async (calledAt: string, startedAt: string) => {
      place.events.push(commandEvent("make", { cwd: place.root, calledAt, startedAt, at: startedAt, durationMs: 0 }));
      return (await place.evidence({ before })).touchedFiles.modified;
    };
    expect(await touched(at(200), at(800))).toEqual([]);
    expect(await touched(at(-5_000), at(1_200))).toEqual([]);
    // On a busy machine the start is noted when the command is over.
    expect(await touched(at(-10), at(800))).toEqual(["src/b.js"]);
  });

  test("what a command names that still ran at the end is the run's if it changed, and only then", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    await place.write("started", "");
    const running = { cwd: place.root, outcome: "running", exitCode: null, output: "" } as const;
    const now = new Date().toISOString();
    for (const command of ["touch started && sleep 60", "touch src/a.js"]) {
      place.events.push(commandEvent(command, { ...running, startedAt: now, at: now }));
    }
    await place.write("src/b.js", "theirs\n");
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, created: ["started"] });
    expect((await place.evidence()).touchedFiles).toEqual(NOTHING);
  });

  test("what is ignored from now on was not deleted, and entries are no work of the run", async () => {
    await using place = await Playground.create(FILES);
    await place.write("n.txt", "mine\n");
    const body = "echo n.txt > .gitignore; mkdir -p .changelog/ada; echo x > .changelog/ada/entries.jsonl";
    const command = await script(place, `${body}; sleep 0.05; touch z; rm z`);
    const before = await begin(place);
    await place.command(command);
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: [".gitignore"] });
  });

  test("two runs at once: each names only its own files", async () => {
    await using place = await Playground.create(FILES);
    const command = await script(place, "echo x > from-a-script.txt; git commit -q --allow-empty -m 'chore: whose'");
    const before = await begin(place);
    const event = await place.command(`${command}; echo mine >> src/a.js`);
    await place.command("echo theirs >> src/b.js");
    place.events.splice(0, 2, event);
    const mine = await place.evidence({ before, others: 1 });
    expect(mine.touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
    expect(mine.commits).toEqual([]);
    expect((await place.evidence({ before })).touchedFiles.created).toEqual(["from-a-script.txt"]);
  });

  test("work in another work tree is none that was looked at: the log is believed about it", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("git worktree add -q ../tree; git worktree add -q .claude/worktrees/fix");
    const before = await begin(place);
    await place.command("echo x > one.txt", join(place.home, "tree"));
    await place.command("echo x > two.txt", join(place.root, ".claude/worktrees/fix"));
    await place.command("echo x > three.txt");
    const { touchedFiles } = await place.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["one.txt", "three.txt", "two.txt"] });
  });

  test("a file that both changed stays", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    await place.command("echo mine >> src/a.js");
    await byOther(place, "src/a.js", "theirs\n");
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });

  test("a commit made while no command of the run could have made it", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    await place.command("git status");
    await place.shell("echo x > t.txt; git add t.txt; git commit -qm 'feat: theirs'");
    await place.command("mkdir -p out && git log -1 --format=%s");
    const { commits, touchedFiles } = await place.evidence({ before });
    expect(commits).toEqual([]);
    expect(touchedFiles).toEqual(NOTHING);
  });
});

describe("what did not change", () => {
  test("a file dirty before and left alone is not the run's; one changed further is", async () => {
    await using place = await Playground.create(FILES);
    await place.write("src/a.js", "dirty\n");
    await place.write("src/b.js", "dirty\n");
    await place.write("new.txt", "mine\n");
    const command = await script(place, "echo more >> src/b.js; cat src/a.js > /dev/null");
    const before = await begin(place);
    await place.command(command);
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/b.js"] });
  });

  test("a claim that came to nothing is dropped, one outside the repository or ignored is not", async () => {
    await using place = await Playground.create(FILES);
    await place.write("src/b.js", "dirty\n");
    const before = await begin(place);
    await place.command("cp src/a.js keep && echo x >> src/a.js && mv keep src/a.js");
    await place.command("sed -i s/nowhere/x/ README.md; touch src/b.js");
    await place.edit([
      { path: "../notes.md", type: "add" },
      { path: "dist/out.js", type: "add" },
    ]);
    await place.edit([{ path: "src/c.js", text: "c\n" }]);
    await place.edit([{ path: "src/c.js", text: FILES["src/c.js"] }]);
    expect((await place.evidence({ before })).touchedFiles).toEqual({
      ...NOTHING,
      created: ["dist/out.js", "~/notes.md"],
    });
    expect((await place.evidence({ before, after: null })).touchedFiles.modified).toContain("src/c.js");
  });

  test("an untracked file that was there before is modified, not created, and deleted when it goes", async () => {
    await using place = await Playground.create(FILES);
    await place.write("n.txt", "mine\n");
    await place.write("o.txt", "mine too\n");
    const before = await begin(place);
    await place.command("echo x > n.txt; rm -f o.txt");
    expect((await place.evidence({ before })).touchedFiles).toEqual({
      ...NOTHING,
      modified: ["n.txt"],
      deleted: ["o.txt"],
    });
  });

  test("a commit of what a person had prepared tells its files", async () => {
    await using place = await Playground.create(FILES);
    await place.write("src/a.js", "mine\n");
    const before = await begin(place);
    await place.command("git commit -qam 'feat: prepared'");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(commits).toEqual(await place.newCommits());
    expect(touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });
});

describe("HEAD moved", () => {
  test("reset --hard throws away what was not committed", async () => {
    await using place = await Playground.create(FILES);
    await place.write("src/a.js", "dirty\n");
    const before = await begin(place);
    await place.command("git reset --hard");
    expect((await place.evidence({ before })).touchedFiles).toEqual({ ...NOTHING, modified: ["src/a.js"] });
  });

  test("a commit taken back leaves nothing", async () => {
    await using place = await Playground.create(FILES);
    const before = await begin(place);
    await place.command("echo x > n.js; git add n.js; git commit -qm 'feat: n'; git reset -q --hard HEAD~1");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(touchedFiles).toEqual(NOTHING);
    expect(commits).toEqual([]);
  });

  test("another branch checked out changes no file; a commit on it and back tells its files", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("git checkout -qb other; echo o > other.js; git add -A; git commit -qm 'feat: other'", {
      GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z",
    });
    await place.shell("git checkout -q main");
    const before = await begin(place);
    await place.command("git checkout -q other");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect({ touchedFiles, commits }).toEqual({ touchedFiles: NOTHING, commits: [] });
    await place.command("echo p > p.js; git add p.js; git commit -qm 'feat: p'; git checkout -q main");
    const later = await place.evidence({ before });
    expect(later.touchedFiles).toEqual({ ...NOTHING, created: ["p.js"] });
    expect(later.commits.map(({ message }) => message)).toEqual(["feat: p"]);
  });

  test("a rebase brings in the files of others without blame", async () => {
    await using place = await Playground.create(FILES);
    const date = { GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z" };
    await place.shell("git checkout -qb feat main", date);
    await place.shell("git checkout -q main; echo m > m.js; git add -A; git commit -qm 'feat: m'", date);
    await place.shell("git checkout -q feat");
    const before = await begin(place);
    await place.command("echo f > f.js; git add f.js; git commit -qm 'feat: f'");
    await place.command("git rebase -q main");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["f.js"] });
    expect(commits).toEqual([{ hash: await place.shell("git rev-parse --short HEAD"), message: "feat: f" }]);
  });
});

describe("commits", () => {
  test("of a script, on another branch too, in order among those that were told", async () => {
    await using place = await Playground.create(FILES);
    const command = await script(
      place,
      "echo 1 > 1.js; git add .; git commit -qm 'feat: 1'; git checkout -q --detach; git branch -q side; " +
        "echo 2 > 2.js; git add .; git commit -qm 'feat: 2' ; git branch -f side; git checkout -q main",
    );
    const before = await begin(place);
    await place.command(command);
    await place.command("echo 3 > 3.js; git add .; git commit -m 'feat: 3'");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(commits.map(({ message }) => message).sort()).toEqual(["feat: 1", "feat: 2", "feat: 3"]);
    expect(commits.at(-1)?.message).toBe("feat: 3");
    expect(touchedFiles.created).toEqual(["1.js", "2.js", "3.js"]);
  });

  test("that were fetched are not the run's", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("git clone -q . ../other; cd ../other && echo x > x && git add x && git commit -qm 'feat: x'", {
      GIT_COMMITTER_DATE: "2026-01-02T00:00:00Z",
    });
    const before = await begin(place);
    await place.command("git pull -q ../other main");
    const { touchedFiles, commits } = await place.evidence({ before });
    expect({ touchedFiles, commits }).toEqual({ touchedFiles: NOTHING, commits: [] });
  });
});

describe("a snapshot", () => {
  test("tells links, modes, staged, unmerged, deleted and untracked files, and no ignored ones", async () => {
    await using place = await Playground.create(FILES);
    await place.write("dist/x.js", "x");
    await place.write("a name\n with a break.txt", "x\n");
    await place.write("src/b.js", "staged\n");
    await place.shell("git add src/b.js && git rm -q src/c.js && chmod +x src/a.js");
    await symlink("src/a.js", join(place.root, "link"));
    const snapshot = await takeSnapshot(place.root);
    const blob = async (text: string) => await place.shell(`printf '%s' '${text}' | git hash-object --stdin`);
    expect(snapshot).toMatchObject({
      head: await place.shell("git rev-parse HEAD"),
      branch: "main",
      tips: [await place.shell("git rev-parse HEAD")],
      unread: [],
      omitted: 0,
      files: [
        ["a name\n with a break.txt", `100644 ${await blob("x\n")}`],
        ["link", `120000 ${await blob("src/a.js")}`],
        ["src/a.js", `100755 ${await place.shell("git hash-object src/a.js")}`],
        ["src/b.js", `100644 ${await blob("staged\n")}`],
        ["src/c.js", null],
      ],
    });
  });

  test("is none of a plain folder or a folder of a repository", async () => {
    await using plain = await Playground.create(null);
    expect(await takeSnapshot(plain.root)).toBeNull();
    await using place = await Playground.create(FILES);
    expect(await takeSnapshot(join(place.root, "src"))).toBeNull();
  });

  test("of a repository without commits, and of a run that made the first", async () => {
    await using place = await Playground.create(null);
    await place.shell("git init -q -b main");
    await place.write("mine.txt", "mine\n");
    const before = await begin(place);
    expect(before).toMatchObject({ head: null, branch: "main", tips: [] });
    await place.command(`${await script(place, "echo x > x.js; git add x.js; git commit -qm init")}`);
    const { touchedFiles, commits } = await place.evidence({ before });
    expect(touchedFiles).toEqual({ ...NOTHING, created: ["x.js"] });
    expect(commits).toEqual(await place.newCommits());
  });

  test("leaves out what is too large, and the log is believed about it", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("truncate -s 65M big.bin");
    const before = await begin(place);
    expect(before).toMatchObject({ files: [], unread: ["big.bin"] });
    await place.command("truncate -s 66M big.bin");
    expect((await place.evidence({ before })).touchedFiles).not.toEqual(NOTHING);
  });

  test("leaves out more files than a person works on, and says how many", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("mkdir many && cd many && seq 1 5003 | split -l 1 -a 4 -");
    const snapshot = await takeSnapshot(place.root);
    expect(snapshot).toMatchObject({ omitted: 3 });
    expect(snapshot?.files).toHaveLength(5_000);
  });

  test("tells where a submodule stands; commits in it are not the project's", async () => {
    await using place = await Playground.create(FILES);
    await place.shell("git init -q ../lib && cd ../lib && git commit -q --allow-empty -m one");
    await place.shell("git -c protocol.file.allow=always submodule --quiet add ../lib lib && git commit -qm lib");
    const command = await script(place, "cd lib && git commit -q --allow-empty -m two");
    const before = await begin(place);
    await place.command(command);
    const after = await takeSnapshot(place.root);
    expect(after?.files).toEqual([["lib", `160000 ${await place.shell("git -C lib rev-parse HEAD")}`]]);
    expect((await place.evidence({ before, after })).commits).toEqual([]);
  });
});
