import { describe, expect, test } from "bun:test";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { SessionEvent } from "../../src/events/event.ts";
import { EvidenceCollector } from "../../src/evidence/collect.ts";
import type { Commit } from "../../src/evidence/evidence.ts";
import { commandEvent, editEvent, sessionHead } from "./events.ts";
import { TestRepo } from "./test-repo.ts";

const LONG = Array.from({ length: 20 }, (_, index) => `export const line${index} = ${index};`).join("\n");
const FILES = {
  ".gitignore": "dist/\n*.log\n",
  "README.md": "# Shop\n",
  "src/cart.js": `// cart\n${LONG}\n`,
  "src/tax.js": `// tax\n${LONG}\n`,
  "src/old/a.js": `// a\n${LONG}\n`,
  "src/old/b.js": `// b\n${LONG}\n`,
  "docs/my guide.md": `guide\n${LONG}\n`,
};

describe("touched files and commits are what git reports", () => {
  const cases: [name: string, commands: string[]][] = [
    [
      "a file of each kind",
      [
        "echo new > src/new.js && echo x >> README.md && git rm -q src/tax.js && git mv src/cart.js src/basket.js",
        "git add -A && git commit -m 'feat: all'",
      ],
    ],
    [
      "nothing committed",
      ["echo new > n.js; sed -i s/Shop/Store/ README.md; rm src/tax.js; mv src/cart.js src/basket.js"],
    ],
    ["a folder deleted", ["rm -rf src/old"]],
    ["a folder deleted and committed", ["rm -rf src/old", "git commit -qam 'chore: drop old'"]],
    ["a folder moved", ["mv src/old src/older"]],
    ["a folder moved by git", ["git mv src/old lib && git commit -q -m 'refactor: move'"]],
    ["a glob that only git can resolve", ["rm src/*.js", "git add -A", "git commit -m 'chore: none left'"]],
    [
      "a script whose changes only git knows",
      ["python3 -c \"open('made.txt','w').write('x')\"", "git add made.txt && git commit -m 'feat: made'"],
    ],
    [
      "a `sed` that changed nothing",
      ["sed -i s/nowhere/x/ README.md && echo n > n.js", "git add -A && git commit -m 'feat: n'"],
    ],
    ["a quiet commit", ["echo n > n.js && git add . && git commit -q -m 'feat: quiet'"]],
    ["a quiet commit behind a pipe", ["echo n > n.js && git add . && git commit -q -m 'feat: quiet' | cat"]],
    [
      "a commit in a script",
      [
        "printf '#!/bin/sh\\ngit add -A\\ngit commit -m \"feat: scripted\"\\n' > /tmp/../tmp/x.sh 2>/dev/null; echo n > n.js; git add n.js; sh -c 'git commit -m \"feat: scripted\"'",
      ],
    ],
    [
      "a message from a here-document",
      ["echo n > n.js; git add -A; git commit -q -m \"$(cat <<'EOF'\nfeat: long\n\nBody of it.\nEOF\n)\""],
    ],
    ["a message of several lines", ["echo n > n.js; git add -A; git commit -q -m 'feat: one\ntwo' -m body"]],
    ["a message from a file", ["echo 'feat: from file' > ../msg; echo n > n.js; git add -A; git commit -q -F ../msg"]],
    [
      "an amended commit",
      ["echo n > n.js; git add -A; git commit -m 'feat: frist'", "git commit --amend -m 'feat: first'"],
    ],
    [
      "an amended commit, all quiet",
      [
        "echo n > n.js; git add -A; git commit -qm 'feat: frist'",
        "echo m > m.js; git add m.js; git commit -q --amend --no-edit",
      ],
    ],
    [
      "a commit undone by a hard reset",
      [
        "echo n > n.js; git add -A; git commit -m 'feat: no'",
        "git reset -q --hard HEAD~1",
        "echo m > m.js; git add -A; git commit -m 'feat: yes'",
      ],
    ],
    [
      "a commit undone by a soft reset",
      ["echo n > n.js; git add -A; git commit -m 'feat: no'", "git reset -q --soft HEAD^ && git commit -m 'feat: yes'"],
    ],
    [
      "a branch with strange letters",
      ["git checkout -q -b 'fix/a.b#1-ü' && echo n > n.js && git add -A && git commit -m 'fix: n'"],
    ],
    ["a detached head", ["git checkout -q --detach && echo n > n.js && git add -A && git commit -m 'fix: n'"]],
    [
      "a merge",
      [
        "git checkout -q -b side && echo n > n.js && git add -A && git commit -m 'feat: n'",
        "git checkout -q main && echo m > m.js && git add -A && git commit -m 'feat: m'",
        "git merge -m 'Merge side' side",
      ],
    ],
    [
      "a merge without message",
      [
        "git checkout -q -b side && echo n > n.js && git add -A && git commit -qm 'feat: n'; git checkout -q main && git merge -q --no-ff --no-edit side",
      ],
    ],
    [
      "a rebase",
      [
        "git checkout -q -b side && echo n > n.js && git add -A && git commit -m 'feat: n'; git checkout -q main && echo m > m.js && git add -A && git commit -m 'feat: m'",
        "git checkout -q side && git rebase -q main",
      ],
    ],
    [
      "a cherry-pick",
      [
        "git checkout -q -b side && echo n > n.js && git add -A && git commit -m 'feat: n'; git checkout -q main && echo m > m.js && git add m.js && git commit -qm 'feat: m' && git cherry-pick side",
      ],
    ],
    ["a revert", ["echo x >> README.md && git commit -am 'docs: x'", "git revert --no-edit HEAD"]],
    ["an empty commit", ["git commit --allow-empty -m 'chore: empty'"]],
    ["nothing to commit", ["git commit -m nothing"]],
    [
      "several commits in one command",
      [
        "echo n > n.js; git add n.js; git commit -m 'feat: n'; echo m > m.js; git add m.js; git commit -qm 'feat: m'; echo o > o.js; git add o.js; git commit -m 'feat: o'",
      ],
    ],
    [
      "spaces and Unicode",
      [
        "mkdir -p 'src/ü ö' && echo n > 'src/ü ö/n ñ.js' && mv 'docs/my guide.md' 'docs/日本 guide.md'",
        "git add -A && git commit -m 'docs: 日本語 “quoted”'",
      ],
    ],
    [
      "spaces and Unicode, not committed",
      ["mkdir -p 'src/ü ö' && echo n > 'src/ü ö/n ñ.js' && mv 'docs/my guide.md' 'docs/日本 guide.md'"],
    ],
    ["ignored files", ["mkdir -p dist && echo x > dist/x.js && echo y > run.log"]],
    [
      "created and deleted again",
      [
        "echo x > tmp.txt && rm tmp.txt",
        "echo x > tmp2.txt; git add -A; git commit -qm 'chore: tmp'",
        "git rm -q tmp2.txt && git commit -qm 'chore: no tmp'",
      ],
    ],
    ["deleted and created again", ["rm README.md", "echo '# New' > README.md"]],
    [
      "moved twice",
      ["git mv src/cart.js src/c1.js && git mv src/c1.js src/c2.js", "git add -A && git commit -qm 'refactor: c2'"],
    ],
    [
      "moved and modified",
      ["git mv src/cart.js src/basket.js && echo '// end' >> src/basket.js && git commit -qam 'refactor: basket'"],
    ],
    [
      "restored",
      ["echo x >> README.md && echo y >> src/tax.js", "git checkout -- README.md && git restore src/tax.js"],
    ],
    ["stashed and restored", ["echo x >> README.md && git stash -q && git stash pop -q"]],
    ["part of it committed", ["echo x >> README.md; echo n > n.js; git add n.js; git commit -qm 'feat: n'"]],
    ["a chain that failed", ["echo n > n.js && false && rm README.md"]],
    ["a branch not taken", ["[ -f nowhere ] && rm README.md; true"]],
    [
      "reading only",
      ["cat README.md; grep -n x src/*.js; git log --oneline; git show HEAD; head -2 src/cart.js | tee /dev/null"],
    ],
    ["in a subfolder", ["cd src && rm tax.js && echo n > n.js && git add -A && git commit -m 'feat: n'"]],
    ["a patch applied", ["git apply <<'EOF'\n--- a/README.md\n+++ b/README.md\n@@ -1 +1,2 @@\n # Shop\n+more\nEOF"]],
    ["globs, not committed", ["rm src/*.js && mv src/old/*.js . && mv docs/*.md src/"]],
    ["a folder created and filled", ["mkdir -p lib/inner && cp src/cart.js lib && mv src/tax.js lib/inner"]],
    ["cleaned", ["echo x > junk.txt && mkdir -p junk && echo y > junk/y.txt && git clean -qfd"]],
    ["made executable", ["chmod +x src/cart.js && chmod 644 src/tax.js"]],
    [
      "from the top level",
      [
        "cd src/old && cd \"$(git rev-parse --show-toplevel)\" && rm README.md && git add -A && git commit -qm 'docs: none'",
      ],
    ],
    ["a script on standard input", ["bash <<'EOF'\nrm README.md\nEOF"]],
    [
      "names with brackets",
      ["mkdir -p 'app/[id]' && echo x > 'app/[id]/page.tsx' && mv app/[id]/page.tsx app/[id]/route.tsx"],
    ],
    ["variables", ["f=src/cart.js; for g in README.md $f; do sed -i '1s/$/ more/' \"$g\"; done"]],
    ["a checkout without dashes", ["echo x >> README.md && git checkout -q README.md && git checkout -q -b other"]],
    ["tags and notes are not commits", ["git tag -a v1 -m 'v1' && git notes add -m note"]],
  ];
  for (const [name, commands] of cases) {
    test.concurrent(name, async () => {
      await using repo = await TestRepo.create(FILES);
      await repo.begin();
      for (const command of commands) await repo.command(command);
      const evidence = await repo.evidence();
      expect(evidence.touchedFiles).toEqual(await repo.truth());
      expect(byHash(evidence.commits)).toEqual(byHash(await repo.newCommits()));
      // The same log, read from a clone in another folder.
      const elsewhere = await repo.evidence({ asIn: "/home/eve/projects/shop" });
      expect(elsewhere.touchedFiles).toEqual(evidence.touchedFiles);
      expect(elsewhere.commits).toEqual(evidence.commits);
    });
  }
});

/** Commits on parallel branches have no order. */
function byHash(commits: Commit[]): Commit[] {
  return commits.toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
}

describe("the repository", () => {
  test("is created in the run, with its root commit", async () => {
    await using repo = await TestRepo.create(null);
    await repo.begin();
    await repo.edit([{ type: "add", path: "a.js" }]);
    await repo.command("git init -q -b main && git add -A && git commit -m 'feat: first'");
    const evidence = await repo.evidence({ head: { git: { commit: null, branch: null, repositoryUrl: null } } });
    expect(evidence.touchedFiles.created).toEqual(["a.js"]);
    expect(evidence.commits).toEqual(await repo.newCommits());
  });
  test("commits in repositories inside the project are listed with their folder, in others they are not", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git init -q ../other && git init -q nested && git -C nested commit -q --allow-empty -m n");
    await repo.begin();
    await repo.command("git -C ../other commit --allow-empty -m 'feat: other'");
    await repo.command("cd ../other && touch x && git add -A && git commit -m 'feat: x'");
    await repo.command("cd nested && git commit --allow-empty -m 'feat: nested'");
    await repo.command("d=$(mktemp -d) && cd $d && git init -q && git commit -q --allow-empty -m 'feat: lost'");
    const evidence = await repo.evidence();
    const hash = await repo.shell("git -C nested rev-parse --short HEAD");
    expect(evidence.commits).toEqual([{ hash, message: "feat: nested", path: "nested" }]);
    expect(evidence.touchedFiles.created).toEqual([]);
  });
  test("has a submodule: its files and its new commit are listed", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git init -q -b main ../lib && cd ../lib && echo a > a.c && git add -A && git commit -qm lib");
    await repo.shell("git -c protocol.file.allow=always submodule add -q ../lib lib && git commit -qm 'add lib'");
    await repo.begin();
    await repo.edit([{ type: "update", path: "lib/a.c", text: "b\n" }]);
    await repo.command("cd lib && git add -A && git commit -m 'feat: b'");
    await repo.command("git add -A && git commit -m 'chore: bump lib'");
    await repo.command("mkdir lib/sub && cd lib/sub && git commit -q --allow-empty -m 'feat: quiet'");
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles.modified).toEqual(["lib", "lib/a.c"]);
    expect(evidence.commits.map(({ message, path }) => [message, path])).toEqual([
      ["feat: b", "lib"],
      ["chore: bump lib", undefined],
      ["feat: quiet", "lib"],
    ]);
  });
  test("is no repository: the commits of the repositories in it are listed with their folders", async () => {
    await using repo = await TestRepo.create(null);
    for (const name of ["api", "web"]) await repo.shell(`git init -q ${name}`);
    await repo.begin();
    await repo.command(
      "cd api && git commit --allow-empty -m 'fix: api'; git -C ../web commit -q --allow-empty -m 'fix: web'",
    );
    const { commits } = await repo.evidence({ head: { git: { commit: null, branch: null, repositoryUrl: null } } });
    expect(commits.map(({ message, path }) => [message, path])).toEqual([
      ["fix: api", "api"],
      ["fix: web", "web"],
    ]);
  });
  test("has another worktree, whose files are the project's", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("git worktree add -q -b side ../shop-side");
    await repo.begin();
    const side = join(repo.home, "shop-side");
    await repo.edit([{ type: "update", path: "README.md" }], side);
    await repo.command("git commit -am 'docs: side'", side);
    const evidence = await repo.evidence({ head: { cwd: side } });
    expect(evidence.touchedFiles.modified).toEqual(["README.md"]);
    expect(evidence.commits.map(({ message }) => message)).toEqual(["docs: side"]);
  });
  test("is behind a symbolic link", async () => {
    await using repo = await TestRepo.create(FILES);
    const link = join(repo.home, "link");
    await symlink(repo.root, link);
    await repo.begin();
    await repo.edit([{ type: "add", path: join(repo.root, "real.js") }], link);
    await repo.edit([{ type: "add", path: join(link, "src/linked.js") }], join(link, "src"));
    await repo.command("echo x >> README.md && git add -A && git commit -m 'feat: linked'", link);
    for (const root of [repo.root, link]) {
      const evidence = await repo.evidence({ head: { cwd: link }, root });
      expect(evidence.touchedFiles).toEqual({
        created: ["real.js", "src/linked.js"],
        modified: ["README.md"],
        deleted: [],
        moved: [],
      });
    }
  });
  test("is above the folder the session started in", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([{ type: "add", path: "n.js" }], join(repo.root, "src/old"));
    await repo.command("echo x >> ../../README.md", join(repo.root, "src/old"));
    for (const asIn of [repo.root, "/home/eve/shop", "/mnt/some where/else"]) {
      const evidence = await repo.evidence({ head: { cwd: join(repo.root, "src/old") }, asIn });
      expect(evidence.touchedFiles).toEqual({
        created: ["src/old/n.js"],
        modified: ["README.md"],
        deleted: [],
        moved: [],
      });
    }
  });
  test("is a clone with another folder name", async () => {
    await using repo = await TestRepo.create(FILES, "renamed");
    await repo.begin();
    await repo.edit([{ type: "add", path: "n.js" }], join(repo.root, "src"));
    const git = { commit: null, branch: null, repositoryUrl: "git@github.com:acme/shop.git" };
    const evidence = await repo.evidence({ head: { cwd: join(repo.root, "src"), git }, asIn: "/Users/eve/shop" });
    expect(evidence.touchedFiles.created).toEqual(["src/n.js"]);
  });
});

describe("a resumed session", () => {
  test("starts with what its earlier runs left", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    const first = repo.head();
    await repo.shell("echo n > n.js && git add -A && git commit -qm 'feat: n'", {
      GIT_COMMITTER_DATE: "2026-01-01T01:00:00Z",
    });
    await repo.begin();
    await repo.command("echo m > n.js && echo o > o.js");
    const evidence = await repo.evidence({ head: { startedAt: "2026-01-01T00:30:00.000Z", git: first.git } });
    expect(evidence.touchedFiles).toEqual(await repo.truth());
    expect(evidence.commits).toEqual([]);
  });
  test("amends a commit of an earlier run", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.shell("echo n > n.js && git add -A && git commit -qm 'feat: n'");
    await repo.begin();
    await repo.command("echo o > o.js && git add -A && git commit -q --amend -m 'feat: n and o'");
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles).toEqual(await repo.truth());
    expect(evidence.commits).toEqual(await repo.newCommits());
  });
});

test("a run is the first of its session up to two seconds after its start", async () => {
  await using repo = await TestRepo.create(FILES);
  await repo.begin();
  const { git } = repo.head();
  await repo.shell("echo n > n.js && git add -A && git commit -qm 'feat: n'", {
    GIT_COMMITTER_DATE: "2026-01-01T01:00:00Z",
  });
  await repo.begin();
  await repo.command("echo m > n.js");
  const startedBefore = async (ms: number) => {
    const startedAt = new Date(Date.parse(repo.startedAt) - ms).toISOString();
    return (await repo.evidence({ head: { startedAt, git }, after: null })).touchedFiles;
  };
  // The first run starts at the log's commit, a later run at the last commit before its start time.
  expect((await startedBefore(2_000)).created).toEqual(["n.js"]);
  expect((await startedBefore(2_001)).modified).toEqual(["n.js"]);
});

test("an unannounced commit may be dated a second off its command", async () => {
  await using repo = await TestRepo.create(FILES);
  await repo.begin();
  const command = "GIT_COMMITTER_DATE=2026-01-01T01:00:00Z git commit -q --allow-empty -m 'feat: n'";
  const event = await repo.command(command);
  const commitsAt = async (at: string) => {
    repo.events.splice(0, 1, { ...event, startedAt: at, at });
    return (await repo.evidence({ end: "2026-01-01T02:00:00.000Z" })).commits.length;
  };
  expect(await commitsAt("2026-01-01T01:00:01.999Z")).toBe(1);
  expect(await commitsAt("2026-01-01T01:00:02.000Z")).toBe(0);
  expect(await commitsAt("2026-01-01T00:59:59.000Z")).toBe(1);
  expect(await commitsAt("2026-01-01T00:59:58.999Z")).toBe(0);
});

describe("what is not the run's", () => {
  test("a commit of the next run with the same subject", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.command("echo n > n.js; git add -A; git commit -qm 'feat: n'");
    const first = repo.events.splice(0);
    // Amended later: the run's own commit is unreachable, and one like it replaces it.
    const end = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    const date = new Date(Date.parse(end) + 1_000).toISOString();
    await repo.shell("git commit -q --amend --no-edit", { GIT_COMMITTER_DATE: date });
    repo.events.push(...first);
    expect((await repo.evidence({ end })).commits).toEqual([]);
  });
  test("another commit with the same date that names the run's", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.command("echo n > n.js; git add -A; git commit -qm 'feat: n'");
    const own = await repo.newCommits();
    const date = (await repo.shell("git log -1 --format=%cI")).trim();
    await repo.shell("git revert --no-edit HEAD", { GIT_COMMITTER_DATE: date });
    expect((await repo.evidence()).commits).toEqual(own);
  });
  test("a stash", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.command(
      "echo x >> README.md; git stash -q; git commit -q --allow-empty -F /dev/stdin <<< 'chore: none'",
    );
    expect((await repo.evidence()).commits.map(({ message }) => message)).toEqual(["chore: none"]);
  });
  test("git's own files", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([{ type: "add", path: ".git/hooks/pre-commit" }]);
    await repo.command("echo x > .git/description; touch .gitattributes");
    expect((await repo.evidence()).touchedFiles.created).toEqual([".gitattributes"]);
  });
});

describe("structured edits", () => {
  test("of every kind", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([
      { type: "add", path: "src/n.js" },
      { type: "update", path: "README.md" },
      { type: "delete", path: "src/tax.js" },
      { type: "update", path: "src/cart.js", movedTo: "src/basket.js", text: `// basket\n${LONG}\n` },
    ]);
    expect((await repo.evidence()).touchedFiles).toEqual(await repo.truth());
  });
  test("outside the project are relative to the home folder", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([{ type: "add", path: join(repo.home, "notes/todo.md") }]);
    await repo.command("echo x > ../scratch.txt");
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles.created).toEqual(["~/notes/todo.md"]);
    expect((await repo.evidence({ asIn: "/home/eve/shop" })).touchedFiles.created).toEqual(["~/notes/todo.md"]);
  });
  test("of ignored files count, changes by commands do not", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([{ type: "add", path: "dist/by-hand.js" }]);
    await repo.command("echo x > dist/by-command.js; git add -A; git commit -q --allow-empty -m 'chore: none'");
    expect((await repo.evidence()).touchedFiles.created).toEqual(["dist/by-hand.js"]);
  });
  test("that failed or were refused change nothing", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    repo.events.push(editEvent([{ path: "README.md" }], { cwd: repo.root, outcome: "failed", error: "no match\n" }));
    repo.events.push(editEvent([{ path: "src/tax.js", type: "delete" }], { cwd: repo.root, outcome: "refused" }));
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles).toEqual({ created: [], modified: [], deleted: [], moved: [] });
    expect(evidence.failedEdits).toEqual([{ paths: ["README.md"], error: "no match" }]);
    expect(evidence.edits).toBe(0);
  });
});

describe("commands without a known end", () => {
  const never = ["refused", "interrupted", "running", "unknown"] as const;
  for (const outcome of never) {
    test(`${outcome}: no file, no commit`, async () => {
      await using repo = await TestRepo.create(FILES);
      await repo.begin();
      const part = { cwd: repo.root, outcome, exitCode: null };
      repo.events.push(commandEvent("rm README.md", part), commandEvent("git commit -m 'feat: x'", part));
      const evidence = await repo.evidence();
      expect(evidence.touchedFiles.deleted).toEqual([]);
      expect(evidence.commits).toEqual([]);
      expect(evidence.commands).toBe(outcome === "refused" ? 0 : 2);
    });
  }
});

describe("without a repository", () => {
  async function alone(...events: Parameters<EvidenceCollector["push"]>[0][]) {
    await using repo = await TestRepo.create(null);
    await mkdir(repo.root, { recursive: true });
    const collector = new EvidenceCollector();
    for (const event of events) collector.push(event);
    const window = { start: null, end: null };
    return await collector.finish({ head: sessionHead(), root: repo.root, home: repo.home, window });
  }
  test("the commits of the log are kept", async () => {
    const evidence = await alone(
      editEvent([{ type: "add", path: "n.js" }, { path: "a.js" }]),
      commandEvent("git add -A && git commit -m 'feat: n'", {
        output:
          "[main (root-commit) 1234567] feat: n\n 3 files changed\n create mode 100644 n.js\n rename src/{util.js => helpers.js} (100%)\n delete mode 100644 old.js\n",
      }),
    );
    expect(evidence.commits).toEqual([{ hash: "1234567", message: "feat: n" }]);
    expect(evidence.touchedFiles).toEqual({
      created: ["n.js"],
      modified: ["a.js"],
      deleted: ["old.js"],
      moved: [{ from: "src/util.js", to: "src/helpers.js" }],
    });
  });
  test("no absolute path of a home leaks", async () => {
    const evidence = await alone(
      editEvent([
        { type: "add", path: "/home/dev/notes.md" },
        { type: "add", path: "/etc/hosts" },
      ]),
    );
    expect(evidence.touchedFiles.created).toEqual(["/etc/hosts", "~/notes.md"]);
  });
  test("facts of a log of any length are bounded", async () => {
    const base = { offset: 0, turn: null, agent: null, at: null } as const;
    const call = { ...base, kind: "tool", id: "t", name: "Read", outcome: "ok", output: "" } as const;
    const many = (count: number) => Array.from({ length: count }, (_, index) => index);
    const evidence = await alone(
      ...many(1_001).map((index) => commandEvent(`./check ${index}`, { exitCode: 2 })),
      editEvent([{ path: "a.js" }], { outcome: "failed", error: "x".repeat(1_001) }),
      ...many(1_000).map(() => editEvent([{ path: "a.js" }], { outcome: "failed", error: "line\n".repeat(9) })),
      { ...base, kind: "prompt", text: "x".repeat(200_001), images: [] },
      { ...base, kind: "prompt", text: "x".repeat(200_000), images: [] },
      { ...call, input: { exact: `${"n".repeat(397)}.ts`, long: `${"n".repeat(398)}.ts` } },
      { ...call, input: [[[[["deep.ts", ["deeper.ts"]]]]]] },
      { ...call, input: many(2_000).map((index) => `${index}.ts`) },
    );
    expect(evidence.failedCommands).toHaveLength(1_000);
    expect(evidence.failedEdits).toHaveLength(1_000);
    expect(evidence.failedEdits[0]?.error).toHaveLength(1_000);
    expect(evidence.failedEdits[1]?.error.split("\n")).toHaveLength(8);
    expect(evidence.prompts.map(({ length }) => length)).toEqual([200_001, 200_000]);
    expect(evidence.prompts[0]?.endsWith("x…")).toBe(true);
    expect(evidence.namedFiles).toHaveLength(2_000);
    expect(evidence.namedFiles.slice(0, 3)).toEqual([`${"n".repeat(397)}.ts`, "deep.ts", "0.ts"]);
  });
  test("paths in other tool calls are kept, unless the call was refused", async () => {
    const base = { offset: 0, turn: null, agent: null, at: null, kind: "tool", id: "t", output: "" } as const;
    let deep: unknown = "too/deep.ts";
    for (let depth = 0; depth < 50_000; depth++) deep = [deep];
    const evidence = await alone(
      { ...base, name: "Read", outcome: "ok", input: { file_path: "/home/dev/shop/a.ts", limit: 3 } },
      { ...base, name: "Many", outcome: "ok", input: { edits: [{ path: "b/c.ts" }], text: "no path\nat/all", deep } },
      { ...base, name: "Read", outcome: "refused", input: { file_path: "d.ts" } },
      { ...base, name: "Text", outcome: "ok", input: "e.ts" },
    );
    expect(evidence.namedFiles).toEqual(["/home/dev/shop/a.ts", "b/c.ts"]);
  });
  test("prompts and replies are those of the session, not of subagents", async () => {
    const base = { offset: 0, turn: null, agent: null };
    const evidence = await alone(
      { ...base, kind: "model", at: "2026-11-22T06:00:00.000Z", model: "gpt-5" },
      { ...base, kind: "prompt", at: "2026-11-22T06:00:01.000Z", text: "Fix it", images: [] },
      { ...base, kind: "prompt", at: null, text: "Look at b", images: [], agent: "sub" },
      { ...base, kind: "reply", at: null, text: "First" },
      { ...base, kind: "reply", at: null, text: "Inner", agent: "sub" },
      { ...base, kind: "model", at: "2026-11-22T06:00:09.000Z", model: "gpt-5" },
      { ...base, kind: "model", at: "2026-11-22T06:00:05.000Z", model: "gpt-6" },
    );
    expect(evidence).toMatchObject({
      prompts: ["Fix it"],
      lastReply: "First",
      models: ["gpt-5", "gpt-6"],
      firstAt: "2026-11-22T06:00:00.000Z",
      lastAt: "2026-11-22T06:00:09.000Z",
    });
  });
});

describe("a printed commit is a claim that git decides", () => {
  const PRINTED = "[main abc1234] feat: remote\n 1 file changed, 1 insertion(+)\n create mode 100644 remote.txt\n";

  test.each([
    "make release",
    "bash release.sh",
    "ssh prod 'cd /srv && git commit -am x'",
    "docker exec app git commit -am x",
    "kubectl exec pod -- git commit -am x",
    "git --git-dir=/other/.git --work-tree=/other commit -am x",
    "GIT_DIR=/other/.git git commit -am x",
    "env GIT_DIR=/other/.git git commit -am x",
    "export GIT_DIR=/other/.git; git commit -am x",
    "gh run view --log",
  ])("%s makes no commit that the repository does not know", async (command) => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    repo.events.push(commandEvent(command, { cwd: repo.root, output: PRINTED, at: new Date().toISOString() }));
    const { commits, touchedFiles } = await repo.evidence();
    expect({ commits, created: touchedFiles.created }).toEqual({ commits: [], created: [] });
  });

  test.each([
    "GIT_DIR=$PWD/.git git commit -m 'feat: n'",
    "printf 'commit:\\n\\tgit commit -m \"feat: n\"\\n' > ../Makefile; make -f ../Makefile commit",
  ])("a commit that the repository knows counts, made by %s", async (command) => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.command("echo n > n.js; git add n.js");
    await repo.command(command);
    expect((await repo.evidence()).commits).toEqual(await repo.newCommits());
  });

  test("a commit of the run counts even if an amend and `git gc` removed it", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.edit([{ type: "add", path: "n.js" }]);
    await repo.command("git add -A && git commit -m 'feat: n'");
    const [made] = await repo.newCommits();
    // The date of the new commit is before the run, as after a rebase that keeps dates.
    await repo.shell("git commit -q --amend -m 'feat: reworded'", { GIT_COMMITTER_DATE: "2026-01-01T01:00:00Z" });
    await repo.shell("git reflog expire --expire=now --all && git gc -q --prune=now");
    const { commits, touchedFiles } = await repo.evidence();
    expect({ commits, created: touchedFiles.created }).toEqual({ commits: made ? [made] : [], created: ["n.js"] });
  });
});

describe("commits that others made are not the run's", () => {
  const withRemote = async () => {
    const repo = await TestRepo.create(FILES);
    await repo.shell("git clone -q --bare . ../remote.git && git remote add origin ../remote.git && git fetch -q");
    await repo.shell("git branch -q -u origin/main && git clone -q ../remote.git ../other");
    await repo.begin();
    return repo;
  };
  const others = "git -C ../other commit -q --allow-empty -m 'feat: theirs'; git -C ../other push -q";

  test.each([
    ["a fast-forward", "git pull -q --ff-only", []],
    [
      "a merge",
      "git commit -q --allow-empty -m 'feat: ours'; git pull -q --no-rebase --no-edit",
      ["feat: ours", "Merge"],
    ],
    ["a rebase", "git commit -q --allow-empty -m 'feat: ours'; git pull -q --rebase", ["feat: ours"]],
    ["a pull without a remote branch", "git pull -q --ff-only ../other main", []],
    ["a fetch and a merge", "git fetch -q; git merge -q --ff-only origin/main", []],
  ])("pulled by %s", async (_, command, messages) => {
    await using repo = await withRemote();
    // One command, so that the commits of the others have the same date.
    const event = await repo.command(`${others}; ${command}`);
    repo.events.splice(0, 1, { ...event, command });
    const { commits } = await repo.evidence();
    expect(commits.map(({ message }) => message.replace(/ .*remote.*| branch.*/, ""))).toEqual(messages);
  });
});

test("the files of ctx are never the run's, even if the run commits or edits them", async () => {
  await using repo = await TestRepo.create(FILES);
  await repo.begin();
  await repo.write(".changelog/ada/entries.jsonl", "{}\n");
  await repo.write(".changelog/.gitattributes", "x\n");
  await repo.write(".codex/sessions/2026-11-22-0613_Fix/index.html", "x\n");
  await repo.edit([
    { type: "add", path: ".changelog/ada/failures.jsonl" },
    { type: "add", path: ".claude/settings.json" },
  ]);
  await repo.command("echo n > n.js; git add -A && git commit -qm 'feat: n'");
  expect((await repo.evidence()).touchedFiles.created).toEqual([".claude/settings.json", "n.js"]);
});

describe("a worktree that is gone", () => {
  const work = async (repo: TestRepo, tree: string) => {
    await repo.edit([{ type: "add", path: `${tree}/src/new.js` }], tree);
    await repo.command("sed -i s/Shop/Store/ README.md && git add -A && git commit -q -m 'feat: elsewhere'", tree);
  };

  test("its files and commits are those of the repository", async () => {
    await using repo = await TestRepo.create(FILES);
    const tree = join(repo.home, "shop-wt");
    await repo.begin();
    await repo.command("git worktree add -q ../shop-wt -b feature");
    await work(repo, tree);
    await repo.command("git merge -q --ff-only feature && git worktree remove ../shop-wt && git branch -d feature");
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles).toEqual(await repo.truth());
    expect(evidence.commits).toEqual(await repo.newCommits());
    expect(evidence.commits).toHaveLength(1);
  });

  test("also if its branch was not merged, or its folder was deleted by hand", async () => {
    await using repo = await TestRepo.create(FILES);
    const tree = join(repo.home, "trees/one");
    await repo.begin();
    await repo.command("mkdir ../trees && cd ../trees && git -C ../shop worktree add -q ../trees/one");
    await work(repo, tree);
    await repo.command("rm -rf ../trees");
    const evidence = await repo.evidence();
    const touched = { created: ["src/new.js"], modified: ["README.md"], deleted: [], moved: [] };
    expect(evidence.touchedFiles).toEqual(touched);
    expect(evidence.commits).toEqual(await repo.newCommits());
  });

  test("also if an earlier run added it and the log only shows what was done there", async () => {
    await using repo = await TestRepo.create(FILES);
    const tree = join(repo.home, "shop-wt");
    await repo.shell("git worktree add -q ../shop-wt -b feature");
    await repo.begin();
    await repo.edit([{ type: "add", path: `${tree}/src/new.js` }], tree);
    await repo.command("git add -A && git commit -m 'feat: elsewhere'", tree);
    await repo.shell("git merge -q --ff-only feature && git worktree remove ../shop-wt");
    const evidence = await repo.evidence();
    expect(evidence.touchedFiles).toEqual({ created: ["src/new.js"], modified: [], deleted: [], moved: [] });
    expect(evidence.commits).toEqual(await repo.newCommits());
  });
});

describe("calls of MCP tools", () => {
  const call = (name: string, input: unknown, part: object = {}): SessionEvent => ({
    ...{ kind: "tool", id: name, name, input, outcome: "ok", output: "OK" },
    ...{ at: new Date().toISOString(), offset: 0, turn: null, agent: null, ...part },
  });

  test.each([
    [
      "by an absolute path",
      "mcp__filesystem__write_file",
      (root: string) => ({ path: `${root}/n.js`, content: "n\n" }),
    ],
    ["by a relative path", "mcp__serena__create_text_file", () => ({ relative_path: "n.js", content: "n\n" })],
    ["by a URI", "mcp__editor__apply", (root: string) => ({ uri: `file://${root}/n.js`, edits: [{ newText: "n\n" }] })],
    ["in a list", "mcp__fs__write", () => ({ files: [{ filename: "n.js", body: "n\n" }] })],
  ])("a file that git shows as changed counts, named %s", async (_, name, input) => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.write("n.js", "n\n");
    repo.events.push(call(name, input(repo.root)));
    const { touchedFiles, mcpCalls } = await repo.evidence();
    expect({ created: touchedFiles.created, mcpCalls }).toEqual({ created: ["n.js"], mcpCalls: 1 });
  });

  test("a tracked file that was edited is modified", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.write("README.md", "# Store\n");
    repo.events.push(call("mcp__serena__replace", { relative_path: "README.md", body: "# Store" }));
    expect((await repo.evidence()).touchedFiles.modified).toEqual(["README.md"]);
  });

  test("a file that was only read, that did not change, or whose call failed does not count", async () => {
    await using repo = await TestRepo.create(FILES);
    await repo.begin();
    await repo.write("README.md", "# Store\n");
    repo.events.push(call("mcp__fs__read_file", { path: "README.md" }));
    repo.events.push(call("mcp__fs__write_file", { path: "src/cart.js", content: "// cart" }));
    repo.events.push(call("mcp__fs__write_file", { path: "README.md", content: "# Store" }, { outcome: "failed" }));
    expect((await repo.evidence()).touchedFiles).toEqual({ created: [], modified: [], deleted: [], moved: [] });
  });
});
