// Runs every check and every test, one line a step; the output of a step is printed if it fails.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { TARGETS } from "./build.ts";

const USAGE = `usage: scripts/test [--quick | --long] [--verbose]

  (default)  run the checks and all tests, as CI does; installs the pinned
             clients into .cache/clients, and tmux, Chromium and strace with
             apt-get if they are missing
  --quick    run the checks and the unit tests; installs packages only
  --long     as the default, with large volumes, then build for all targets
  --verbose  print the output of every step

Environment:
  CTX_SEED   seed of the random tests; a failing test names the one it used
`;

const bun = process.execPath;
/** A program of node_modules, run by this Bun whatever Node is installed. */
const tool = (name: string, ...args: string[]) => [bun, "run", "--bun", name, ...args];

interface Step {
  name: string;
  command: string[];
  env?: Record<string, string>;
}

const CHECKS: Step[] = [
  { name: "packages", command: [bun, "install", "--frozen-lockfile"] },
  { name: "format and lint", command: tool("biome", "ci", "--colors=off") },
  { name: "types", command: tool("tsc", "-p", ".") },
  { name: "dead code", command: tool("knip") },
  { name: "imports", command: [bun, "scripts/check-imports.ts"] },
  { name: "names of tests", command: [bun, "scripts/check-tests.ts"] },
];
const PROGRAMS: Step[] = [
  { name: "clients", command: ["scripts/clients"] },
  { name: "build", command: [bun, "scripts/build.ts"] },
];

/** The timeout is generous, because a slow machine is not a failure. A test that needs longer sets its own. */
const TEST = [bun, "test", "--only-failures", "--timeout", "120000"];
/** More tests than processors run at the same time, because most tests wait for programs they started. */
const PARALLEL = 3;
/** Tests that compare screens while they are drawn, or use all processors, run one after the other. */
const ALONE = /\/screen-|\/concurrency\./;
/** What `--quick` omits: tests in folders that start the program, a client or a browser, and `*.slow.test.ts`. */
const SLOW = /^\.\/test\/(?:browser|cli|clients|faults|fuzz)\/|\.slow\.test\.ts$/;

/** How often the tests that repeat something do so. Without these variables they repeat it only a few times. */
const LONG = {
  CTX_CUT_STEP: "1",
  CTX_DIRECTORIES: "100",
  CTX_FAULTS: "all",
  CTX_KILLS: "50",
  CTX_LIMITS: "1",
  CTX_LOGS: "400",
  CTX_MUTATIONS: "100000",
  CTX_ROUNDS: "20",
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

/** Runs a step and prints its line. */
async function run({ name, command, env }: Step): Promise<{ ok: boolean; output: string }> {
  const began = performance.now();
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
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

/** The count that `bun test` prints at its end. */
function countOf(kind: "pass" | "fail", output: string): number {
  return Number(output.match(new RegExp(`^\\s*(\\d+) ${kind}$`, "m"))?.[1] ?? 0);
}

function testSteps(): Step[] {
  const files = [...new Bun.Glob("test/**/*.test.ts").scanSync()].map((file) => `./${file}`).sort();
  if (values.quick) {
    const unit = files.filter((file) => !SLOW.test(file));
    return [{ name: "unit tests", command: [...TEST, `--parallel=${PARALLEL}`, ...unit] }];
  }
  const env = { CTX_TEST_PROGRAM: resolve("dist/ctx"), ...(values.long ? LONG : {}) };
  const together = files.filter((file) => !ALONE.test(file));
  const alone = files.filter((file) => ALONE.test(file));
  return [
    { name: "tests", command: [...TEST, `--parallel=${PARALLEL}`, ...together], env },
    { name: "tests that run alone", command: [...TEST, ...alone], env },
  ];
}

/** Builds for all targets. The tests run only the program for this machine. */
function targetSteps(): Step[] {
  return TARGETS.map((target) => ({
    name: `build for ${target}`,
    command: [bun, "scripts/build.ts", "--target", target, "--outdir", `.cache/targets/${target}`],
  }));
}

async function main(): Promise<boolean> {
  for (const step of [...CHECKS, ...(values.quick ? [] : PROGRAMS)]) if (!(await run(step)).ok) return false;
  const counts = { pass: 0, fail: 0 };
  let allOk = true;
  for (const step of testSteps()) {
    const { ok, output } = await run(step);
    allOk &&= ok;
    counts.pass += countOf("pass", output);
    counts.fail += countOf("fail", output);
  }
  if (values.long) for (const step of targetSteps()) allOk = (await run(step)).ok && allOk;
  process.stdout.write(`${counts.pass} passed, ${counts.fail} failed\n`);
  return allOk;
}

if (values.help) process.stdout.write(USAGE);
else if (values.quick && values.long) {
  process.stderr.write("error: `--quick` and `--long` cannot be used together\n\nhint: run `scripts/test --help`\n");
  process.exitCode = 2;
} else process.exitCode = (await main()) ? 0 : 1;
