// Checks that `test/` mirrors `src/`: a test lies in a folder that exists in `src/`. It has the name of a file or folder
// there, or begins with a comment that says which behaviour of the folder it tests.
import { readFile } from "node:fs/promises";
import { posix } from "node:path";

/** The name of a test without its ending; `.slow` keeps it out of `scripts/test --quick`. */
const TEST_NAME = /(?:\.slow)?\.test\.ts$/;

/** Every problem: `tests` are contents by path relative to `test/`, `sources` are paths relative to `src/`. */
export function checkTests(tests: ReadonlyMap<string, string>, sources: readonly string[]): string[] {
  const folders = new Set(sources.flatMap(foldersOf));
  const names = new Set([...folders, ...sources.map((path) => path.replace(/\.ts$/, ""))]);
  return [...tests].flatMap(([path, text]) => {
    const [top = ""] = path.split("/");
    if (!folders.has(top)) return [];
    const folder = posix.dirname(path);
    if (!folders.has(folder)) return [`test/${path} tests a folder that does not exist: src/${folder}`];
    if (names.has(path.replace(TEST_NAME, "")) || text.startsWith("// ")) return [];
    return [`test/${path} has the name of no file in src/${folder}: say in a first comment what it tests`];
  });
}

/** Every folder above a path. */
function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

if (import.meta.main) {
  const pathsIn = (folder: string, pattern: string) =>
    [...new Bun.Glob(pattern).scanSync(folder)].map((path) => path.replaceAll("\\", "/")).sort();
  const tests = new Map<string, string>();
  for (const path of pathsIn("test", "**/*.test.ts")) tests.set(path, await readFile(`test/${path}`, "utf8"));
  const problems = checkTests(tests, pathsIn("src", "**/*.ts"));
  process.stdout.write(problems.map((problem) => `${problem}\n`).join(""));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
