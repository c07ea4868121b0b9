import { expect, test } from "bun:test";
import { type Args, defineArgs } from "../../src/cli/args.ts";
import { parseArguments } from "../../src/cli/parse.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const args = defineArgs({
  file: { type: "positional", required: false },
  tool: { type: "enum", options: ["codex", "claude"] },
  label: { type: "string" },
  "project-root": { type: "string" },
  output: { type: "string", alias: "o" },
  changelog: { type: "boolean" },
  quiet: { type: "boolean", alias: "q" },
  verbose: { type: "boolean", alias: "v" },
});

/** The values of declared arguments by name. citty also returns them under their aliases. */
const read = (...argv: string[]) => {
  const values = Object.entries(parseArguments(argv, args) ?? {});
  return Object.fromEntries(values.filter(([name, value]) => Object.hasOwn(args, name) && value !== undefined));
};

function refusal(argv: string[], declared: Args = args): { message: string; hint: string | undefined } {
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

test("the last use of a repeated flag counts", () => {
  expect(read("--label", "a", "--label=b")).toEqual({ label: "b" });
  expect(read("--changelog", "--no-changelog")).toEqual({ changelog: false });
  expect(read("--no-changelog", "--changelog")).toEqual({ changelog: true });
  expect(read("--changelog=false", "--changelog")).toEqual({ changelog: true });
  expect(read("-qq", "--quiet=false")).toEqual({ quiet: false });
});

test("a flag that takes several values may be repeated", () => {
  const several = defineArgs({ dir: { type: "string", multiple: true, valueHint: "DIR" } });
  expect(parseArguments(["--dir", "a b", "--dir=c,d"], several)).toMatchObject({ dir: ["a b", "c,d"] });
  expect(parseArguments([], several)).toMatchObject({ dir: [] });
});

test("an argument that takes several values takes all that are left", () => {
  const several = defineArgs({
    first: { type: "positional", required: true },
    rest: { type: "positional", multiple: true, required: false },
  });
  expect(parseArguments(["a", "b", "--", "--c"], several)).toMatchObject({ first: "a", rest: ["b", "--c"] });
  expect(parseArguments(["a"], several)).toMatchObject({ first: "a", rest: [] });
});

test("an alias sets the flag it stands for", () => {
  const aliased = defineArgs({ actor: { type: "string", alias: "changelog-actor" } });
  expect(parseArguments(["--changelog-actor", "ada"], aliased)).toMatchObject({ actor: "ada" });
  expect(parseArguments(["--changelog-actor", "a", "--actor", "b"], aliased)).toMatchObject({ actor: "b" });
  expect(parseArguments(["--actor", "a", "--changelog-actor", "b"], aliased)).toMatchObject({ actor: "b" });
});

test("only the first equals sign separates", () => {
  expect(read("--label=a=b")).toEqual({ label: "a=b" });
});

test("a short flag takes its value in every usual form", () => {
  for (const argv of [["-o", "dir"], ["-odir"], ["-o=dir"]]) expect(read(...argv)).toEqual({ output: "dir" });
});

test("short flags may be combined, and the last may take a value", () => {
  expect(read("-qvo", "dir")).toEqual({ quiet: true, verbose: true, output: "dir" });
});

test("a switch is turned off by its negation or by `=false`", () => {
  expect(read("--no-changelog")).toEqual({ changelog: false });
  expect(read("--changelog=false")).toEqual({ changelog: false });
  expect(read("--changelog=true")).toEqual({ changelog: true });
});

test("after two dashes everything is an argument", () => {
  expect(read("--quiet", "--", "--help")).toEqual({ quiet: true, file: "--help" });
});

test("a single dash is an argument and a value", () => {
  expect(read("-")).toEqual({ file: "-" });
  expect(read("--label", "-")).toEqual({ label: "-" });
});

test("help wins over whatever else is wrong", () => {
  for (const argv of [["--bogus", "-h"], ["--help"], ["-qh"]]) expect(parseArguments(argv, args)).toBeNull();
  expect(parseArguments(["--", "--help"], args)).not.toBeNull();
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
  [["--projectRoot", "x"], "unknown flag `--projectRoot`", "did you mean `--project-root`?"],
])("%p is wrong: %s", (argv, message, hint) => {
  expect(refusal(argv)).toEqual({ message, hint });
});

test("a required argument must be given", () => {
  const required = defineArgs({ tool: { type: "enum", options: ["codex", "claude"], required: true } });
  expect(refusal([], required)).toEqual({
    message: "`--tool` is required",
    hint: "one of: `codex`, `claude`",
  });
  const positional = defineArgs({ file: { type: "positional", required: true } });
  expect(refusal([], positional).message).toBe("`<FILE>` is required");
});
