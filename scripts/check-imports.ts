// Holds the sources to the arrows of docs/architecture.md: who may import whom, and what only one place may do.
import { readFile } from "node:fs/promises";
import { posix } from "node:path";

/** From the top down. A folder imports from lower rows only; folders in one row do not know each other. */
const LAYERS = [
  ["main.ts"],
  ["cli"],
  ["wrap"],
  ["changelog", "transcript"],
  ["evaluate"],
  ["evidence"],
  ["sessions", "secrets"],
  ["system"],
];

/** Packages that one folder alone may import. */
const RESERVED: Record<string, string> = { citty: "cli", consola: "cli" };

/** What one place alone may do; null where nobody may. */
const PRIVILEGES: { pattern: RegExp; what: string; only: string | null }[] = [
  { pattern: /\bBun\s*[.[]/, what: "uses `Bun`", only: "system" },
  { pattern: /\bprocess\s*\.\s*exitCode\b/, what: "sets `process.exitCode`", only: "main.ts" },
  { pattern: /\bprocess\s*\.\s*(exit|reallyExit|abort)\b/, what: "ends the process", only: null },
];

const IMPORT = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** What is wrong with one file; `path` is relative to `src/`, with slashes. */
export function checkSource(path: string, source: string): string[] {
  const problems: string[] = [];
  const folder = topOf(path);
  const code = withoutComments(source);
  for (const [, , specifier = ""] of source.matchAll(IMPORT)) problems.push(...checkImport(path, folder, specifier));
  for (const { pattern, what, only } of PRIVILEGES) {
    if (pattern.test(code) && folder !== only) problems.push(`${what}: only ${only ?? "nobody"} may`);
  }
  return problems.map((problem) => `src/${path} ${problem}`);
}

/** The transpiler drops comments, and types with them: imports of types are read from the source itself. */
function withoutComments(source: string): string {
  return new Bun.Transpiler({ loader: "ts", target: "bun" }).transformSync(source);
}

function checkImport(path: string, folder: string, specifier: string): string[] {
  if (!specifier.startsWith(".")) {
    const name = specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/");
    const owner = RESERVED[name];
    return owner === undefined || owner === folder ? [] : [`imports \`${specifier}\`: only ${owner} may`];
  }
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith("../"))
    return target === "../package.json" ? [] : [`imports \`${specifier}\` from outside src`];
  if (posix.extname(target) === "") return [`imports \`${specifier}\` without its extension`];
  const to = topOf(target);
  if (to === folder) return [];
  const [from, onto] = [layerOf(folder), layerOf(to)];
  if (from === -1 || onto === -1) return [`imports \`${specifier}\`: ${from === -1 ? folder : to} is in no layer`];
  return onto > from ? [] : [`imports \`${specifier}\`: ${folder} may not import from ${to}`];
}

/** The folder, or the file itself at the top. */
function topOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function layerOf(name: string): number {
  return LAYERS.findIndex((layer) => layer.includes(name));
}

if (import.meta.main) {
  const problems: string[] = [];
  for await (const path of new Bun.Glob("**/*.ts").scan("src")) {
    problems.push(...checkSource(path, await readFile(`src/${path}`, "utf8")));
  }
  process.stdout.write(
    problems
      .sort()
      .map((problem) => `${problem}\n`)
      .join(""),
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
