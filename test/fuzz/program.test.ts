// The whole program with mutated files: it prints no stack, ends, and writes only where it should.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Sandbox } from "../cli/sandbox.ts";
import { MAY_TRACE, watched, writtenPaths } from "../faults/strace.ts";
import { CTX } from "../program.ts";
import { Random } from "../seeded-random.ts";
import { claudeLogName, type Kind, loadCorpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";

const ROUNDS = Math.ceil(Number(process.env.CTX_MUTATIONS ?? 1_000) / 500);
const FIRST = Number(process.env.CTX_MUTATION ?? 0);
const SEED = Number(process.env.CTX_SEED ?? 1);
const SESSION = "01a201e4-cb84-7a11-a7c6-963cd916f631";
const DAY = "2026/11/22";
const ROLLOUT = `rollout-2026-11-22T06-15-01-${SESSION}.jsonl`;

const corpus = loadCorpus();

/**
 * One in this many clones has a damaged configuration. More would hide errors, because little else is read after this
 * one.
 */
const CONFIG_IN = 4;

/** The files of a hostile clone and a damaged home, by path in the sandbox. */
const FILES: [path: string, kind: Kind][] = [
  ["work/shop/.changelog/ada/entries.jsonl", "entries"],
  ["work/shop/.changelog/ada/failures.jsonl", "entries"],
  ["work/shop/.codex/sessions/2026-11-22-0615_Fix_cart/export_runs.jsonl", "export-runs"],
  ["work/shop/.codex/sessions/2026-11-22-0615_Fix_cart/source_match.json", "source-match"],
  [`work/shop/.codex/sessions/2026-11-22-0615_Fix_cart/${ROLLOUT}`, "codex-log"],
  ["work/shop/.codex/sessions/2026-11-22-0616_Other/source_match.json", "source-match"],
  [`work/shop/.claude/sessions/2026-11-22-0615_Fix_cart/${SESSION}.jsonl`, "claude-log"],
];

/** Where commands that record may write, besides the temporary folder. */
const RECORDS = ["work/shop/.changelog", "work/shop/.codex", "work/shop/.claude"];
const ENTRY = ["--changelog", "--changelog-evaluator", "builtin", "--changelog-actor", "ada"];

function commands(codexSession: string, claudeLog: string): [args: string[], folders: string[]][] {
  const claudeSession = claudeLog.replace(/\.jsonl$/, "");
  return [
    [["export-latest", "--tool", "codex", "--session-id", codexSession, ...ENTRY], RECORDS],
    [["export-latest", "--tool", "claude", "--session-id", claudeSession, ...ENTRY], RECORDS],
    [["changelog", "backfill", ...ENTRY.slice(1)], RECORDS],
    [["json", `../../home/.codex/sessions/${DAY}`, "--output", "../pages-a"], ["work/pages-a"]],
    [["json", `../../home/.claude/projects/-shop/${claudeLog}`, "--output", "../pages-b"], ["work/pages-b"]],
    [["archive"], ["work/shop/.ai-code-sessions"]],
    [["config", "show"], []],
    [["scan", ".changelog", ".codex"], []],
  ];
}

function put({ root }: Sandbox, path: string, bytes: Uint8Array): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

async function runRound(round: number): Promise<void> {
  const random = new Random(SEED * 7_919 + round);
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "-q", join(sandbox.work, "shop")]);
  for (const [path, kind] of FILES) {
    // Half of them are valid, so that the files that are read after them are reached.
    const input = random.pick(corpus[kind]);
    put(sandbox, path, random.oneIn(2) ? input : mutate(input, corpus[kind], random));
  }
  const codex = mutate(random.pick(corpus["codex-log"]), corpus["codex-log"], random);
  const claude = mutate(random.pick(corpus["claude-log"]), corpus["claude-log"], random);
  const codexSession = /"id":"([0-9a-f-]{36})"/.exec(Buffer.from(codex).toString("latin1"))?.[1] ?? SESSION;
  const claudeLog = claudeLogName(claude);
  put(sandbox, `home/.codex/sessions/${DAY}/${ROLLOUT}`, codex);
  put(sandbox, `home/.claude/projects/-shop/${claudeLog}`, claude);
  if (random.oneIn(CONFIG_IN)) {
    writeFileSync(
      join(sandbox.work, "shop/.ai-code-sessions.toml"),
      mutate(random.pick(corpus.config), corpus.config, random),
    );
  }
  const log = join(sandbox.root, "trace");
  for (const [args, folders] of commands(codexSession, claudeLog)) {
    const where = `CTX_SEED=${SEED} CTX_MUTATION=${round} CTX_MUTATIONS=1: ${args.join(" ")}`;
    const argv = [...CTX, ...args];
    const ended = await sandbox.run(["timeout", "60", ...(MAY_TRACE ? watched(log, argv) : argv)], {
      cwd: join(sandbox.work, "shop"),
      // Keeps Bun from writing its cache of transpiled sources.
      env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" },
    });
    const isProper = [0, 1, 75].includes(ended.status ?? -1) && !/\n +at |this is a bug/.test(ended.stderr);
    expect({ where, problem: isProper ? null : ended }).toEqual({ where, problem: null });
    if (!MAY_TRACE) continue;
    const allowed = [...folders, "tmp"].map((folder) => join(sandbox.root, folder));
    const outside = writtenPaths(log).filter(
      (path) =>
        !/^\/(dev|proc)\//.test(path) && !allowed.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    );
    expect({ where, outside }).toEqual({ where, outside: [] });
  }
}

test(`in ${ROUNDS} rounds with mutated files every command ends without a stack and writes only where it should`, async () => {
  for (let round = FIRST; round < FIRST + ROUNDS; round += 1) await runRound(round);
}, 36_000_000);
