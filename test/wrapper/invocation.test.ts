import { describe, expect, test } from "bun:test";
import { readToolArgs, splitInvocation } from "../../src/wrapper/invocation.ts";

const ID = "01a202ec-6ad7-7060-a0aa-f7fd140d188e";

describe("what is ours and what is the tool's", () => {
  test.each([
    [["Fix cart", "--codex"], { own: ["Fix cart"], tool: "codex", toolArgs: [] }],
    [["--claude"], { own: [], tool: "claude", toolArgs: [] }],
    [["x", "--codex", "--help"], { own: ["x"], tool: "codex", toolArgs: ["--help"] }],
    [["x", "--codex", "--", "--claude"], { own: ["x"], tool: "codex", toolArgs: ["--", "--claude"] }],
    [["x", "--codex", "--claude"], { own: ["x"], tool: "codex", toolArgs: ["--claude"] }],
    [
      ["--no-changelog", "x", "--codex", "exec", "go"],
      { own: ["--no-changelog", "x"], tool: "codex", toolArgs: ["exec", "go"] },
    ],
    [["recover", "--codex"], { own: ["recover"], tool: "codex", toolArgs: [] }],
    [["changelog", "--codex"], { own: ["changelog"], tool: "codex", toolArgs: [] }],
    [["resume", "--claude", "-c"], { own: ["resume"], tool: "claude", toolArgs: ["-c"] }],
  ] as const)("%j", (argv, expected) => {
    expect(splitInvocation(argv) as unknown).toEqual(expected);
  });

  test.each([
    [[]],
    [["export-latest", "--tool", "codex"]],
    [["x", "--", "--codex"]],
    [["toString"]],
    [["--codex=x"]],
    [["changelog", "sync", "--codex", "--claude"]],
  ])("%j wraps no tool", (argv) => {
    expect(splitInvocation(argv)).toBeNull();
  });
});

describe("the session that Codex is asked for", () => {
  test.each([
    [[], null],
    [["exec", "go"], null],
    [["Please resume"], null],
    [["-m", "resume", "go"], null],
    [["resume"], { id: null }],
    [["resume", "--last"], { id: null }],
    [["resume", "--last", ID], { id: null }],
    [["resume", ID], { id: ID }],
    [["resume", ID.toUpperCase(), "go on"], { id: ID }],
    [["resume", "-m", "gpt-5.5", ID], { id: ID }],
    [["resume", "my session"], { id: null }],
    [["-c", "model=x", "exec", "resume", ID, "go on"], { id: ID }],
    [["e", "--json", "resume", "--last"], { id: null }],
    [["exec", "resume", "--last", "go on"], { id: null }],
  ] as const)("%j", (args, resume) => {
    expect(readToolArgs("codex", args).resume).toEqual(resume);
  });

  test("a fork is a new session", () => {
    expect(readToolArgs("codex", ["fork", ID])).toMatchObject({ resume: null, fork: true });
  });

  test.each([
    [["-C", "other"], "other"],
    [["exec", "--cd=../other", "go"], "../other"],
    [["go"], null],
    [["--", "-C", "other"], null],
  ] as const)("%j works in %p", (args, folder) => {
    expect(readToolArgs("codex", args).folder).toBe(folder);
  });
});

describe("the session that Claude Code is asked for", () => {
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
    expect(readToolArgs("claude", args).resume).toEqual(resume);
  });

  test("a fork is a new session", () => {
    const request = { resume: null, fork: true, sessionId: null };
    expect(readToolArgs("claude", ["--resume", ID, "--fork-session"])).toMatchObject(request);
  });

  test("its own choice of an id stands", () => {
    expect(readToolArgs("claude", ["--session-id", ID])).toMatchObject({ sessionId: ID, resume: null });
  });
});

test.each([
  ["codex", ["--help"], true],
  ["codex", ["exec", "-V"], true],
  ["codex", ["--", "--help"], false],
  ["claude", ["mcp", "list"], true],
  ["claude", ["-v"], true],
  ["claude", ["mcp servers are slow"], false],
  ["claude", ["--model", "opus", "mcp", "list"], true],
  ["claude", ["-p", "mcp"], false],
  ["claude", ["--tools", "mcp"], false],
  ["claude", ["attach", "aacdb50e"], true],
  ["claude", ["--bg", "go"], true],
  ["claude", ["--bg", "--resume", ID], true],
  ["claude", ["--cloud", "go"], true],
  ["claude", ["-pv"], true],
  ["claude", ["-p", "--name", "-v", "go"], false],
] as const)("%s %j is no session: %p", (tool, args, other) => {
  const request = readToolArgs(tool, args);
  expect(request.other).toBe(other);
  expect(request.background).toBe(args[0] === "--bg");
});
