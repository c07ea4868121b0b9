import { describe, expect, test } from "bun:test";
import { readArguments, readClaudeArguments } from "../../../src/agents/claude/arguments.ts";

const ID = "01a202ec-6ad7-7060-a0aa-f7fd140d188e";

describe("options and their values", () => {
  test.each([
    [["--model", "--continue"], { "--model": "--continue" }],
    [["--resume", "--model", "x"], { "--resume": null, "--model": "x" }],
    [["--resume=a", "-nb"], { "--resume": "a", "-n": "b" }],
    [["-pc"], { "-p": null, "-c": null }],
    [["-pr", "a"], { "-p": null, "-r": "a" }],
    [["-dc"], { "-d": "c" }],
    [["--add-dir", "a", "b", "-c"], { "--add-dir": "a", "-c": null }],
    [["--resume", "a", "--resume", "b"], { "--resume": "b" }],
    [["--session-id"], { "--session-id": null }],
    [["--append-system-prompt", "--resume a", "-p"], { "--append-system-prompt": "--resume a", "-p": null }],
    [["-p", "--", "--resume", "a"], { "-p": null }],
    [["--unheard-of", "a"], { "--unheard-of": null }],
  ])("%j", (args, options) => {
    expect(Object.fromEntries(readClaudeArguments(args).options) as unknown).toEqual(options);
  });
});

describe("the first word", () => {
  test.each([
    [["fix it", "now"], "fix it"],
    [["--model", "opus", "mcp", "list"], "mcp"],
    [["--add-dir", "a", "mcp"], null],
    [["--add-dir=a", "mcp"], "mcp"],
    [["-d", "mcp"], null],
    [["-p", "fix it"], "fix it"],
    [["-"], "-"],
    [["--", "mcp"], null],
  ])("of %j is %p", (args, word) => {
    expect(readClaudeArguments(args).word).toBe(word);
  });
});

describe("the session in the arguments", () => {
  test.each([
    [[], null],
    [["fix it"], null],
    [["--resume", ID], { id: ID }],
    [[`--resume=${ID}`], { id: ID }],
    [["-r", ID, "go on"], { id: ID }],
    [["--resume"], { id: null }],
    [["--resume", "--model", "x"], { id: null }],
    [["-r", "the cart"], { id: null }],
    [["--continue"], { id: null }],
    [["-c"], { id: null }],
    [["-pc", "go on"], { id: null }],
    [["--", "--continue"], null],
    [["--resume", ID, "--fork-session"], null],
    [["--continue", "--fork-session"], null],
    [["-p", "go on", `-r${ID}`], { id: ID }],
    [["-pr", ID, "go on"], { id: ID }],
    [["--from-pr", "12"], { id: null }],
    [["--teleport"], { id: null }],
    [["--model", "--resume", ID], null],
    [["--append-system-prompt", "-c", "go"], null],
    [["--worktree", "cart"], null],
  ] as const)("%j", (args, resume) => {
    expect(readArguments(args).resume).toEqual(resume);
  });

  test("a fork is a new session", () => {
    const request = { resume: null, fork: true, sessionId: null };
    expect(readArguments(["--resume", ID, "--fork-session"])).toMatchObject(request);
  });

  test("an id given in the arguments is kept", () => {
    expect(readArguments(["--session-id", ID])).toMatchObject({ sessionId: ID, resume: null });
  });
});

test.each([
  [["mcp", "list"], true],
  [["-v"], true],
  [["mcp servers are slow"], false],
  [["--model", "opus", "mcp", "list"], true],
  [["-p", "mcp"], false],
  [["--tools", "mcp"], false],
  [["attach", "aacdb50e"], true],
  [["--bg", "go"], true],
  [["--bg", "--resume", ID], true],
  [["--cloud", "go"], true],
  [["-pv"], true],
  [["-p", "--name", "-v", "go"], false],
])("%j is not a session: %p", (args, isOther) => {
  expect(readArguments(args)).toMatchObject({ isOther, isBackground: args[0] === "--bg" });
});
