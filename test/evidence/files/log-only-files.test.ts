import { describe, expect, test } from "bun:test";
import type { CommandEvent, EditEvent, RewindEvent } from "../../../src/events/event.ts";
import { LogOnlyFiles } from "../../../src/evidence/files/log-only-files.ts";
import { commandItems, editItems, rewindItems } from "../../../src/evidence/files/timeline.ts";
import { CommitClaims } from "../../../src/evidence/git/commit-claims.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent, editEvent } from "../events.ts";

const CWD = "/home/dev/shop";

function filesOf(
  events: readonly (CommandEvent | EditEvent | RewindEvent)[],
  cwd: string | null = CWD,
  max = 100,
): string[] {
  const files = new LogOnlyFiles(cwd, max);
  const claims = new CommitClaims();
  for (const event of events) {
    if (event.kind === "edit") files.push(editItems(event));
    else if (event.kind === "rewind") files.push(rewindItems(event));
    else {
      const run = readCommand(event);
      files.push(commandItems(run, claims.push(run)));
    }
  }
  return files.paths();
}

const add = (path: string) => editEvent([{ type: "add", path }]);
const change = (path: string) => editEvent([{ path }]);

describe("the files of a session by its log alone", () => {
  test("files of commands and edits are in the order they were first changed", () => {
    const events = [change(`${CWD}/z.js`), commandEvent("echo a > b.txt && mv old.js new.js"), change("a.js")];
    expect(filesOf(events)).toEqual(["z.js", "b.txt", "new.js", "a.js"]);
  });

  test("a file that was created and deleted is not listed", () => {
    expect(filesOf([add("tmp.js"), commandEvent("rm tmp.js")])).toEqual([]);
    expect(filesOf([change("kept.js"), commandEvent("git checkout -- kept.js")])).toEqual([]);
  });

  test("a file that was rewound is not listed", () => {
    const base = { at: null, offset: 0, turn: null, agent: null };
    const rewind: RewindEvent = { kind: "rewind", ...base, prompt: null, restored: [`${CWD}/a.js`] };
    expect(filesOf([change("a.js"), change("b.js"), rewind])).toEqual(["b.js"]);
  });

  test("a deleted file is listed", () => {
    expect(filesOf([commandEvent("rm old.js")])).toEqual(["old.js"]);
  });

  test("`rm -f` of an untouched file is not listed", () => {
    expect(filesOf([commandEvent("rm -f never.js; rm -rf dist")])).toEqual([]);
    expect(filesOf([change("old.js"), commandEvent("rm -f old.js")])).toEqual(["old.js"]);
  });

  test("a committed file stays after `git reset --hard`", () => {
    const events = [change("a.js"), commandEvent("git commit -am x"), change("b.js"), commandEvent("git reset --hard")];
    expect(filesOf(events)).toEqual(["a.js"]);
  });

  test("a stashed and restored file is committed with the rest", () => {
    const commands = "git stash; git commit -m x --allow-empty; git stash pop; git commit -am y; git reset --hard";
    expect(filesOf([change("a.js"), ...commands.split("; ").map((command) => commandEvent(command))])).toEqual([
      "a.js",
    ]);
  });

  test("outside of the folder only edits are listed", () => {
    expect(filesOf([commandEvent("echo a > /tmp/a.txt; echo b > ~/b.txt; echo c > ../c.txt")])).toEqual([]);
    expect(filesOf([change("/home/dev/other/d.js")])).toEqual(["/home/dev/other/d.js"]);
  });

  test("paths are relative to the session's folder, wherever the command ran", () => {
    expect(
      filesOf([commandEvent("cd src && echo a > a.js"), commandEvent("echo b > b.js", { cwd: `${CWD}/lib` })]),
    ).toEqual(["src/a.js", "lib/b.js"]);
    expect(filesOf([commandEvent('echo a > "$(git rev-parse --show-toplevel)/a.js"')])).toEqual(["a.js"]);
  });

  test("without a session folder, paths are as in the log", () => {
    expect(filesOf([editEvent([{ path: "a.js" }], { cwd: null }), change("/srv/b.js")], null)).toEqual([
      "a.js",
      "/srv/b.js",
    ]);
  });

  test("a Windows path stays as it is", () => {
    const cwd = "C:\\dev\\shop";
    expect(filesOf([editEvent([{ path: `${cwd}\\a.js` }], { cwd })], cwd)).toEqual([`${cwd}\\a.js`]);
  });

  test("unfinished commands and guesses are not listed", () => {
    expect(filesOf([commandEvent("echo a > a.txt", { outcome: "interrupted", exitCode: null })])).toEqual([]);
    const seen = [{ path: `${CWD}/made.js`, how: "created" as const }];
    expect(filesOf([commandEvent("./generate", { observedChanges: seen })])).toEqual([]);
  });

  test("no more files than the maximum are kept", () => {
    expect(filesOf([commandEvent("touch {1..50}.txt")], CWD, 10)).toHaveLength(10);
  });
});
