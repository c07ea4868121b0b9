import { describe, expect, test } from "bun:test";
import { checkSources } from "../../scripts/check-imports.ts";

const FROM = "src/";

function checkSource(path: string, source: string): string[] {
  return checkSources(new Map([[path, source]]));
}

test.each([
  ["main.ts", 'import { run } from "./cli/run.ts";'],
  ["cli/run.ts", 'import { createConsola } from "consola/core";'],
  ["cli/commands/a.ts", 'import { locate } from "../../sessions/locate.ts";'],
  ["export/export.ts", 'import { appendEntry } from "../changelog/store.ts";'],
  ["evaluate/builtin.ts", 'import type { Evidence } from "../evidence/evidence.ts";'],
  ["agents/codex/parse.ts", 'import { LogParser } from "../log-parser.ts";'],
  ["system/print.ts", "export const write = () => Bun.stdout;"],
  ["main.ts", "process.exitCode = 1;"],
  ["cli/version.ts", 'import card from "../../package.json" with { type: "json" };'],
  ["sessions/range.ts", "/** Bytes before `from`. */\nexport const x = 1; // up to `to`"],
  ["sessions/read.ts", "// Bun.file would read all of it, process.exit() would lose it.\nexport const x = 1;"],
])("%s may contain %s", (path, source) => {
  expect(checkSource(path, source)).toEqual([]);
});

test.each([
  ["system/a.ts", 'import { x } from "../cli/b.ts";', "imports `../cli/b.ts`: system may not import from cli"],
  [
    "changelog/a.ts",
    'import { x } from "../transcript/b.ts";',
    "imports `../transcript/b.ts`: changelog may not import from transcript",
  ],
  [
    "changelog/a.ts",
    'import { x } from "../wrapper/b.ts";',
    "imports `../wrapper/b.ts`: changelog may not import from wrapper",
  ],
  [
    "evidence/a.ts",
    'import type { X } from "../evaluate/b.ts";',
    "imports `../evaluate/b.ts`: evidence may not import from evaluate",
  ],
  ["events/a.ts", 'export * from "../secrets/b.ts";', "imports `../secrets/b.ts`: events may not import from secrets"],
  [
    "sessions/a.ts",
    'const x = await import("../wrapper/b.ts");',
    "imports `../wrapper/b.ts`: sessions may not import from wrapper",
  ],
  ["wrapper/a.ts", 'import "../main.ts";', "imports `../main.ts`: wrapper may not import from main.ts"],
  ["wrapper/a.ts", 'import { defineCommand } from "citty";', "imports `citty`: only cli may"],
  ["system/a.ts", 'import { createConsola } from "consola/core";', "imports `consola/core`: only cli may"],
  ["cli/a.ts", 'import { x } from "../../scripts/build.ts";', "imports `../../scripts/build.ts` from outside src"],
  ["cli/a.ts", 'import { x } from "./b";', "imports `./b` without its extension"],
  ["cli/a.ts", 'import { x } from "../stray/b.ts";', "imports `../stray/b.ts`: stray is in no layer"],
  ["cli/a.ts", "await Bun.write(Bun.stdout, '');", "uses `Bun`: only system may"],
  ["cli/a.ts", "process.exitCode = 1;", "sets `process.exitCode`: only main.ts may"],
  ["main.ts", "process.exit(1);", "ends the process: no file may"],
])("%s may not contain %s", (path, source, problem) => {
  expect(checkSource(path, source)).toEqual([`${FROM}${path} ${problem}`]);
});

describe("the folders of tools", () => {
  const check = (path: string, source: string) =>
    checkSources(
      new Map([
        ...["agents/echo/agent.ts", "evaluate/echo/echo.ts"].map((file) => [file, ""] as const),
        [path, source],
      ]),
    );

  test.each([
    ["agents/registry.ts", 'import { echo } from "./echo/agent.ts";'],
    ["agents/echo/bind.ts", 'import { echo } from "./agent.ts"; const id = "echo";'],
    ["evaluate/registry.ts", 'const load = () => import("./echo/echo.ts"); const id = "echo";'],
    ["evaluate/echo/output.ts", 'import { echo } from "./echo.ts";'],
    ["runs/a.ts", "// The logs of echo are long.\nexport const x = 1;"],
  ])("%s may contain %s", (path, source) => {
    expect(check(path, source)).toEqual([]);
  });

  test.each([
    [
      "agents/log-heads.ts",
      'import type { E } from "./echo/agent.ts";',
      "imports `./echo/agent.ts`: only agents/registry.ts may",
    ],
    [
      "runs/a.ts",
      'const x = await import("../agents/ECHO/paths.ts".toLowerCase());',
      "names the tool echo: take it from agents/registry.ts",
    ],
    [
      "evaluate/a.ts",
      'import type { E } from "./echo/echo.ts";',
      "imports `./echo/echo.ts`: only evaluate/registry.ts may",
    ],
    [
      "runs/a.ts",
      'export const isOurs = (tool: string) => tool === "echo";',
      "names the tool echo: take it from agents/registry.ts",
    ],
    ["cli/a.ts", "export const echoHome = 1;", "names the tool echo: take it from agents/registry.ts"],
    ["cli/a.ts", "export const home = env.ECHO_HOME;", "names the tool echo: take it from agents/registry.ts"],
    ["cli/a.ts", "export class HTTPEcho {}", "names the tool echo: take it from agents/registry.ts"],
  ])("%s may not contain %s", (path, source, problem) => {
    expect(check(path, source)).toContain(`src/${path} ${problem}`);
  });

  test("a word that only contains the name of a tool is allowed", () => {
    expect(check("cli/a.ts", "export const echoed = reechoes();")).toEqual([]);
  });
});

test("a cycle of imports is found, also through imports of types and lazy imports", () => {
  const sources = new Map([
    ["runs/a.ts", 'import { b } from "./b.ts";'],
    ["runs/b.ts", 'import type { C } from "./c.ts";'],
    ["runs/c.ts", 'const a = await import("./a.ts");'],
    ["runs/d.ts", 'import { a } from "./a.ts";'],
  ]);
  expect(checkSources(sources)).toEqual(["cycle of imports: runs/a.ts, runs/b.ts, runs/c.ts"]);
});
