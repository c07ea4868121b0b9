import { describe, expect, test } from "bun:test";
import type { CommandEvent, EditEvent, RewindEvent } from "../../../src/events/event.ts";
import { LogOnlyFiles } from "../../../src/evidence/files/log-only-files.ts";
import { commandItems, editItems, rewindItems } from "../../../src/evidence/files/timeline.ts";
import { CommitClaims } from "../../../src/evidence/git/commit-claims.ts";
import { readCommand } from "../../../src/evidence/shell/read-command.ts";
import { commandEvent, editEvent } from "../events.ts";

const CWD = "/home/dev/shop";

function told(
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

describe("a session's files, by its log alone", () => {
  test("those of commands stand beside those of edits, in the order in which they came", () => {
    const events = [change(`${CWD}/z.js`), commandEvent("echo a > b.txt && mv old.js new.js"), change("a.js")];
    expect(told(events)).toEqual(["z.js", "b.txt", "new.js", "a.js"]);
  });

  test("one that came and went is none", () => {
    expect(told([add("tmp.js"), commandEvent("rm tmp.js")])).toEqual([]);
    expect(told([change("kept.js"), commandEvent("git checkout -- kept.js")])).toEqual([]);
  });

  test("one that was taken back is none", () => {
    const place = { at: null, offset: 0, turn: null, agent: null };
    const rewind: RewindEvent = { kind: "rewind", ...place, prompt: null, restored: [`${CWD}/a.js`] };
    expect(told([change("a.js"), change("b.js"), rewind])).toEqual(["b.js"]);
  });

  test("one that is gone is one", () => {
    expect(told([commandEvent("rm old.js")])).toEqual(["old.js"]);
  });

  test("`rm -f` alone proves no file", () => {
    expect(told([commandEvent("rm -f never.js; rm -rf dist")])).toEqual([]);
    expect(told([change("old.js"), commandEvent("rm -f old.js")])).toEqual(["old.js"]);
  });

  test("what was committed stays when all else is thrown away", () => {
    const events = [change("a.js"), commandEvent("git commit -am x"), change("b.js"), commandEvent("git reset --hard")];
    expect(told(events)).toEqual(["a.js"]);
  });

  test("what was put away and taken back is committed with the rest", () => {
    const commands = "git stash; git commit -m x --allow-empty; git stash pop; git commit -am y; git reset --hard";
    expect(told([change("a.js"), ...commands.split("; ").map((command) => commandEvent(command))])).toEqual(["a.js"]);
  });

  test("what a command writes elsewhere is none of it, but an edit is told", () => {
    expect(told([commandEvent("echo a > /tmp/a.txt; echo b > ~/b.txt; echo c > ../c.txt")])).toEqual([]);
    expect(told([change("/home/dev/other/d.js")])).toEqual(["/home/dev/other/d.js"]);
  });

  test("a command in another folder is told from the session's", () => {
    expect(
      told([commandEvent("cd src && echo a > a.js"), commandEvent("echo b > b.js", { cwd: `${CWD}/lib` })]),
    ).toEqual(["src/a.js", "lib/b.js"]);
    expect(told([commandEvent('echo a > "$(git rev-parse --show-toplevel)/a.js"')])).toEqual(["a.js"]);
  });

  test("a log that names no folder tells what it can", () => {
    expect(told([editEvent([{ path: "a.js" }], { cwd: null }), change("/srv/b.js")], null)).toEqual([
      "a.js",
      "/srv/b.js",
    ]);
  });

  test("a path of Windows stays what it is", () => {
    const cwd = "C:\\dev\\shop";
    expect(told([editEvent([{ path: `${cwd}\\a.js` }], { cwd })], cwd)).toEqual([`${cwd}\\a.js`]);
  });

  test("what nobody knows the end of, or only saw change, proves nothing", () => {
    expect(told([commandEvent("echo a > a.txt", { outcome: "interrupted", exitCode: null })])).toEqual([]);
    const seen = [{ path: `${CWD}/made.js`, how: "created" as const }];
    expect(told([commandEvent("./generate", { observedChanges: seen })])).toEqual([]);
  });

  test("beyond the bound no more are taken in", () => {
    expect(told([commandEvent("touch {1..50}.txt")], CWD, 10)).toHaveLength(10);
  });
});
