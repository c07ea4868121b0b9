// Which modules are loaded before a command runs.
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { TOOLS } from "../../src/agents/registry.ts";

const SRC = posix.resolve(import.meta.dir, "../../src");

/** The files and modules that are loaded before the code of a file runs. */
async function loadedWith(file: string, loaded = new Set<string>()): Promise<Set<string>> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  if (!file.endsWith(".ts")) return loaded;
  const source = await readFile(posix.join(SRC, file), "utf8");
  for (const { path, kind } of new Bun.Transpiler({ loader: "ts" }).scanImports(source)) {
    if (kind !== "import-statement") continue;
    await loadedWith(path.startsWith(".") ? posix.join(posix.dirname(file), path) : path, loaded);
  }
  return loaded;
}

test("--version loads almost nothing", async () => {
  expect([...(await loadedWith("main.ts"))].sort()).toEqual([
    "../package.json",
    "cli/version.ts",
    "main.ts",
    "system/stdout.ts",
  ]);
});

test("finding a command loads no command and no other folder", async () => {
  // main.ts loads this module first, to distinguish a wrapped tool from a command.
  const before = await loadedWith("wrapper/invocation.ts");
  const loaded = [...(await loadedWith("cli/run.ts"))].filter((file) => !before.has(file));
  expect(loaded.filter((file) => !/^(cli|system)\/[a-z-]+\.ts$|^node:|^consola\/core$|^citty$/.test(file))).toEqual([]);
});

test("before a wrapped tool starts, no package and no log reader is loaded", async () => {
  const loaded = [...(await loadedWith("cli/wrapper.ts"))];
  const paths = loaded.filter((file) => !/^(cli|system|wrapper|runs)\/[a-z\d-]+\.ts$|^node:/.test(file)).sort();
  const parts = ["agent", "arguments", "paths", "watch"];
  expect(paths).toEqual(
    [
      ...TOOLS.flatMap((tool) => parts.map((part) => `agents/${tool}/${part}.ts`)),
      "agents/claude/process-records.ts",
      "agents/fields.ts",
      "agents/registry.ts",
      "agents/session-id.ts",
      "agents/tool.ts",
    ].sort(),
  );
});
