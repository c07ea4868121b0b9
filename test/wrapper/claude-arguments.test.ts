import { describe, expect, test } from "bun:test";
import { readClaudeArguments } from "../../src/wrapper/claude-arguments.ts";

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
