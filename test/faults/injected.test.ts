// Exports in which one system call fails or the process is killed: the error has no stack, and the next export completes
// the files. `CTX_FAULTS=all bun test test/faults/injected.test.ts` makes every writing call fail in every way.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Ended } from "../cli/sandbox.ts";
import { RecordedSession, type State } from "./exported-session.ts";
import { type Call, countFaults, type Fault, faulty, MAY_TRACE, traced, writingCalls } from "./strace.ts";

const ALL = process.env.CTX_FAULTS === "all";
const ERRORS = ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EMFILE", "ENOMEM", "ESTALE"] as const;
/**
 * The calls of other threads, which copy and replace files and write pages, with how often each thread makes them. The
 * eighth file that is opened is one that the runtime needs to start.
 */
const CALLS_OF_THREADS = Object.entries({
  rename: 3,
  fsync: 3,
  unlink: 3,
  chmod: 3,
  fchmod: 3,
  ftruncate: 3,
  copy_file_range: 3,
  write: 5,
  openat: 7,
}).flatMap(([name, count]) => Array.from({ length: count }, (_, index) => ({ name, number: index + 1 })));

let session: RecordedSession;
let whole: State;
let calls: Call[];
let log: string;

beforeAll(async () => {
  if (!MAY_TRACE) return;
  session = await RecordedSession.create();
  log = join(session.sandbox.root, "trace");
  expect(await session.export()).toMatchObject({ status: 0 });
  whole = session.state;
  session.reset();
  await session.export(traced(log, session.argv));
  calls = writingCalls(log, session.root);
});
afterAll(async () => {
  await session?.[Symbol.asyncDispose]();
});

/** With `CTX_FAULTS=all` the whole list, otherwise one item in `step`, starting with index `from`. */
function sample<T>(step: number, from: number, list: readonly T[]): T[] {
  return list.filter((_, i) => ALL || i % step === from);
}

/**
 * Injects a fault into an export, checks the files it leaves, and exports again. Returns 1 if the export reached the
 * faulty system call, else 0.
 */
async function exportWithFault(call: Call, fault: Exclude<Fault, object>, threads: "first" | "every"): Promise<number> {
  session.reset();
  const ended = await session.export(faulty(log, call, fault, session.argv, threads));
  const where = `${call.name} ${call.number} ${fault}`;
  expect({ where, problem: problemOf(ended, fault) }).toEqual({ where, problem: null });
  const { entries, problems } = session.entries;
  // The row is complete or missing.
  expect({ where, rows: entries.length <= 1, problems }).toEqual({ where, rows: true, problems: [] });
  expect({ where, status: (await session.export()).status }).toEqual({ where, status: 0 });
  expect({ where, state: session.state }).toEqual({ where, state: whole });
  return Math.min(1, countFaults(log));
}

/** What is wrong with the ending of an export; null if it succeeded or failed with a proper message. */
function problemOf({ status, stderr }: Ended, fault: string): string | null {
  if (fault === "SIGKILL" && status === null) return null;
  if (/\n +at |this is a bug/.test(stderr)) return stderr;
  if (status === 0) return stderr.includes("recorded an entry") ? null : stderr;
  return status === 1 && /^error: .+\n\nhint: .+\n$/m.test(stderr) ? null : `${status}: ${stderr}`;
}

test.if(MAY_TRACE)(
  "a failing call is reported, and the next export leaves the same files as an undisturbed one",
  async () => {
    const points = sample(8, 1, calls);
    const names = new Set(calls.map(({ name }) => name));
    expect([...names]).toEqual(expect.arrayContaining(["openat", "write", "fsync", "rename", "link", "mkdir"]));
    let faults = 0;
    for (const [i, call] of points.entries())
      for (const fault of ALL ? ERRORS : [ERRORS[i % ERRORS.length] ?? "EIO"])
        faults += await exportWithFault(call, fault, "first");
    expect(faults).toBeGreaterThan(points.length / 2);
    if (ALL) process.stdout.write(`${points.length} calls, each failing in ${ERRORS.length} ways: ${faults} faults\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "an export killed before any writing call is completed by the next one",
  async () => {
    const points = sample(10, 3, calls);
    let kills = 0;
    for (const call of points) kills += await exportWithFault(call, "SIGKILL", "first");
    expect(kills).toBeGreaterThan(points.length / 2);
    if (ALL) process.stdout.write(`${points.length} calls, ${kills} kills\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "the same holds for the calls of other threads",
  async () => {
    let faults = 0;
    for (const [i, call] of sample(8, 5, CALLS_OF_THREADS).entries())
      for (const fault of ALL
        ? [...ERRORS, "SIGKILL" as const]
        : [i % 2 === 0 ? ("EIO" as const) : ("SIGKILL" as const)])
        faults += await exportWithFault(call, fault, "every");
    expect(faults).toBeGreaterThan(0);
    if (ALL) process.stdout.write(`in other threads: ${faults} faults\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "an export to a disk with slow syncs leaves the same files",
  async () => {
    session.reset();
    const ended = await session.export(faulty(log, { name: "fsync", number: 1 }, { delayMs: 30 }, session.argv));
    expect(ended).toMatchObject({ status: 0 });
    expect(session.state).toEqual(whole);
    expect(countFaults(log)).toBeGreaterThan(5);
  },
  60_000,
);
