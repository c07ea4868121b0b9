// Reads mutated inputs one after the other: `read-mutations.ts SEED FROM COUNT`. Prints the number of each input before
// reading it, and stops at the first problem, with a line that names the problem and the file with the input.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExpectedError } from "../../../src/system/errors.ts";
import { isFixable } from "../../../src/system/system-errors.ts";
import { Random } from "../../seeded-random.ts";
import { KINDS, loadCorpus } from "../corpus.ts";
import { mutate } from "../mutate.ts";
import { TARGETS } from "../targets.ts";

const MAX_CPU_MS = 5_000;
const MAX_RSS = 700 * 1024 * 1024;
const [seed = "1", from = "0", count = "1"] = process.argv.slice(2);

const corpus = loadCorpus();
const base = mkdtempSync(join(tmpdir(), "ctx-fuzz-"));
const outside = join(base, "outside");
const folder = join(base, "target");
writeFileSync(outside, "untouched");
let highest = 0;

/** Reads an input. Returns what went wrong, or null. */
async function problemWith(number: number): Promise<string | null> {
  const random = new Random(Number(seed) * 1_000_003 + number);
  const kind = KINDS[number % KINDS.length] ?? "codex-log";
  const inputs = corpus[kind];
  const input = random.pick(inputs);
  const bytes = kind === "checkpoint" ? input : mutate(input, inputs, random);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const began = process.cpuUsage();
  try {
    await TARGETS[kind]({ bytes, folder, random });
  } catch (error) {
    if (!(error instanceof ExpectedError) && !isFixable(error)) {
      writeFileSync(join(base, "input"), bytes);
      return `${kind}: ${error instanceof Error ? error.stack : String(error)}`;
    }
  }
  const { user, system } = process.cpuUsage(began);
  const cpuMs = (user + system) / 1000;
  const { rss } = process.memoryUsage();
  highest = Math.max(highest, rss);
  const isOutside = readdirSync(base).length !== 2 || readFileSync(outside, "utf8") !== "untouched";
  writeFileSync(join(base, "input"), bytes);
  if (isOutside || isEscaped()) return `${kind}: something was written outside`;
  if (cpuMs > MAX_CPU_MS) return `${kind}: took ${cpuMs.toFixed(0)} ms`;
  if (rss > MAX_RSS) return `${kind}: ${rss} bytes of memory`;
  rmSync(join(base, "input"));
  return null;
}

/** Whether something was written to `/tmp/escaped`, a path in the inputs. */
function isEscaped(): boolean {
  return readdirSync("/tmp").includes("escaped");
}

let problem: string | null = null;
for (let number = Number(from); problem === null && number < Number(from) + Number(count); number += 1) {
  process.stdout.write(`${number}\n`);
  problem = await problemWith(number);
}
if (problem === null) {
  rmSync(base, { recursive: true });
  process.stdout.write(`done ${highest}\n`);
} else {
  process.stdout.write(`failed ${JSON.stringify({ problem, input: join(base, "input") })}\n`);
}
