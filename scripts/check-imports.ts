// Checks the imports of `src/` against docs/architecture.md: folders import only from lower ones, imports form no cycles,
// and some packages and globals are reserved for one folder.
import { readFile } from "node:fs/promises";
import { posix } from "node:path";

/** The layers from the top down. A folder imports only from lower rows, not from folders in its own row. */
const LAYERS = [
  ["main.ts"],
  ["cli"],
  ["wrapper"],
  ["catch-up", "library"],
  ["export"],
  ["runs"],
  ["config"],
  ["changelog", "transcript"],
  ["evaluate"],
  ["digest"],
  ["evidence"],
  ["sessions"],
  ["agents"],
  ["events", "secrets"],
  ["system"],
];

/** Packages that only one folder may import. */
const RESERVED: Record<string, string> = { citty: "cli", consola: "cli" };

/** Globals that may be used in one folder or file; `only` is null if they may not be used at all. */
const PRIVILEGES: { pattern: RegExp; what: string; only: string | null }[] = [
  { pattern: /\bBun\s*[.[]/, what: "uses `Bun`", only: "system" },
  { pattern: /\bprocess\s*\.\s*exitCode\b/, what: "sets `process.exitCode`", only: "main.ts" },
  { pattern: /\bprocess\s*\.\s*(exit|reallyExit|abort)\b/, what: "ends the process", only: null },
];

const IMPORT = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Every problem of a source tree: file contents by path relative to `src/`, with slashes. */
export function checkSources(sources: ReadonlyMap<string, string>): string[] {
  const tools = new Set([...sources.keys()].flatMap((path) => /^agents\/([^/]+)\//.exec(path)?.[1] ?? []));
  const problems = [...sources].flatMap(([path, source]) => checkSource(path, source, tools));
  return [...problems, ...findCycles(sources)].sort();
}

function checkSource(path: string, source: string, tools: ReadonlySet<string>): string[] {
  const folder = topOf(path);
  const specifiers = importsOf(source);
  const code = withoutComments(source);
  const problems = [
    ...specifiers.flatMap((specifier) => checkImport(path, folder, specifier)),
    ...specifiers.flatMap((specifier) => checkToolImport(path, specifier, tools)),
    ...checkToolNames(path, code, tools),
  ];
  for (const { pattern, what, only } of PRIVILEGES) {
    if (pattern.test(code) && folder !== only)
      problems.push(`${what}: ${only === null ? "no file" : `only ${only}`} may`);
  }
  return problems.map((problem) => `src/${path} ${problem}`);
}

/** Reads the source text, because the transpiler removes type imports. */
function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map(([, , specifier = ""]) => specifier);
}

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

/** A folder that belongs to one tool: its agent or its evaluator. */
const TOOL_FOLDER = /^(agents|evaluate)\/([^/]+)\//;

/** The registry of a folder is the only file outside a tool's own folder that imports from it. */
function checkToolImport(path: string, specifier: string, tools: ReadonlySet<string>): string[] {
  const target = posix.join(posix.dirname(path), specifier);
  const [folder = "", layer, tool = ""] = TOOL_FOLDER.exec(target) ?? [];
  if (!tools.has(tool) || path.startsWith(folder) || path === `${layer}/registry.ts`) return [];
  return [`imports \`${specifier}\`: only ${layer}/registry.ts may`];
}

/** Code outside the tools' folders and the registries takes the names of tools from the registry of agents. */
function checkToolNames(path: string, code: string, tools: ReadonlySet<string>): string[] {
  const own = TOOL_FOLDER.exec(path)?.[2] ?? "";
  if (tools.has(own) || path === "agents/registry.ts" || path === "evaluate/registry.ts") return [];
  const words = wordsOf(code);
  return [...tools]
    .filter((tool) => words.has(tool))
    .map((tool) => `names the tool ${tool}: take it from agents/registry.ts`);
}

/** The words that names and texts consist of, in lower case: `codexVersions` and `CODEX_HOME` both contain `codex`. */
function wordsOf(code: string): Set<string> {
  const apart = code.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, "$1$3 $2$4");
  return new Set(apart.toLowerCase().match(/[a-z0-9]+/g));
}

/** The folder, or the file itself at the top. */
function topOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function layerOf(name: string): number {
  return LAYERS.findIndex((layer) => layer.includes(name));
}

/**
 * Import cycles, one line for each group of files that import each other, directly or not. Type-only and lazy imports
 * count.
 */
function findCycles(sources: ReadonlyMap<string, string>): string[] {
  const importsByFile = new Map(
    [...sources].map(([path, source]) => {
      const targets = importsOf(source).map((specifier) => posix.join(posix.dirname(path), specifier));
      return [path, targets.filter((target) => sources.has(target))];
    }),
  );
  return stronglyConnected(importsByFile)
    .filter((group) => group.length > 1 || group.some((path) => importsByFile.get(path)?.includes(path)))
    .map((group) => `cycle of imports: ${group.sort().join(", ")}`);
}

/** Tarjan's algorithm: https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm */
function stronglyConnected(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const indexes = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const visit = (node: string): number => {
    const index = indexes.size;
    indexes.set(node, index);
    stack.push(node);
    let low = index;
    for (const next of edges.get(node) ?? []) {
      if (!indexes.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, indexes.get(next) ?? low);
    }
    if (low === index) groups.push(stack.splice(stack.indexOf(node)));
    return low;
  };
  for (const node of edges.keys()) if (!indexes.has(node)) visit(node);
  return groups;
}

if (import.meta.main) {
  const sources = new Map<string, string>();
  for await (const path of new Bun.Glob("**/*.ts").scan("src")) {
    sources.set(path.replaceAll("\\", "/"), await readFile(`src/${path}`, "utf8"));
  }
  const problems = checkSources(sources);
  process.stdout.write(problems.map((problem) => `${problem}\n`).join(""));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
