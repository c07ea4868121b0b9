import { expect, test } from "bun:test";
import type { ArgsDef } from "citty";
import { defineArgs } from "../../src/cli/command.ts";
import { parseArguments, valuesOf } from "../../src/cli/parse.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const args = defineArgs({
  file: { type: "positional" },
  tool: { type: "enum", options: ["codex", "claude"] },
  label: { type: "string" },
  output: { type: "string", alias: "o" },
  changelog: { type: "boolean" },
  quiet: { type: "boolean", alias: "q" },
  verbose: { type: "boolean", alias: "v" },
});

const read = (...argv: string[]) => parseArguments(argv, args).values;

function refusal(argv: string[], declared: ArgsDef = args): { message: string; hint: string | undefined } {
  try {
    parseArguments(argv, declared);
  } catch (error) {
    if (error instanceof UsageError) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("not refused");
}

test("a value follows its flag or an equals sign", () => {
  expect(read("--label", "a b", "--output=dir")).toEqual({ label: "a b", output: "dir" });
});

test("a flag is given once, and the last one holds, unless it says that it takes several", () => {
  expect(read("--label", "a", "--label=b")).toEqual({ label: "b" });
  const several = defineArgs({ dir: { type: "string", valueHint: "dir…" } });
  const { dir } = parseArguments(["--dir", "a b", "--dir=c,d"], several).values;
  expect(valuesOf(String(dir))).toEqual(["a b", "c,d"]);
  expect(valuesOf(undefined)).toEqual([]);
});

test("only the first equals sign separates", () => {
  expect(read("--label=a=b")).toEqual({ label: "a=b" });
});

test("a short flag takes its value in every usual form", () => {
  for (const argv of [["-o", "dir"], ["-odir"], ["-o=dir"]]) expect(read(...argv)).toEqual({ output: "dir" });
});

test("short switches cluster, the last may take a value", () => {
  expect(read("-qvo", "dir")).toEqual({ quiet: true, verbose: true, output: "dir" });
});

test("a switch is turned off by its negation or by false", () => {
  expect(read("--no-changelog")).toEqual({ changelog: false });
  expect(read("--changelog=false")).toEqual({ changelog: false });
  expect(read("--changelog=true")).toEqual({ changelog: true });
});

test("the last of several wins, negated or not", () => {
  expect(read("--no-changelog", "--changelog")).toEqual({ changelog: true });
  expect(read("--changelog", "--no-changelog")).toEqual({ changelog: false });
  expect(read("--label", "a", "--label", "b")).toEqual({ label: "b" });
});

test("after two dashes everything is an argument", () => {
  expect(read("--quiet", "--", "--help")).toEqual({ quiet: true, file: "--help" });
});

test("a single dash is an argument and a value", () => {
  expect(read("-")).toEqual({ file: "-" });
  expect(read("--label", "-")).toEqual({ label: "-" });
});

test("help wins over whatever else is wrong", () => {
  expect(parseArguments(["--bogus", "-h"], args).help).toBe(true);
  expect(parseArguments(["--help"], args).help).toBe(true);
  expect(parseArguments(["-qh"], args).help).toBe(true);
  expect(parseArguments(["--", "--help"], args).help).toBe(false);
});

test.each([
  [["--lable", "x"], "unknown flag `--lable`", "did you mean `--label`?"],
  [["--no-changelgo"], "unknown flag `--no-changelgo`", "did you mean `--no-changelog`?"],
  [["--no-label"], "unknown flag `--no-label`", "did you mean `--label`?"],
  [["--zzzzzz"], "unknown flag `--zzzzzz`", undefined],
  [["--toString"], "unknown flag `--toString`", undefined],
  [["--o", "dir"], "unknown flag `--o`", undefined],
  [["-x"], "unknown flag `-x`", undefined],
  [["-qx"], "unknown flag `-x`", undefined],
  [["--label"], "`--label` needs a value", undefined],
  [["--label="], "`--label` needs a value", undefined],
  [["--label", ""], "`--label` needs a value", undefined],
  [["--label", "--quiet"], "`--label` needs a value", "if `--quiet` is the value, write `--label=--quiet`"],
  [["--label", "--", "x"], "`--label` needs a value", undefined],
  [["-o"], "`-o` needs a value", undefined],
  [["--quiet=yes"], "`--quiet` takes no value", "write `--quiet` alone"],
  [["--tool", "codx"], "`--tool` cannot be `codx`", "one of: `codex`, `claude`"],
  [["a", "b"], "unexpected argument `b`", undefined],
])("%p is refused: %s", (argv, message, hint) => {
  expect(refusal(argv)).toEqual({ message, hint });
});

test("what is required must be there", () => {
  const required = defineArgs({ tool: { type: "enum", options: ["codex", "claude"], required: true } });
  expect(refusal([], required)).toEqual({
    message: "`--tool` is required",
    hint: "one of: `codex`, `claude`",
  });
  const positional = defineArgs({ file: { type: "positional", required: true } });
  expect(refusal([], positional).message).toBe("file is required");
});
