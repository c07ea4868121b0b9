import { describe, expect, test } from "bun:test";
import { CommitClaims, remainingClaims } from "../../../src/evidence/git/commit-claims.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent } from "../events.ts";

type Run = [command: string, output?: string, exitCode?: number];

/** The remaining commits by the log alone: `hash subject`, with `?` for what is unknown. */
function commitsOf(...runs: Run[]): string[] {
  const claims = new CommitClaims();
  for (const [command, output = "", exitCode = 0] of runs) {
    claims.push(readCommand(commandEvent(command, { output, exitCode })));
  }
  return remainingClaims(claims.claims).map(({ hash, subject }) => `${hash ?? "?"} ${subject ?? "?"}`);
}

describe("a commit announced by git", () => {
  const cases: [line: string, commit: string][] = [
    ["[main 1234567] feat: x", "1234567 feat: x"],
    ["[main (root-commit) 1234567] feat: x", "1234567 feat: x"],
    ["[main (Root-Commit) 1234567] feat: x", "1234567 feat: x"],
    ["[detached HEAD 1234567] feat: x", "1234567 feat: x"],
    ["[losgelöster HEAD 1234567] feat: x", "1234567 feat: x"],
    ["[fix/a.b#1 1234567890ab] fix: y (#12)", "1234567890ab fix: y (#12)"],
    ["[release-1.2.x 1234567] [skip ci] release", "1234567 [skip ci] release"],
    ["[ünï/cödé 1234567] 日本語 “quoted”", "1234567 日本語 “quoted”"],
    ["\u001b[33m[main 1234567] feat: x\u001b[0m\r", "1234567 feat: x"],
  ];
  for (const [line, commit] of cases) {
    test(line, () => expect(commitsOf(["git commit -m x", `hook ran\n${line}\n 1 file changed\n`])).toEqual([commit]));
  }
  const others: Run[] = [
    ["cat build.log", "[main 1234567] feat: x\n"],
    ["tac build.log", "[main 1234567] feat: x\n"],
    ["grep -r feat .", "[main 1234567] feat: x\n"],
    ["git log", "[main 1234567] feat: x\n"],
    ["git commit -m x", "[main 123] feat: x\nnothing to commit\n", 1],
    ["git commit -m x", "[2026-01-01 12:00:00] hook\nnothing to commit, working tree clean\n", 1],
    ["git log --oneline -3", "1234567 feat: x\n"],
    ["git show HEAD", "commit 1234567890123456789012345678901234567890\n\n    feat: x\n"],
    ["git rev-parse HEAD", "1234567890123456789012345678901234567890\n"],
    ["git commit --dry-run", ""],
    ["git commit --help", ""],
    ["git merge --abort", ""],
    ["git merge side", "Updating 1234567..abcdef1\nFast-forward\n"],
    ["git pull", "Already up to date.\n"],
    ["echo 'git commit -m x'", "git commit -m x\n"],
    ["git commit -m x", "error: pathspec\n", 1],
    ["true || git commit -m x", ""],
  ];
  for (const run of others)
    test(`not by ${run[0]}: ${run[1]?.split("\n")[0]}`, () => expect(commitsOf(run)).toEqual([]));
  test("by a script", () => {
    expect(commitsOf(["./release.sh", "[main 1234567] chore: release\n"])).toEqual(["1234567 chore: release"]);
  });
  test("several in one command", () => {
    const output = "[main 1111111] a\n 1 file changed\n[main 2222222] b\n";
    expect(commitsOf(["git commit -m a; git commit -m b", output])).toEqual(["1111111 a", "2222222 b"]);
    expect(commitsOf(["git cherry-pick x y", output])).toEqual(["1111111 a", "2222222 b"]);
  });
  test("before a command that failed", () => {
    expect(commitsOf(["git commit -m a && git push", "[main 1111111] a\nfatal: no remote\n", 128])).toEqual([
      "1111111 a",
    ]);
  });
});

describe("a commit that git did not announce", () => {
  const cases: [name: string, runs: Run[], commits: string[]][] = [
    [
      "listed in the same command",
      [["git commit -qm 'feat: x' && git log -1 --oneline", "1234567 feat: x\n"]],
      ["1234567 feat: x"],
    ],
    [
      "listed with decorations",
      [
        [
          "git commit -qm 'feat: x' && git log --oneline -2",
          "1234567 (HEAD -> main) feat: x\nabcdef1 (origin/main) init\n",
        ],
      ],
      ["1234567 feat: x"],
    ],
    [
      "listed by a later command",
      [["git commit -qm 'feat: x'"], ["ls", "a\n"], ["git log --oneline", "1234567 feat: x\nabcdef1 init\n"]],
      ["1234567 feat: x"],
    ],
    [
      "listed in full",
      [
        ["git commit -qm 'feat: x'"],
        [
          "git log -1",
          "commit 1234567890123456789012345678901234567890 (HEAD -> main)\nAuthor: Ada\nDate:   now\n\n    feat: x\n",
        ],
      ],
      ["1234567890123456789012345678901234567890 feat: x"],
    ],
    [
      "listed by its hash alone",
      [["git commit -qm 'feat: x' && git rev-parse HEAD", "1234567890123456789012345678901234567890\n"]],
      ["1234567890123456789012345678901234567890 feat: x"],
    ],
    [
      "listed with a subject that the command does not have",
      [["git commit -qF msg && git log -1 --oneline", "1234567 feat: from file\n"]],
      ["1234567 feat: from file"],
    ],
    [
      "two listed at once",
      [["git commit -qm a"], ["git commit -qm b"], ["git log --oneline -2", "2222222 b\n1111111 a\n"]],
      ["1111111 a", "2222222 b"],
    ],
    ["never listed", [["git commit -qm 'feat: x'"]], ["? feat: x"]],
    [
      "another one listed",
      [["git commit -qm 'feat: x'"], ["git log -1 --oneline other", "1234567 feat: y\n"]],
      ["? feat: x"],
    ],
    ["listed before it was made", [["git log --oneline -1; git commit -qF msg", "1234567 init\n"]], ["? ?"]],
  ];
  for (const [name, runs, commits] of cases) test(name, () => expect(commitsOf(...runs)).toEqual(commits));
});

test("a hash is looked for in the output of the next 19 commands", () => {
  const commit: Run = ["git commit -qm 'feat: x'"];
  const log: Run = ["git log --oneline -1", "1234567 feat: x\n"];
  const others = (count: number) => Array.from({ length: count }, (): Run => ["ls"]);
  expect(commitsOf(commit, ...others(18), log)).toEqual(["1234567 feat: x"]);
  expect(commitsOf(commit, ...others(19), log)).toEqual(["? feat: x"]);
});

test("only the first mebibyte of an output is searched for announcements", () => {
  const line = "[main 1234567] x";
  const padding = "\n".repeat(1024 * 1024 - line.length);
  expect(commitsOf(["./release", padding + line])).toEqual(["1234567 x"]);
  expect(commitsOf(["./release", `${padding}\n\n\n${line}`])).toEqual([]);
});

describe("an undone commit", () => {
  const made: Run = ["git commit -m a", "[main 1111111] a\n"];
  const next: Run = ["git commit -m b", "[main 2222222] b\n"];
  const cases: [name: string, runs: Run[], commits: string[]][] = [
    ["amended", [made, ["git commit --amend -m b", "[main 2222222] b\n"]], ["2222222 b"]],
    ["amended in vain", [made, ["git commit --amend -m b", "fatal: x\n", 128]], ["1111111 a"]],
    ["reset", [made, next, ["git reset --hard HEAD~1"]], ["1111111 a"]],
    ["reset by two", [made, next, ["git reset --soft HEAD~2"]], []],
    ["reset by carets", [made, next, ["git reset 'HEAD^^'"]], []],
    ["reset of files only", [made, ["git reset HEAD file"]], ["1111111 a"]],
    ["maybe amended", [made, ["[ -f x ] && git commit -q --amend -m b; true"]], ["1111111 a"]],
    ["reset by a command that did not run", [made, ["false && git reset --hard HEAD~1", "", 1]], ["1111111 a"]],
  ];
  for (const [name, runs, commits] of cases) test(name, () => expect(commitsOf(...runs)).toEqual(commits));
});

describe("the subject of a message", () => {
  const cases: [command: string, subject: string][] = [
    ["git commit -qm 'feat: x'", "feat: x"],
    ["git commit -q -m 'feat: x' -m body", "feat: x"],
    ["git commit -qam'feat: x'", "feat: x"],
    ["git commit -q --message='feat: x'", "feat: x"],
    ["git commit -qm 'one\ntwo\n\nbody'", "one two"],
    ["git commit -qm \"$(cat <<'EOF'\nfeat: x\n\nbody\nEOF\n)\"", "feat: x"],
    ["git -c user.name=x commit -qm 'feat: x'", "feat: x"],
    ['git commit -qm "$MESSAGE"', "?"],
    [`git commit -qm '${"long ".repeat(200)}'`, `${"long ".repeat(200).slice(0, 499)}…`],
    ["git commit -qm 'bell \u0007 and \u001b[31mred'", "bell and red"],
  ];
  for (const [command, subject] of cases) {
    test(command.slice(0, 60), () => expect(commitsOf([command])).toEqual([`? ${subject}`]));
  }
});
