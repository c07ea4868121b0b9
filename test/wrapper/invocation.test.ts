import { describe, expect, test } from "bun:test";
import { splitInvocation } from "../../src/wrapper/invocation.ts";

describe("splitInvocation", () => {
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
