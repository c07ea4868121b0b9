import { describe, expect, test } from "bun:test";
import type { CommandEvent } from "../../src/events/event.ts";
import { readFailure } from "../../src/evidence/failed-commands.ts";
import { readCommand } from "../../src/evidence/shell/read-command.ts";
import { commandEvent } from "./events.ts";

function failureOf(command: string, part: Partial<CommandEvent>) {
  return readFailure(readCommand(commandEvent(command, part)));
}

describe("a failure", () => {
  const cases: [command: string, exitCode: number, output: string][] = [
    ["cat nowhere.txt", 1, "cat: nowhere.txt: No such file or directory\n"],
    ["npm test", 1, "# fail 1\n"],
    ["grep -n x nowhere.txt", 2, "grep: nowhere.txt: No such file or directory\n"],
    ["diff a nowhere", 2, "diff: nowhere: No such file or directory\n"],
    ["npm run lint && grep -q x a", 1, "3 problems\n"],
    ["git diff --stat nowhere", 128, "fatal: ambiguous argument\n"],
    ["sleep 99", 124, ""],
    ["if then", 2, "bash: syntax error\n"],
    ["git commit -m x", 1, "nothing to commit, working tree clean\n"],
    ["git config user.name Ada", 255, "error: could not lock config file\n"],
  ];
  for (const [command, exitCode, output] of cases) {
    test(`${command}: ${exitCode}`, () => {
      expect(failureOf(command, { exitCode, output })).toEqual({ command, exitCode, outputTail: output.trim() });
    });
  }
  test("without an exit status in the log", () => {
    expect(failureOf("make", { exitCode: null, outcome: "failed" })).toEqual({
      command: "make",
      exitCode: null,
      outputTail: "",
    });
  });
  test("has the end of its output, without terminal escape sequences", () => {
    const output = `${"line\n".repeat(1_000)}\u001b[31merror\u001b[0m: last\r\n\n`;
    const tail = failureOf("make", { exitCode: 2, output })?.outputTail ?? "";
    expect(tail.split("\n")).toHaveLength(8);
    expect(tail.endsWith("line\nerror: last")).toBe(true);
  });
  test("has a bounded command and output", () => {
    const failure = failureOf(`echo ${"😀".repeat(5_000)}; false`, { exitCode: 1, output: "😀".repeat(100_000) });
    expect(failure?.command.length).toBeLessThan(2_100);
    expect(failure?.outputTail.length).toBeLessThanOrEqual(1_000);
    expect(failureOf("x".repeat(2_001), { exitCode: 2 })?.command).toBe(`${"x".repeat(2_000)}…`);
    expect(failureOf("x".repeat(2_000), { exitCode: 2 })?.command).toBe("x".repeat(2_000));
    expect(failureOf("x", { exitCode: 2, output: "y".repeat(1_001) })?.outputTail).toHaveLength(1_000);
    expect(failure?.command.isWellFormed()).toBe(true);
    expect(failure?.outputTail.isWellFormed()).toBe(true);
  });
});

describe("no failure", () => {
  const cases: [command: string, exitCode: number, output?: string][] = [
    ["true", 0],
    ["grep -q x a", 1],
    ["rg -n nothing src", 1],
    ["git grep nothing", 1],
    ["diff a b", 1, "1c1\n< a\n---\n> b\n"],
    ["cmp a b", 1, "a b differ\n"],
    ["git diff --exit-code", 1, "diff --git a/x b/x\n"],
    ["git diff --quiet && echo clean", 1],
    ["test -f nowhere", 1],
    ["[ -d nowhere ] && ls nowhere", 1],
    ["[[ -f nowhere ]]", 1],
    ["which nowhere", 1],
    ["command -v nowhere", 1],
    ["pgrep nowhere", 1],
    ["cd src && rg nothing", 1],
    ["git merge-base --is-ancestor a b", 1],
    ["git config --get user.nowhere", 1],
    ["git config user.nowhere", 1],
    ["git config get user.nowhere", 1],
    ["cat a | grep nothing", 1],
  ];
  for (const [command, exitCode, output = ""] of cases) {
    test(command, () => expect(failureOf(command, { exitCode, output })).toBeNull());
  }
  test("a refused command", () => expect(failureOf("rm -rf /", { exitCode: null, outcome: "refused" })).toBeNull());
});
