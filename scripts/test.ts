// Every check, then every test, each step on one line; what a step printed is shown when it fails.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const bun = process.execPath;
/** A tool from node_modules, run by this Bun whatever Node is installed. */
const tool = (name: string, ...args: string[]) => [bun, "run", "--bun", name, ...args];

const STEPS: [name: string, command: string[]][] = [
  ["packages", [bun, "install", "--frozen-lockfile"]],
  ["format and lint", tool("biome", "ci", "--colors=off")],
  ["types", tool("tsc", "-p", ".")],
  ["dead code", tool("knip")],
  ["import arrows", [bun, "scripts/check-imports.ts"]],
  ["real clients", ["scripts/clients"]],
  ["build", [bun, "scripts/build.ts"]],
];
/** Generous, because a slow machine is no failure; a test that needs longer says so itself. */
const TEST = [bun, "test", "--only-failures", "--timeout", "120000"];
/** Most tests wait for programs they started: more of them at once than there are processors. */
const AT_ONCE = 3;
/** Screens are compared as they are drawn, and sixteen writers take all there is: these want the machine for themselves. */
const ALONE = /screen-|\/concurrency\./;

const { values } = parseArgs({ options: { verbose: { type: "boolean", default: false } } });

async function step(name: string, command: string[]): Promise<{ ok: boolean; output: string }> {
  const began = performance.now();
  const env = { ...process.env, CTX_TEST_PROGRAM: resolve("dist/ctx") };
  const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  let output = "";
  const read = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      output += text;
      if (values.verbose) process.stdout.write(text);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const ok = (await child.exited) === 0;
  if (!ok && !values.verbose) process.stdout.write(output);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
  return { ok, output };
}

/** What `bun test` counts at its end. */
function countOf(kind: "pass" | "fail", output: string): number {
  return Number(output.match(new RegExp(`^\\s*(\\d+) ${kind}$`, "m"))?.[1] ?? 0);
}

function testSteps(): [name: string, command: string[]][] {
  const files = [...new Bun.Glob("test/**/*.test.ts").scanSync()].map((file) => `./${file}`).sort();
  return [
    ["tests", [...TEST, `--parallel=${AT_ONCE}`, ...files.filter((file) => !ALONE.test(file))]],
    ["tests that want to be alone", [...TEST, ...files.filter((file) => ALONE.test(file))]],
  ];
}

async function main(): Promise<boolean> {
  for (const [name, command] of STEPS) {
    if (!(await step(name, command)).ok) return false;
  }
  const counts = { pass: 0, fail: 0 };
  let isGood = true;
  for (const [name, command] of testSteps()) {
    const { ok, output } = await step(name, command);
    isGood &&= ok;
    counts.pass += countOf("pass", output);
    counts.fail += countOf("fail", output);
  }
  process.stdout.write(`${counts.pass} passed, ${counts.fail} failed\n`);
  return isGood;
}

process.exitCode = (await main()) ? 0 : 1;
