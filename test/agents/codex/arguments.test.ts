import { describe, expect, test } from "bun:test";
import { readArguments } from "../../../src/agents/codex/arguments.ts";

const ID = "01a202ec-6ad7-7060-a0aa-f7fd140d188e";

describe("the session in the arguments of Codex", () => {
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
    expect(readArguments(args).resume).toEqual(resume);
  });

  test("a fork is a new session", () => {
    expect(readArguments(["fork", ID])).toMatchObject({ resume: null, fork: true });
  });

  test.each([
    [["-C", "other"], "other"],
    [["exec", "--cd=../other", "go"], "../other"],
    [["go"], null],
    [["--", "-C", "other"], null],
  ] as const)("the working folder of %j is %p", (args, folder) => {
    expect(readArguments(args).folder).toBe(folder);
  });
});

test.each([
  [["--help"], true],
  [["exec", "-V"], true],
  [["--", "--help"], false],
])("%j is not a session: %p", (args, isOther) => {
  expect(readArguments(args)).toMatchObject({ isOther, isBackground: false });
});
