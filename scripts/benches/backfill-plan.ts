// Times planning a backfill of many session directories with a changelog of many rows, compared with counting and with
// parsing its lines. One directory in four has the legacy format, and one run in ten has no entry yet.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { median, type Print, run } from "./measure.ts";
import type { Report } from "./programs/report.ts";

const DIRECTORIES = 1_000;
const RUNS = 5;
const ROUNDS = 5;
const DAY_MS = 86_400_000;
const FIRST_RUN_AT = Date.parse("2026-01-01T00:00:00.000Z");

export async function benchBackfillPlan(scratch: string, rows: number, print: Print): Promise<void> {
  const root = join(scratch, "shop");
  const recorded = makeDirectories(root);
  const entries = join(root, ".changelog/ada/entries.jsonl");
  await writeEntries(entries, recorded, rows);
  const program = (name: string) => [process.execPath, join("scripts/benches/programs", name)];
  const benches = {
    "wc -l": ["wc", "-l", entries],
    "parsing every row": [...program("parse-every-line.ts"), entries],
    "planning the backfill": [...program("plan-backfill.ts"), root],
  };
  const { size } = await stat(entries);
  print(
    `backfill of ${DIRECTORIES} directories over ${rows} rows, ${(size / 1e6).toFixed(0)} MB, medians of ${ROUNDS}:`,
  );
  for (const [name, argv] of Object.entries(benches)) {
    const took = Array.from({ length: ROUNDS }, () => run(argv));
    const ms = median(took.map((one) => one.ms)).toFixed(0);
    const reports = name === "wc -l" ? [] : took.map(({ stdout }): Report => JSON.parse(stdout));
    const peak = reports.length === 0 ? "" : `, at most ${Math.max(...reports.map((r) => r.megabytes)).toFixed(0)} MB`;
    print(`  ${name}: ${ms} ms${peak}${name === "planning the backfill" ? `: ${reports[0]?.result}` : ""}`);
  }
}

/** Creates the directories and returns the rows of the runs in them that are recorded. */
function makeDirectories(root: string): string[] {
  const recorded: string[] = [];
  for (let index = 0; index < DIRECTORIES; index += 1) {
    const name = `2026-01-01-${String(index).padStart(4, "0")}_Fix_cart`;
    const directory = join(root, ".codex/sessions", name);
    const session = `01a201e4-cb84-7a11-a7c6-${String(index).padStart(12, "0")}`;
    const log = `rollout-2026-01-01T00-00-00-${session}.jsonl`;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, log), `${JSON.stringify({ type: "session_meta", payload: { id: session } })}\n`);
    for (let number = 0; number < RUNS; number += 1) {
      const isLegacy = index % 4 === 0;
      const run = { name, session, log, number, id: idOf(1e9 + index * RUNS + number) };
      appendFileSync(join(directory, "export_runs.jsonl"), `${isLegacy ? legacyRun(run) : currentRun(run)}\n`);
      if (isLegacy) recorded.push(legacyRow(run));
      else if ((index * RUNS + number) % 10 !== 1) recorded.push(currentRow(run));
    }
  }
  return recorded;
}

/** Writes the rows of these runs, mixed with rows of other runs. */
async function writeEntries(path: string, recorded: readonly string[], rows: number): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  const file = await open(path, "w");
  const every = Math.floor(rows / recorded.length);
  let lines: string[] = [];
  for (let index = 0; index < rows; index += 1) {
    const row = index % every === 0 ? recorded[index / every] : undefined;
    const other = { name: `2025-01-01-0000_${index}`, session: `x${index}`, log: "x", number: 0, id: idOf(index) };
    lines.push(row ?? (index % 10 === 0 ? legacyRow(other) : currentRow(other)));
    if (lines.length < 10_000 && index < rows - 1) continue;
    await file.write(`${lines.join("\n")}\n`);
    lines = [];
  }
  await file.close();
}

interface SyntheticRun {
  name: string;
  session: string;
  log: string;
  number: number;
  id: string;
}

function idOf(number: number): string {
  return number.toString(16).padStart(16, "0");
}

function timesOf({ number }: SyntheticRun): { start: string; end: string } {
  const start = FIRST_RUN_AT + number * DAY_MS;
  return { start: new Date(start).toISOString(), end: new Date(start + 60_000).toISOString() };
}

function currentRun(run: SyntheticRun): string {
  const { start, end } = timesOf(run);
  return JSON.stringify({
    schema_version: 2,
    run_id: run.id,
    created_at: end,
    tool: "codex",
    session_id: run.session,
    label: "Fix cart",
    start,
    end,
    from: run.number * 100,
    to: run.number * 100 + 100,
    prefix_hash: null,
    end_hash: "0".repeat(64),
    first_at: start,
    last_at: end,
    records: 12,
    unparsable: 0,
    unknown: {},
    changelog: { status: "off", evaluator: null },
    continuation_of_run_id: null,
  });
}

function legacyRun(run: SyntheticRun): string {
  const source_path = `/home/dev/.codex/sessions/2026/01/01/${run.log}`;
  return spaced({
    schema_version: 1,
    tool: "codex",
    label: null,
    ...timesOf(run),
    source_path,
    changelog_run_id: null,
  });
}

const ENTRY_FACTS = {
  summary: "Fixed the total of an empty cart, and added a lock for the checkout",
  bullets: Array.from(
    { length: 4 },
    (_, n) => `Moved rounding out of the loop in \`src/cart.js\`, so that prices no longer drift, ${n}`,
  ),
  tags: ["fix"],
  notes: null,
  touched_files: { created: ["src/checkout/lock.js"], modified: ["src/cart.js"], deleted: [], moved: [] },
  tests: [{ cmd: "npm test", result: "pass" }],
  commits: [{ hash: "b56f337", message: "fix(cart): empty cart totals to zero" }],
};

function currentRow(run: SyntheticRun): string {
  const session_dir = `.codex/sessions/${run.name}`;
  return JSON.stringify({
    schema_version: 2,
    run_id: run.id,
    created_at: timesOf(run).end,
    tool: "codex",
    actor: "ada",
    project: "shop",
    label: "Fix cart",
    session_id: run.session,
    ...timesOf(run),
    session_dir,
    continuation_of_run_id: null,
    transcript: {
      output_dir: session_dir,
      index_html: `${session_dir}/index.html`,
      source_jsonl: `${session_dir}/${run.log}`,
      source_match_json: `${session_dir}/source_match.json`,
    },
    evaluator: {
      name: "codex",
      model: "gpt-5.5",
      version: "0.169.0",
      digest: "full",
      input_tokens: 1050,
      output_tokens: 50,
      duration_ms: 340,
    },
    ...ENTRY_FACTS,
    redactions: 0,
  });
}

function legacyRow(run: SyntheticRun): string {
  const session_dir = `/home/dev/shop/.codex/sessions/${run.name}`;
  return spaced({
    schema_version: 1,
    run_id: run.id,
    created_at: timesOf(run).end,
    tool: "codex",
    actor: "ada",
    project: "shop",
    project_root: "/home/dev/shop",
    label: "Fix cart",
    ...timesOf(run),
    session_dir,
    continuation_of_run_id: null,
    transcript: {
      output_dir: session_dir,
      index_html: `${session_dir}/index.html`,
      source_jsonl: `${session_dir}/${run.log}`,
      source_match_json: `${session_dir}/source_match.json`,
    },
    ...ENTRY_FACTS,
  });
}

/** JSON with spaces after `:` and `,`, as Python writes it. The values must not contain either. */
function spaced(value: object): string {
  return JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "');
}
