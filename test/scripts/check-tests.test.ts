import { expect, test } from "bun:test";
import { checkTests } from "../../scripts/check-tests.ts";

const SOURCES = ["main.ts", "runs/label.ts", "agents/codex/parser.ts"];

test.each([
  ["a test of a file", "runs/label.test.ts", ""],
  ["a slow test of a file", "runs/label.slow.test.ts", ""],
  ["a test of a folder", "agents/codex.test.ts", ""],
  ["a test of some behaviour of a folder", "agents/codex/kills.test.ts", "// What a killed parser leaves.\n"],
  ["a test outside the folders of src", "fuzz/fuzz.test.ts", ""],
  ["a test at the root", "recordings.test.ts", ""],
])("%s is accepted", (_, path, text) => {
  expect(checkTests(new Map([[path, text]]), SOURCES)).toEqual([]);
});

test.each([
  ["runs/lable.test.ts", "has the name of no file in src/runs: say in a first comment what it tests"],
  ["agents/echo/parser.test.ts", "tests a folder that does not exist: src/agents/echo"],
])("%s is rejected", (path, problem) => {
  expect(checkTests(new Map([[path, 'import { test } from "bun:test";\n']]), SOURCES)).toEqual([
    `test/${path} ${problem}`,
  ]);
});
