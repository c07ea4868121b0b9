// Acknowledged rows survive kills. `CTX_FAULTS=all bun test test/faults/appends.test.ts` kills a writer at every system
// call of 90 appends, and kills half of 64 processes that append 1,000 rows each.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { sampleEntry } from "../changelog/sample-entry.ts";
import { waitUntil } from "../wait-until.ts";
import { type Call, callsBelow, countFaults, faulty, MAY_TRACE, traced } from "./strace.ts";

const ALL = process.env.CTX_FAULTS === "all";
const WORKER = resolve(import.meta.dir, "../changelog/workers/append-entries.ts");
const APPENDS = ALL ? 90 : 2;
/** Tests one in this many calls. */
const STEP = ALL ? 1 : 6;
const PROCESSES = ALL ? 64 : 8;
const ROWS = ALL ? 1000 : 40;

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-appends-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

/** The ids of the runs that a worker acknowledged. */
async function acknowledged(child: Bun.Subprocess<"ignore", "pipe", "ignore">): Promise<string[]> {
  const output = await child.stdout.text();
  await child.exited;
  return [...output.matchAll(/^([0-9a-f]{16}) appended\n/gm)].map((line) => line[1] ?? "");
}

function start(argv: string[]) {
  return Bun.spawn(argv, { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
}

/**
 * Kills a writer at a system call, if the writer makes that call. Returns how many rows it had acknowledged, and how
 * many of them are lost.
 */
async function killAt(
  call: Call,
  trace: string,
  argv: string[],
): Promise<{ kills: number; kept: number; lost: number }> {
  rmSync(log.entries, { force: true });
  const reported = await acknowledged(start(faulty(trace, call, "SIGKILL", argv)));
  const before = readEntries(log.entries);
  const stored = new Set(before.entries.map((entry) => entry.run_id));
  const hasAtMostOneMore = stored.size - reported.length <= 1;
  expect({ call, hasAtMostOneMore, problems: before.problems }).toEqual({ call, hasAtMostOneMore: true, problems: [] });
  // The killed writer does not block the next one.
  expect(await appendEntry(log, sampleEntry())).toBe("appended");
  expect(readEntries(log.entries)).toMatchObject({ problems: [], entries: { length: stored.size + 1 } });
  return { kills: countFaults(trace), kept: reported.length, lost: reported.filter((id) => !stored.has(id)).length };
}

test.if(MAY_TRACE)(
  "a writer killed at any system call of an append loses no acknowledged row",
  async () => {
    const trace = `${root}.trace`;
    const argv = [process.execPath, WORKER, root, "s", "0", String(APPENDS)];
    await acknowledged(start(traced(trace, argv, ["%file", "%desc"])));
    const calls = callsBelow(trace, log.directory).filter((_, i) => i % STEP === 0);
    const sum = { kills: 0, kept: 0, lost: 0 };
    for (const call of calls) {
      const { kills, kept, lost } = await killAt(call, trace, argv);
      sum.kills += kills;
      sum.kept += kept;
      sum.lost += lost;
    }
    rmSync(trace);
    expect(sum.lost).toBe(0);
    expect(sum.kills).toBeGreaterThan(ALL ? 2000 : 5);
    if (ALL) process.stdout.write(`${sum.kills} kills: ${sum.kept} rows acknowledged, ${sum.lost} lost\n`);
  },
  3_600_000,
);

test(`${PROCESSES} processes append ${ROWS} rows each and half of them are killed: no acknowledged row is lost`, async () => {
  const writers = Array.from({ length: PROCESSES }, (_, i) => {
    const child = start([process.execPath, WORKER, root, `s${i}`, "0", String(ROWS), "short"]);
    return { child, reported: acknowledged(child) };
  });
  const victims = writers.filter((_, i) => i % 2 === 0);
  // The kills are spread over the first half of the rows, whatever the speed of the machine.
  for (const [i, { child }] of victims.entries()) {
    const rows = (PROCESSES * ROWS * (i + 1)) / (victims.length + 1) / 2;
    await waitUntil(() => countRows() >= rows, { what: `row ${rows}`, timeoutMs: 7_200_000 });
    child.kill("SIGKILL");
  }
  const reported = (await Promise.all(writers.map((writer) => writer.reported))).flat();
  const killed = writers.filter(({ child }) => child.signalCode === "SIGKILL").length;
  const { entries, problems } = readEntries(log.entries);
  const stored = new Set(entries.map((entry) => entry.run_id));
  expect(writers.map(({ child }) => child.exitCode ?? child.signalCode).filter((end) => end !== 0)).toEqual(
    Array(killed).fill("SIGKILL"),
  );
  expect(reported.filter((id) => !stored.has(id))).toEqual([]);
  expect(entries).toHaveLength(stored.size);
  expect(problems).toEqual([]);
  expect(entries.length - reported.length).toBeLessThanOrEqual(killed);
  if (ALL)
    process.stdout.write(
      `${PROCESSES} processes, ${killed} killed: ${reported.length} rows acknowledged, ${entries.length} stored, all valid\n`,
    );
}, 7_200_000);

function countRows(): number {
  try {
    return readFileSync(log.entries, "latin1").split("\n").length - 1;
  } catch {
    return 0;
  }
}
