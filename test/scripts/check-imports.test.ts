import { expect, test } from "bun:test";
import { checkSource } from "../../scripts/check-imports.ts";

const FROM = "src/";

test.each([
  ["main.ts", 'import { run } from "./cli/run.ts";'],
  ["cli/run.ts", 'import { createConsola } from "consola/core";'],
  ["cli/commands/a.ts", 'import { locate } from "../../sessions/locate.ts";'],
  ["wrap/export.ts", 'import { appendEntry } from "../changelog/store.ts";'],
  ["evaluate/builtin.ts", 'import type { Evidence } from "../evidence/evidence.ts";'],
  ["sessions/codex/parse.ts", 'import { LogParser } from "../events.ts";'],
  ["system/print.ts", "export const write = () => Bun.stdout;"],
  ["main.ts", "process.exitCode = 1;"],
  ["cli/version.ts", 'import card from "../../package.json" with { type: "json" };'],
  ["sessions/range.ts", "/** Bytes before `from`. */\nexport const x = 1; // up to `to`"],
  ["sessions/read.ts", "// Bun.file would hold it all, process.exit() would lose it.\nexport const x = 1;"],
])("%s may hold: %s", (path, source) => {
  expect(checkSource(path, source)).toEqual([]);
});

test.each([
  ["system/a.ts", 'import { x } from "../cli/b.ts";', "imports `../cli/b.ts`: system may not import from cli"],
  [
    "changelog/a.ts",
    'import { x } from "../transcript/b.ts";',
    "imports `../transcript/b.ts`: changelog may not import from transcript",
  ],
  ["changelog/a.ts", 'import { x } from "../wrap/b.ts";', "imports `../wrap/b.ts`: changelog may not import from wrap"],
  [
    "evidence/a.ts",
    'import type { X } from "../evaluate/b.ts";',
    "imports `../evaluate/b.ts`: evidence may not import from evaluate",
  ],
  [
    "sessions/a.ts",
    'export * from "../secrets/b.ts";',
    "imports `../secrets/b.ts`: sessions may not import from secrets",
  ],
  [
    "sessions/a.ts",
    'const x = await import("../wrap/b.ts");',
    "imports `../wrap/b.ts`: sessions may not import from wrap",
  ],
  ["wrap/a.ts", 'import "../main.ts";', "imports `../main.ts`: wrap may not import from main.ts"],
  ["wrap/a.ts", 'import { defineCommand } from "citty";', "imports `citty`: only cli may"],
  ["system/a.ts", 'import { createConsola } from "consola/core";', "imports `consola/core`: only cli may"],
  ["cli/a.ts", 'import { x } from "../../scripts/build.ts";', "imports `../../scripts/build.ts` from outside src"],
  ["cli/a.ts", 'import { x } from "./b";', "imports `./b` without its extension"],
  ["cli/a.ts", 'import { x } from "../stray/b.ts";', "imports `../stray/b.ts`: stray is in no layer"],
  ["cli/a.ts", "await Bun.write(Bun.stdout, '');", "uses `Bun`: only system may"],
  ["cli/a.ts", "process.exitCode = 1;", "sets `process.exitCode`: only main.ts may"],
  ["main.ts", "process.exit(1);", "ends the process: only nobody may"],
])("%s may not hold: %s", (path, source, problem) => {
  expect(checkSource(path, source)).toEqual([`${FROM}${path} ${problem}`]);
});
