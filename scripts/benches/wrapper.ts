// What a person waits longer for a wrapped tool than for the tool alone: before it begins, and when it is gone.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { median, run, type Say } from "./measure.ts";
import { grow, readRecording } from "./recorded-log.ts";

const MEGABYTES = 5;

/** In milliseconds: from the start of everything to the tool's first word, and from its last to the end of everything. */
interface Waited {
  before: number;
  after: number;
}

interface Way {
  name: string;
  argv: string[];
  changelog: "0" | "1";
  took: Waited[];
}

/** Every round runs the tool alone, wrapped, and wrapped with an entry; each makes a session of its own. */
export async function benchWrapper(program: string, scratch: string, rounds: number, say: Say): Promise<void> {
  const repository = join(scratch, "shop");
  const tool = resolve("scripts/benches/programs/tool.sh");
  const env = {
    ...{ HOME: scratch, XDG_CONFIG_HOME: join(scratch, "config"), XDG_STATE_HOME: join(scratch, "state") },
    ...{ CODEX_HOME: join(scratch, "codex"), CTX_CODEX_CMD: tool, CTX_ACTOR: "bench" },
    ...{ CTX_CHANGELOG_EVALUATOR: "builtin", BENCH_TEMPLATE: await writeTemplate(scratch, repository) },
  };
  const wrapped = [program, "bench", "--codex"];
  const alone: Way = { name: "the tool alone", argv: [tool], changelog: "0", took: [] };
  const ways: Way[] = [
    { name: "wrapped, without an entry", argv: wrapped, changelog: "0", took: [] },
    { name: "wrapped, with an entry", argv: wrapped, changelog: "1", took: [] },
  ];
  for (let round = 0; round <= rounds; round++) {
    for (const way of [alone, ...ways]) {
      const session = { BENCH_SESSION: randomUUID(), CTX_CHANGELOG: way.changelog };
      const waited = waitFor(way.argv, { ...env, ...session }, repository);
      await takeAway(way, alone, repository, env.CODEX_HOME);
      // The first round fills the file cache.
      if (round > 0) way.took.push(waited);
    }
  }

  say(`a tool whose run leaves a log of ${MEGABYTES} MB, medians of ${rounds} rounds:`);
  for (const { name, took } of [alone, ...ways]) {
    const [before, after] = (["before", "after"] as const).map((when) => {
      const more = took.map((waited, round) => waited[when] - (alone.took[round]?.[when] ?? Number.NaN));
      const ms = `${median(took.map((waited) => waited[when])).toFixed(1)} ms`;
      return took === alone.took ? ms : `${ms} (${median(more).toFixed(1)} more)`;
    });
    say(`  ${name}: ${before} to its first word, ${after} from its last`);
  }
}

/** A log for the tool to fill in: when it ran, and the name of its session. */
async function writeTemplate(scratch: string, repository: string): Promise<string> {
  const { log, sessionId, cwd, bundle } = await readRecording();
  run(["git", "clone", "--quiet", bundle, repository]);
  const path = join(scratch, "template.jsonl");
  await grow(log.replaceAll(cwd, repository).replaceAll(sessionId, "@SESSION@"), path, MEGABYTES);
  const grown = await readFile(path, "utf8");
  const timeless = grown.replace(/(?<="timestamp":")[^"]+/g, "@TIME@");
  await writeFile(path, timeless.replace(/(?<="(?:started|completed)_at_ms":)\d+/g, "@MILLISECONDS@"));
  return path;
}

/** Starts something that ends in the tool. */
function waitFor(argv: string[], env: Record<string, string>, cwd: string): Waited {
  const now = () => performance.timeOrigin + performance.now();
  const began = now();
  const { stdout } = run(argv, env, cwd);
  const ended = now();
  const [first, last] = stdout.split("\n").map((nanoseconds) => Number(nanoseconds) / 1e6);
  if (!first || !last) throw new Error("the tool did not tell its times: its `date` knows no nanoseconds");
  return { before: first - began, after: ended - last };
}

/** Makes sure that a run came home, and removes it, so that every run finds the same. */
async function takeAway({ argv, changelog }: Way, alone: Way, repository: string, codexHome: string): Promise<void> {
  const [sessions, books] = [join(repository, ".codex"), join(repository, ".changelog")];
  const isHome = existsSync(join(sessions, "sessions")) && (await readdir(join(sessions, "sessions"))).length > 0;
  if (isHome !== (argv !== alone.argv) || existsSync(books) !== (changelog === "1")) {
    throw new Error(`\`${argv.join(" ")}\` did not do what was to be measured`);
  }
  for (const folder of [sessions, books, codexHome]) await rm(folder, { recursive: true, force: true });
}
