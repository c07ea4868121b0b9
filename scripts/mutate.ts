// Mutation testing: changes a copy of the sources in one place at a time, runs the unit tests of the folder, and reports
// the changes that no test detects. Each of them is a missing test, or code without effect.
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { tsPlugin } from "@sveltejs/acorn-typescript";
import { type Node, Parser } from "acorn";
import { Random, SEED } from "../test/seeded-random.ts";

const USAGE = `usage: scripts/mutate [--mutants 400] [--jobs 1] [FOLDER…]

Samples mutants of folders in src/ (default: evidence, evaluate/review,
changelog and secrets) and runs the tests of the folder on each.
CTX_SEED repeats a sample; the seed is printed first.
`;

const DEFAULT_FOLDERS = ["evidence", "evaluate/review", "changelog", "secrets"];
/** Tests that repeat something many times or run for long: too slow to run for each mutant. */
const SLOW = /\.slow\.test\.ts$/;
/** Detects mutants that never end. */
const TIMEOUT_MS = 120_000;

interface Mutant {
  folder: string;
  /** Relative to the repository. */
  file: string;
  line: number;
  start: number;
  end: number;
  replacement: string;
}

const OPERATORS: Record<string, string> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "&&": "||",
  "||": "&&",
  "??": "&&",
};

const TypeScriptParser = Parser.extend(tsPlugin());

type AnyNode = Node & Record<string, unknown>;

/** All mutants of a source text. */
function mutantsOf(folder: string, file: string, source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (start: number, end: number, replacement: string) => {
    const line = source.slice(0, start).split("\n").length;
    mutants.push({ folder, file, line, start, end, replacement });
  };
  const visit = (node: AnyNode) => {
    // Types and imports have no effect at run time.
    if (node.type.startsWith("TS") && !("expression" in node)) return;
    if (node.type === "ImportDeclaration") return;
    mutate(node, source, add);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(
    TypeScriptParser.parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true }) as Node as AnyNode,
  );
  return mutants;
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.entries(node)
    .filter(([key]) => key !== "loc")
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value): value is AnyNode => typeof value === "object" && value !== null && "type" in value);
}

/** Adds the mutants of one node, not of its children. */
function mutate(node: AnyNode, source: string, add: (start: number, end: number, replacement: string) => void): void {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression": {
      const [left, right] = [node.left as AnyNode, node.right as AnyNode];
      const operator = node.operator as string;
      const replacement = OPERATORS[operator];
      const at = source.indexOf(operator, left.end);
      if (replacement !== undefined && at < right.start) add(at, at + operator.length, replacement);
      return;
    }
    case "UnaryExpression":
      if (node.operator === "!") add(node.start, node.start + 1, "");
      return;
    case "Literal":
      if (typeof node.value === "boolean") add(node.start, node.end, String(!node.value));
      else if (typeof node.value === "number") add(node.start, node.end, node.value === 0 ? "1" : `(${node.raw} * 2)`);
      return;
    case "IfStatement":
    case "ConditionalExpression": {
      const test = node.test as AnyNode;
      add(test.start, test.end, "true");
      add(test.start, test.end, "false");
      return;
    }
    case "ExpressionStatement":
      if (["CallExpression", "AssignmentExpression", "AwaitExpression"].includes((node.expression as AnyNode).type)) {
        add(node.start, node.end, ";");
      }
      return;
  }
}

/** Random mutants: `count` in equal shares of the folders, fewer if a folder has fewer. */
function sample(byFolder: Mutant[][], count: number, random: Random): Mutant[] {
  const share = Math.floor(count / byFolder.length);
  return byFolder.flatMap((mutants) => {
    const rest = [...mutants];
    return Array.from({ length: Math.min(share, rest.length) }, () => rest.splice(random.below(rest.length), 1)).flat();
  });
}

/** Makes a copy of the files that the tests need. Each job changes files in its own copy. */
async function makeWorkspace(name: string): Promise<string> {
  const workspace = resolve(".cache/mutate", name);
  await rm(workspace, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  for (const part of ["src", "test", "scripts", "package.json", "tsconfig.json", "bunfig.toml", "README.md", "docs"]) {
    await cp(part, join(workspace, part), { recursive: true });
  }
  await symlink(resolve("node_modules"), join(workspace, "node_modules"));
  return workspace;
}

/** Whether all of the tests pass. */
async function passes(workspace: string, tests: readonly string[]): Promise<boolean> {
  if (tests.length === 0) return true;
  const argv = [process.execPath, "test", "--bail", "--timeout", "60000", ...tests];
  const child = Bun.spawn(argv, { cwd: workspace, stdio: ["ignore", "ignore", "ignore"], timeout: TIMEOUT_MS });
  return (await child.exited) === 0;
}

/** The tests of a folder, first the one of the mutated file, which is the most likely to fail. */
function testsOf({ folder, file }: Pick<Mutant, "folder" | "file">): string[] {
  const name = `test${file.slice("src".length).replace(/\.ts$/, "")}.`;
  const all = [...new Bun.Glob(`test/${folder}/**/*.test.ts`).scanSync()].filter((test) => !SLOW.test(test)).sort();
  return all.sort((a, b) => Number(b.startsWith(name)) - Number(a.startsWith(name))).map((test) => `./${test}`);
}

async function survives(mutant: Mutant, workspace: string): Promise<boolean> {
  const source = await readFile(mutant.file, "utf8");
  const changed = source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end);
  const target = join(workspace, mutant.file);
  await writeFile(target, changed);
  const [own, ...others] = testsOf(mutant);
  const survived = own !== undefined && (await passes(workspace, [own])) && (await passes(workspace, others));
  await writeFile(target, source);
  return survived;
}

async function describe({ file, line, start, end, replacement }: Mutant): Promise<string> {
  const source = await readFile(file, "utf8");
  const text = source.slice(start, end).replaceAll(/\s+/g, " ").slice(0, 60);
  const whole = source.split("\n")[line - 1]?.trim().slice(0, 100);
  return `${file}:${line}: \`${text}\` → \`${replacement}\` in \`${whole}\``;
}

async function main(folders: readonly string[], count: number, jobs: number): Promise<boolean> {
  process.stdout.write(`seed ${SEED}: repeat this sample with CTX_SEED=${SEED}\n`);
  const byFolder = await Promise.all(
    folders.map(async (folder) => {
      const files = [...new Bun.Glob(`src/${folder}/**/*.ts`).scanSync()].filter((file) => !file.endsWith(".d.ts"));
      const mutants = files
        .sort()
        .map(async (file) => mutantsOf(folder, file.replaceAll("\\", "/"), await readFile(file, "utf8")));
      return (await Promise.all(mutants)).flat();
    }),
  );
  const mutants = sample(byFolder, count, new Random(SEED));
  const survivors = new Map<Mutant, string>();
  let done = 0;
  const queue = [...mutants];
  const work = async (_: unknown, job: number) => {
    const workspace = await makeWorkspace(String(job));
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (await survives(mutant, workspace)) {
        survivors.set(mutant, await describe(mutant));
        process.stdout.write(`survived: ${survivors.get(mutant)}\n`);
      }
      done += 1;
      if (done % 20 === 0) process.stderr.write(`${done} of ${mutants.length} mutants\n`);
    }
    await rm(workspace, { recursive: true, force: true });
  };
  await Promise.all(Array.from({ length: jobs }, work));
  for (const [index, folder] of folders.entries()) {
    const tried = mutants.filter((mutant) => mutant.folder === folder).length;
    const alive = [...survivors.keys()].filter((mutant) => mutant.folder === folder).length;
    process.stdout.write(`${folder}: ${tried - alive} of ${tried} killed (${byFolder[index]?.length} possible)\n`);
  }
  process.stdout.write(`${mutants.length - survivors.size} of ${mutants.length} mutants killed\n`);
  return survivors.size === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutants: { type: "string", default: "400" },
    jobs: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else {
  const folders = positionals.length > 0 ? positionals : DEFAULT_FOLDERS;
  process.exitCode = (await main(folders, Number(values.mutants), Number(values.jobs))) ? 0 : 1;
}
