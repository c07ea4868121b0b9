import { expect, test } from "bun:test";
import { countDiff, readDiff, readNewFile } from "../../src/transcript/diff.ts";

test("reads the line numbers of a unified diff", () => {
  const diff =
    "--- a/x\n+++ b/x\n@@ -3,2 +3,3 @@ function x\n same\n-old\n+new\n+more\n@@ -20 +21 @@ y\n-a\n+b\n\\ No newline at end of file\n";
  expect(readDiff(diff)).toEqual([
    { kind: "context", old: 3, now: 3, text: "same" },
    { kind: "removed", old: 4, now: null, text: "old" },
    { kind: "added", old: null, now: 4, text: "new" },
    { kind: "added", old: null, now: 5, text: "more" },
    { kind: "gap", text: "y" },
    { kind: "removed", old: 20, now: null, text: "a" },
    { kind: "added", old: null, now: 21, text: "b" },
    { kind: "note", text: "No newline at end of file" },
  ]);
});

test("a patch without line numbers has none", () => {
  expect(readDiff("@@\n-a\n+b\n@@ class X\n c\n")).toEqual([
    { kind: "removed", old: null, now: null, text: "a" },
    { kind: "added", old: null, now: null, text: "b" },
    { kind: "gap", text: "class X" },
    { kind: "context", old: null, now: null, text: "c" },
  ]);
});

test("lines that look like file headers are content once a hunk has started", () => {
  const lines = readDiff("@@ -1,2 +1,2 @@\n--- a\n+++ b\n");
  expect(lines.map(({ kind, text }) => [kind, text])).toEqual([
    ["removed", "-- a"],
    ["added", "++ b"],
  ]);
});

test("all lines of a new file are added", () => {
  expect(readNewFile("a\n\nb\n").map(({ text }) => text)).toEqual(["a", "", "b"]);
  expect(readNewFile("")).toEqual([]);
  expect(countDiff(readNewFile("a\nb"))).toEqual({ added: 2, removed: 0 });
});
