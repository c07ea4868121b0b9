// Times how much longer a person waits for a wrapped tool than for the tool alone: before it starts, and after it ends.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { median, type Print, run } from "./measure.ts";
import { readRecording, writeLargeLog } from "./recorded-log.ts";

const MEGABYTES = 5;

/** In milliseconds: from the start to the tool's first output, and from its last output to the end. */
interface Latency {
  before: number;
  after: number;
}

interface Variant {
  name: string;
  argv: string[];
  changelog: "0" | "1";
  latencies: Latency[];
}

/** Each round runs the tool alone, wrapped, and wrapped with an entry. Each of these starts a new session. */
export async function benchWrapper(program: string, scratch: string, rounds: number, print: Print): Promise<void> {
  const repository = join(scratch, "shop");
  const tool = resolve("scripts/benches/programs/fake-codex.sh");
  const env = {
    HOME: scratch,
    XDG_CONFIG_HOME: join(scratch, "config"),
    XDG_STATE_HOME: join(scratch, "state"),
    CODEX_HOME: join(scratch, "codex"),
    CTX_CODEX_CMD: tool,
    CTX_ACTOR: "bench",
    CTX_CHANGELOG_EVALUATOR: "builtin",
    BENCH_TEMPLATE: await writeTemplate(scratch, repository),
  };
  const wrapped = [program, "bench", "--codex"];
  const alone: Variant = { name: "the tool alone", argv: [tool], changelog: "0", latencies: [] };
  const wrappedVariants: Variant[] = [
    { name: "wrapped, without an entry", argv: wrapped, changelog: "0", latencies: [] },
    { name: "wrapped, with an entry", argv: wrapped, changelog: "1", latencies: [] },
  ];
  for (let round = 0; round <= rounds; round++) {
    for (const variant of [alone, ...wrappedVariants]) {
      const session = { BENCH_SESSION: randomUUID(), CTX_CHANGELOG: variant.changelog };
      const latency = measureLatency(variant.argv, { ...env, ...session }, repository);
      await checkAndRemove(variant, alone, repository, env.CODEX_HOME);
      // The first round fills the file cache.
      if (round > 0) variant.latencies.push(latency);
    }
  }

  print(`a tool that writes a log of ${MEGABYTES} MB, medians of ${rounds} rounds:`);
  for (const { name, latencies } of [alone, ...wrappedVariants]) {
    const [before, after] = (["before", "after"] as const).map((when) => {
      const more = latencies.map((latency, round) => latency[when] - (alone.latencies[round]?.[when] ?? Number.NaN));
      const ms = `${median(latencies.map((latency) => latency[when])).toFixed(1)} ms`;
      return latencies === alone.latencies ? ms : `${ms} (${median(more).toFixed(1)} more)`;
    });
    print(`  ${name}: ${before} to its first output, ${after} from its last`);
  }
}

/** A log in which the tool replaces placeholders for the times and the session id. */
async function writeTemplate(scratch: string, repository: string): Promise<string> {
  const { log, sessionId, cwd, bundle } = await readRecording();
  run(["git", "clone", "--quiet", bundle, repository]);
  const path = join(scratch, "template.jsonl");
  await writeLargeLog(log.replaceAll(cwd, repository).replaceAll(sessionId, "@SESSION@"), path, MEGABYTES);
  const grown = await readFile(path, "utf8");
  const timeless = grown.replace(/(?<="timestamp":")[^"]+/g, "@TIME@");
  await writeFile(path, timeless.replace(/(?<="(?:started|completed)_at_ms":)\d+/g, "@MILLISECONDS@"));
  return path;
}

function measureLatency(argv: string[], env: Record<string, string>, cwd: string): Latency {
  const now = () => performance.timeOrigin + performance.now();
  const startedAt = now();
  const { stdout } = run(argv, env, cwd);
  const endedAt = now();
  const [first, last] = stdout.split("\n").map((nanoseconds) => Number(nanoseconds) / 1e6);
  if (!first || !last) throw new Error("the tool did not print its times: `date` does not support nanoseconds");
  return { before: first - startedAt, after: endedAt - last };
}

/** Checks that a run was exported as expected, and removes its files, so that all runs start from the same state. */
async function checkAndRemove(
  { argv, changelog }: Variant,
  alone: Variant,
  repository: string,
  codexHome: string,
): Promise<void> {
  const [sessions, entries] = [join(repository, ".codex"), join(repository, ".changelog")];
  const isExported = existsSync(join(sessions, "sessions")) && (await readdir(join(sessions, "sessions"))).length > 0;
  if (isExported !== (argv !== alone.argv) || existsSync(entries) !== (changelog === "1")) {
    throw new Error(`\`${argv.join(" ")}\` did not export what it should`);
  }
  for (const folder of [sessions, entries, codexHome]) await rm(folder, { recursive: true, force: true });
}
