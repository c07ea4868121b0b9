import { describe, expect, test } from "bun:test";
import type { Args } from "../../src/cli/args.ts";
import type { CommandNode } from "../../src/cli/command.ts";
import { renderHelp } from "../../src/cli/help.ts";
import { registry } from "../../src/cli/registry.ts";
import { Sandbox } from "./sandbox.ts";

function pathsOf({ subCommands = {} }: CommandNode, parents: string[] = []): string[][] {
  return Object.entries(subCommands).flatMap(([name, command]) => {
    return [[...parents, name], ...pathsOf(command, [...parents, name])];
  });
}

describe.each([[[]], ...pathsOf(registry).map((path) => [path])])("help of ctx %j", (path) => {
  test("matches its snapshot", async () => {
    await using sandbox = await Sandbox.create();
    const { status, stdout, stderr } = await sandbox.ctx([...path, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatchSnapshot();
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("is the same for `help`, `-h` and a wrong flag", async () => {
    await using sandbox = await Sandbox.create();
    const { stdout } = await sandbox.ctx([...path, "--help"]);
    for (const args of [
      ["help", ...path],
      [...path, "-h"],
      [...path, "--nonsense", "--help"],
    ]) {
      expect(await sandbox.ctx(args)).toMatchObject({ status: 0, stdout, stderr: "" });
    }
  });
});

const args: Args = {
  file: { type: "positional", required: true, description: "what to do it to" },
  "a-very-long-flag-indeed": {
    type: "string",
    valueHint: "VERY_LONG",
    description: "pushes its words to the next line",
  },
  fast: { type: "boolean", description: "be quick about it", negativeDescription: "take your time" },
  all: { type: "boolean", alias: ["a", "everything"], description: "do all of it" },
  check: { type: "boolean", alias: "checked", negativeDescription: "skip the checks" },
};
const page = async (columns: number) => {
  const meta = { description: "do something" };
  return await renderHelp({ name: "ctx do", meta, args }, { paint: (_style, text) => text, columns });
};

test("lays out positionals, negated flags and long flags", async () => {
  expect(await page(80)).toMatchInlineSnapshot(`
    "Do something.

    Usage: ctx do [flags] <FILE>

    Arguments:
      FILE  what to do it to

    Flags:
          --a-very-long-flag-indeed <VERY_LONG>
                      pushes its words to the next line
          --fast      be quick about it
          --no-fast   take your time
      -a, --all       do all of it
          --no-check  skip the checks
      -h, --help      show this help
    "
  `);
});

test("no line is wider than the terminal, unless a single word is", async () => {
  for (const columns of [40, 60, 100]) {
    const wide = (await page(columns)).split("\n").filter((line) => line.length > columns);
    expect(wide.filter((line) => /\S +\S/.test(line.trim()) && !/^Usage:| --a-very-long/.test(line))).toEqual([]);
  }
});
