import { describe, expect, test } from "bun:test";
import type { TouchedFiles } from "../../../src/evidence/evidence.ts";
import { foldFiles } from "../../../src/evidence/files/fold-files.ts";
import type { CommitChange, Grade, Operation, StartTree, Step } from "../../../src/evidence/files/operations.ts";

/** `null`: it is unknown what was there. */
function treeOf(files: string[] | null): StartTree {
  return {
    has: (path) => (files === null ? null : files.includes(path)),
    content: () => null,
    under: (folder) => (files ?? []).filter((path) => folder === "" || path.startsWith(`${folder}/`)),
  };
}

const op = (operation: Operation, grade: Grade = "command"): Step => ({ step: "operation", operation, grade });
const add = (path: string) => op({ kind: "add", path }, "edit");
const change = (path: string) => op({ kind: "change", path }, "edit");
const write = (path: string) => op({ kind: "write", path });
const append = (path: string) => op({ kind: "append", path });
const touch = (path: string) => op({ kind: "touch", path });
const remove = (path: string, flags = "") =>
  op({ kind: "delete", path, recursive: flags.includes("r"), forced: flags.includes("f") });
const move = (from: string, to: string, changed = false) => op({ kind: "move", from: { path: from }, to, changed });
const copy = (from: string, to: string) => op({ kind: "copy", from: { path: from }, to, recursive: from === "d" });
const restore = (path: string | null) => op({ kind: "restore", path });
const stash = (untracked: boolean) => op({ kind: "stash", untracked });
const reset = (path: string) => op({ kind: "reset", path }, "edit");
const stageAll: Step = { step: "stage-all", folder: "", tracked: false };
const stageTracked: Step = { step: "stage-all", folder: "", tracked: true };
/** `A a`, `M a`, `D a`, `R a b`, `R100 a b`. */
function commit(...lines: string[]): Step {
  const changes = lines.map((line): CommitChange => {
    const [status = "", first = "", second] = line.split(" ");
    if (second !== undefined)
      return { status: "R", from: first, path: second, changed: status !== "R100", content: null };
    return {
      status: status === "A" || status === "D" ? status : "M",
      path: first,
      from: null,
      changed: true,
      content: null,
    };
  });
  return { step: "commit", changes, complete: true };
}

function folded(files: string[] | null, steps: Step[]): Partial<TouchedFiles> {
  const { touched } = foldFiles(steps, treeOf(files), (path) => path.startsWith("ignored/"));
  return Object.fromEntries(Object.entries(touched).filter(([, paths]) => paths.length > 0));
}

const NOTHING = {};

test("a rewound file is as at the start, or as committed", () => {
  expect(folded(["a"], [change("a"), add("b"), reset("a"), reset("b")])).toEqual(NOTHING);
  expect(folded(null, [change("a"), add("b"), reset("a"), reset("b")])).toEqual(NOTHING);
  expect(folded(["a"], [change("a"), commit("M a"), change("a"), reset("a")])).toEqual({ modified: ["a"] });
  expect(folded(["a"], [reset("a")])).toEqual(NOTHING);
});

describe("one operation", () => {
  const cases: [name: string, files: string[] | null, step: Step, touched: Partial<TouchedFiles>][] = [
    ["adding a new file creates it", [], add("a"), { created: ["a"] }],
    ["adding over a file modifies it", ["a"], add("a"), { modified: ["a"] }],
    ["writing a new file creates it", [], write("a"), { created: ["a"] }],
    ["writing over a file modifies it", ["a"], write("a"), { modified: ["a"] }],
    ["writing where the tree is unknown creates", null, write("a"), { created: ["a"] }],
    ["appending where the tree is unknown modifies", null, append("a"), { modified: ["a"] }],
    ["appending to nothing creates", [], append("a"), { created: ["a"] }],
    ["changing modifies", ["a"], change("a"), { modified: ["a"] }],
    ["changing an untracked file modifies it", [], change("a"), { modified: ["a"] }],
    ["touching an existing file changes nothing", ["a"], touch("a"), NOTHING],
    ["touching a missing file creates it", [], touch("a"), { created: ["a"] }],
    ["deleting deletes", ["a"], remove("a"), { deleted: ["a"] }],
    ["deleting a missing file by force changes nothing", [], remove("a", "f"), NOTHING],
    ["deleting by force where the tree is unknown deletes", null, remove("a", "f"), { deleted: ["a"] }],
    [
      "deleting a folder deletes what was in it",
      ["d/a", "d/e/b", "da"],
      remove("d", "rf"),
      { deleted: ["d/a", "d/e/b"] },
    ],
    ["deleting an unknown folder changes nothing", null, remove("d", "rf"), NOTHING],
    ["moving moves", ["a"], move("a", "b"), { moved: [{ from: "a", to: "b" }] }],
    ["moving into a folder", ["a"], move("a", "d/"), { moved: [{ from: "a", to: "d/a" }] }],
    ["moving into a folder of the tree", ["a", "d/x"], move("a", "d"), { moved: [{ from: "a", to: "d/a" }] }],
    [
      "moving a folder moves its files",
      ["d/a", "d/e/b"],
      move("d", "n"),
      {
        moved: [
          { from: "d/a", to: "n/a" },
          { from: "d/e/b", to: "n/e/b" },
        ],
      },
    ],
    ["moving over a file", ["a", "b"], move("a", "b"), { modified: ["b"], deleted: ["a"] }],
    ["copying creates", ["a"], copy("a", "b"), { created: ["b"] }],
    ["copying over a file modifies it", ["a", "b"], copy("a", "b"), { modified: ["b"] }],
    ["copying a folder", ["d/a", "d/b"], copy("d", "n"), { created: ["n/a", "n/b"] }],
    ["restoring an untouched file changes nothing", ["a"], restore("a"), NOTHING],
  ];
  for (const [name, files, step, touched] of cases) test(name, () => expect(folded(files, [step])).toEqual(touched));
});

describe("several operations", () => {
  const cases: [name: string, files: string[] | null, steps: Step[], touched: Partial<TouchedFiles>][] = [
    ["created, then deleted", [], [add("a"), remove("a")], NOTHING],
    ["created, then deleted, in an unknown tree", null, [add("a"), remove("a")], NOTHING],
    ["created, then modified", [], [add("a"), change("a")], { created: ["a"] }],
    ["created, then moved", [], [add("a"), move("a", "b")], { created: ["b"] }],
    ["modified, then deleted", ["a"], [change("a"), remove("a")], { deleted: ["a"] }],
    ["deleted, then created again", ["a"], [remove("a"), add("a")], { modified: ["a"] }],
    ["deleted, then created again, in an unknown tree", null, [remove("a"), add("a")], { modified: ["a"] }],
    ["moved and modified", ["a"], [move("a", "b"), change("b")], { moved: [{ from: "a", to: "b" }] }],
    [
      "modified and moved, in an unknown tree",
      null,
      [change("a"), move("a", "b")],
      { moved: [{ from: "a", to: "b" }] },
    ],
    ["moved twice", ["a"], [move("a", "b"), move("b", "c")], { moved: [{ from: "a", to: "c" }] }],
    ["moved and moved back", ["a"], [move("a", "b"), move("b", "a")], NOTHING],
    ["moved, modified and moved back", ["a"], [move("a", "b"), change("b"), move("b", "a")], { modified: ["a"] }],
    ["moved, then deleted", ["a"], [move("a", "b"), remove("b")], { deleted: ["a"] }],
    ["moved, then created again", ["a"], [move("a", "b"), add("a")], { modified: ["a"], created: ["b"] }],
    ["two files swapped", ["a", "b"], [move("a", "t"), move("b", "a"), move("t", "b")], { modified: ["a", "b"] }],
    ["a folder with a new file, deleted", ["d/a"], [add("d/n"), remove("d", "rf")], { deleted: ["d/a"] }],
    ["modified, then restored", ["a"], [change("a"), restore("a")], NOTHING],
    ["everything restored leaves new files", ["a"], [change("a"), add("n"), restore(null)], { created: ["n"] }],
    ["restored in an unknown tree", null, [change("a"), restore(".")], NOTHING],
    ["deleted, then restored", ["d/a"], [remove("d", "r"), restore("d")], NOTHING],
    ["stashed and restored", ["a"], [change("a"), stash(false), op({ kind: "unstash" })], { modified: ["a"] }],
    ["stashed only", ["a"], [change("a"), stash(false)], NOTHING],
    ["a new file is not stashed", ["a"], [change("a"), add("n"), stash(false)], { created: ["n"] }],
    ["a new file is stashed with -u", ["a"], [change("a"), add("n"), stash(true)], NOTHING],
    [
      "a new file is stashed and restored",
      ["a"],
      [change("a"), add("n"), stash(true), op({ kind: "unstash" })],
      { created: ["n"], modified: ["a"] },
    ],
    ["a new file is stashed in an unknown tree", null, [change("a"), add("n"), stash(true)], NOTHING],
  ];
  for (const [name, files, steps, touched] of cases) test(name, () => expect(folded(files, steps)).toEqual(touched));
});

describe("with commits", () => {
  const cases: [name: string, files: string[] | null, steps: Step[], touched: Partial<TouchedFiles>][] = [
    [
      "a commit has changes that no command names",
      ["a", "b", "c"],
      [commit("M a", "D b", "A n", "R100 c d")],
      { created: ["n"], modified: ["a"], deleted: ["b"], moved: [{ from: "c", to: "d" }] },
    ],
    [
      "a commit corrects the operations",
      ["a"],
      [write("a"), move("a", "b"), stageAll, commit("D a", "A b")],
      { created: ["b"], deleted: ["a"] },
    ],
    [
      "a staged change that is not in the commit is ignored",
      ["a"],
      [change("a"), stageAll, commit("A n")],
      { created: ["n"] },
    ],
    ["a change that was not staged stays", ["a"], [change("a"), commit("A n")], { created: ["n"], modified: ["a"] }],
    [
      "a new file is not staged by `commit -a`",
      ["a"],
      [add("n"), change("a"), stageTracked, commit("M a")],
      { created: ["n"], modified: ["a"] },
    ],
    ["an ignored file is not staged", [], [add("ignored/x"), stageAll, commit("A n")], { created: ["ignored/x", "n"] }],
    [
      "an untracked file that was there and is committed is modified",
      [],
      [change("a"), stageAll, commit("A a")],
      { modified: ["a"] },
    ],
    [
      "an untracked file that was there, moved and committed is moved",
      [],
      [move("a.js", "b.js"), stageAll, commit("A b.js")],
      { moved: [{ from: "a.js", to: "b.js" }] },
    ],
    ["created in one commit, deleted in the next", [], [commit("A a"), commit("D a")], NOTHING],
    [
      "moved in one commit, modified in the next",
      ["a"],
      [commit("R100 a b"), commit("M b")],
      { moved: [{ from: "a", to: "b" }] },
    ],
    ["deleted in one commit, back in the next", ["a"], [commit("D a"), commit("A a")], { modified: ["a"] }],
    [
      "changes after the commit count",
      ["a"],
      [commit("M a"), add("n"), remove("a")],
      { created: ["n"], deleted: ["a"] },
    ],
    [
      "restored to the commit, not to the start",
      ["a"],
      [commit("M a"), change("a"), restore("a")],
      { modified: ["a"] },
    ],
    [
      "in an unknown tree, the printed changes",
      null,
      [change("a"), commit("A n", "D d", "R x y")],
      { created: ["n"], modified: ["a"], deleted: ["d"], moved: [{ from: "x", to: "y" }] },
    ],
  ];
  for (const [name, files, steps, touched] of cases) test(name, () => expect(folded(files, steps)).toEqual(touched));
  test("a printed commit may have more changes", () => {
    const printed: Step = { step: "commit", changes: [], complete: false };
    expect(folded(["a"], [change("a"), stageAll, printed])).toEqual({ modified: ["a"] });
  });
  test("staging a folder does not stage other folders", () => {
    const staged: Step = { step: "stage-all", folder: "d", tracked: false };
    expect(folded(["a", "d/b"], [change("a"), change("d/b"), staged, commit("A d/n")])).toEqual({
      created: ["d/n"],
      modified: ["a"],
    });
  });
});

test("the best grade of a path is kept", () => {
  const { grades } = foldFiles([write("a"), change("a"), write("b"), write("c"), commit("A c")], treeOf([]));
  expect(Object.fromEntries(grades)).toEqual({ a: "edit", b: "command", c: "git" });
});
