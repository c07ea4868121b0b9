// An export in which one system call fails, or is the last: told without a stack, and made whole by the next export.
// `CTX_FAULTS=all bun test test/faults/injected.test.ts` lets every writing call fail in every way.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Ended } from "../cli/sandbox.ts";
import { RecordedSession, type State } from "./exported-session.ts";
import { type Call, countFaults, type Fault, faulty, MAY_TRACE, traced, writingCalls } from "./strace.ts";

const ALL = process.env.CTX_FAULTS === "all";
const ERRORS = ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EMFILE", "ENOMEM", "ESTALE"] as const;
/**
 * What files are copied, replaced and pages written by is done in other threads; how often in each of them. The
 * eighth file that is opened is one the runtime opens for itself as it starts, and cannot do without.
 */
const ELSEWHERE = Object.entries({
  ...{ rename: 3, fsync: 3, unlink: 3, chmod: 3 },
  ...{ fchmod: 3, ftruncate: 3, copy_file_range: 3, write: 5, openat: 7 },
}).flatMap(([name, most]) => Array.from({ length: most }, (_, index) => ({ name, number: index + 1 })));

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

/** Every so-manieth of a list, from one on. */
function every<T>(step: number, from: number, list: readonly T[]): T[] {
  return list.filter((_, i) => ALL || i % step === from);
}

/** Makes an export go wrong, looks at what it left, and exports again. Says 1 if the call came, else 0. */
async function goWrong(call: Call, fault: Exclude<Fault, object>, threads: "first" | "every"): Promise<number> {
  session.reset();
  const ended = await session.export(faulty(log, call, fault, session.argv, threads));
  const where = `${call.name} ${call.number} ${fault}`;
  expect({ where, told: toldOf(ended, fault) }).toEqual({ where, told: "well" });
  const { entries, problems } = session.entries;
  // The row is there or it is not: no part of it counts.
  expect({ where, rows: entries.length <= 1, problems }).toEqual({ where, rows: true, problems: [] });
  expect({ where, status: (await session.export()).status }).toEqual({ where, status: 0 });
  expect({ where, state: session.state }).toEqual({ where, state: whole });
  return Math.min(1, countFaults(log));
}

/** `well`, or what is wrong with how an export ended. */
function toldOf({ status, stderr }: Ended, fault: string): string {
  if (fault === "SIGKILL" && status === null) return "well";
  if (/\n +at |this is a bug/.test(stderr)) return stderr;
  if (status === 0) return stderr.includes("recorded an entry") ? "well" : stderr;
  return status === 1 && /^error: .+\n\nhint: .+\n$/m.test(stderr) ? "well" : `${status}: ${stderr}`;
}

test.if(MAY_TRACE)(
  "a call that fails is told, and the next export ends where an undisturbed one does",
  async () => {
    const points = every(8, 1, calls);
    const names = new Set(calls.map(({ name }) => name));
    expect([...names]).toEqual(expect.arrayContaining(["openat", "write", "fsync", "rename", "link", "mkdir"]));
    let faults = 0;
    for (const [i, call] of points.entries())
      for (const fault of ALL ? ERRORS : [ERRORS[i % ERRORS.length] ?? "EIO"])
        faults += await goWrong(call, fault, "first");
    expect(faults).toBeGreaterThan(points.length / 2);
    if (ALL) process.stdout.write(`${points.length} calls, each failing in ${ERRORS.length} ways: ${faults} faults\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "killed before any writing call, an export leaves nothing that the next one does not make whole",
  async () => {
    const points = every(10, 3, calls);
    let kills = 0;
    for (const call of points) kills += await goWrong(call, "SIGKILL", "first");
    expect(kills).toBeGreaterThan(points.length / 2);
    if (ALL) process.stdout.write(`${points.length} calls, ${kills} kills\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "so it is where files are copied, replaced and written, in other threads",
  async () => {
    let faults = 0;
    for (const [i, call] of every(8, 5, ELSEWHERE).entries())
      for (const fault of ALL
        ? [...ERRORS, "SIGKILL" as const]
        : [i % 2 === 0 ? ("EIO" as const) : ("SIGKILL" as const)])
        faults += await goWrong(call, fault, "every");
    expect(faults).toBeGreaterThan(0);
    if (ALL) process.stdout.write(`in other threads: ${faults} faults\n`);
  },
  3_600_000,
);

test.if(MAY_TRACE)(
  "a disk on which every sync takes its time changes nothing but how long it takes",
  async () => {
    session.reset();
    const ended = await session.export(faulty(log, { name: "fsync", number: 1 }, { delayMs: 30 }, session.argv));
    expect(ended).toMatchObject({ status: 0 });
    expect(session.state).toEqual(whole);
    expect(countFaults(log)).toBeGreaterThan(5);
  },
  60_000,
);
