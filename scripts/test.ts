// Every check, then every test, each step on one line; what a step printed is shown when it fails.
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
const TESTS = [bun, "test", "--only-failures", "--timeout", "30000"];

const { values } = parseArgs({ options: { verbose: { type: "boolean", default: false } } });

async function step(name: string, command: string[]): Promise<{ ok: boolean; output: string }> {
  const began = performance.now();
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
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

/** What `bun test` ends with: its counts and the time. */
function summaryOf(output: string): string {
  const at = output.search(/^\s*\d+ pass$/m);
  return at === -1 ? "" : output.slice(at).trimEnd();
}

function countOf(kind: "pass" | "fail", summary: string): string {
  return summary.match(new RegExp(`^\\s*(\\d+) ${kind}$`, "m"))?.[1] ?? "0";
}

async function main(): Promise<boolean> {
  for (const [name, command] of STEPS) {
    if (!(await step(name, command)).ok) return false;
  }
  const { ok, output } = await step("tests", TESTS);
  const summary = summaryOf(output);
  process.stdout.write(`${summary}\n${countOf("pass", summary)} passed, ${countOf("fail", summary)} failed\n`);
  return ok;
}

process.exitCode = (await main()) ? 0 : 1;
