import { describe, expect, test } from "bun:test";
import type { ArgsDef } from "citty";
import { renderCommandHelp, usageOf } from "../../src/cli/help.ts";
import { type Registry, registry } from "../../src/cli/registry.ts";
import { Sandbox } from "./sandbox.ts";

function pathsOf(commands: Registry, parents: string[] = []): string[][] {
  return [...commands].flatMap(([name, node]) => {
    const path = [...parents, name];
    return "commands" in node ? [path, ...pathsOf(node.commands, path)] : [path];
  });
}

describe.each([[[]], ...pathsOf(registry).map((path) => [path])])("help of ctx %j", (path) => {
  test("is as pinned", async () => {
    await using sandbox = await Sandbox.create();
    const { status, stdout, stderr } = await sandbox.ctx([...path, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatchSnapshot();
  });

  test("is the same however it is asked for", async () => {
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

const args: ArgsDef = {
  file: { type: "positional", required: true, description: "what to do it to" },
  "a-very-long-flag-indeed": { type: "string", description: "pushes its words to the next line" },
  fast: { type: "boolean", alias: "f", description: "be quick about it", negativeDescription: "take your time" },
};
const page = (columns: number) =>
  renderCommandHelp(usageOf("ctx do", args), "do something", args, { paint: (_style, text) => text, columns });

test("positionals, negations and long flags have their places", () => {
  expect(page(80)).toMatchInlineSnapshot(`
    "Do something.

    Usage: ctx do <file> [flags]

    Arguments:
      file  what to do it to

    Flags:
          --a-very-long-flag-indeed <a-very-long-flag-indeed>
                     pushes its words to the next line
      -f, --fast     be quick about it
          --no-fast  take your time
      -h, --help     show this help
    "
  `);
});

test("no line is wider than the terminal but for what cannot be broken", () => {
  for (const columns of [40, 60, 100]) {
    const wide = page(columns)
      .split("\n")
      .filter((line) => line.length > columns);
    expect(wide.filter((line) => /\S +\S/.test(line.trim()) && !/^Usage:| --a-very-long/.test(line))).toEqual([]);
  }
});
