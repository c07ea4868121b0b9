// Recovering runs, with the lock of their record held by various processes.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { readEntries } from "../../src/changelog/store.ts";
import { pendingFile, pendingFolder } from "../../src/runs/pending.ts";
import { readPending } from "../../src/runs/pending-schema.ts";
import { formatIdentity, identifySelf, type ProcessIdentity } from "../../src/system/process-identity.ts";
import { recoverRuns } from "../../src/wrapper/recover.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const TRUTH = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
const DEAD = { pid: 2 ** 22 - 1 };
const OTHER = "0".repeat(12);

let base: string;
let record: string;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-recover-")));
  record = await leaveRun(DEAD);
});
afterEach(() => rmSync(base, { recursive: true }));

const context = () => ({
  ...{ env: { XDG_STATE_HOME: join(base, "state"), CODEX_HOME: join(base, "codex") }, home: base },
  ...{ now: () => new Date(), evaluation: "never" as const, onNotice: () => {} },
});

async function nameOf(change: Partial<ProcessIdentity>): Promise<string> {
  return formatIdentity({ ...(await identifySelf()), ...change });
}

/** The record of a run as its wrapper left it; by default the run has no log. */
async function leaveRun(wrapper: Partial<ProcessIdentity>, change: object = {}): Promise<string> {
  const folder = pendingFolder(context().env, base);
  const written = JSON.stringify({
    ...{ schema_version: 1, tool: "codex", label: "Fix cart", root: base, cwd: base, env: {}, resume: null },
    settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null, repository: null },
    ...{ started_at: "2026-11-22T06:00:00.000Z", ended_at: null, session_id: null, before: null, others: 0 },
    ...{ child: null, logs: [], ...change },
  });
  mkdirSync(folder, { recursive: true });
  const template = join(folder, "template");
  writeFileSync(template, written);
  const run = await readPending(template);
  if (run === null || "unreadable" in run) throw new Error("the record is unreadable");
  rmSync(template);
  const { path } = await pendingFile(folder, run);
  const own = path.replace(/[^.]+\.json$/, `${await nameOf(wrapper)}.json`);
  writeFileSync(own, written);
  return own;
}

async function recover(): Promise<string[]> {
  return (await recoverRuns({ root: base }, false, context())).map(({ status }) => status);
}

async function lockBy(holder: Partial<ProcessIdentity>): Promise<void> {
  mkdirSync(join(`${record}.lock`, await nameOf(holder)), { recursive: true });
}

test.each<[string, Partial<ProcessIdentity>]>([
  ["crashed", DEAD],
  ["exited and its pid was reused", { start: 1 }],
  ["ran before the machine was restarted", { boot: OTHER }],
])("a run is finished if its process %s", async (_, holder) => {
  await lockBy(holder);
  expect(await recover()).toEqual(["finished"]);
  expect([existsSync(record), existsSync(`${record}.lock`)]).toEqual([false, false]);
});

test("skips a run that is locked by another machine", async () => {
  await lockBy({ host: OTHER, boot: OTHER });
  expect(await recover()).toEqual(["running"]);
  expect(existsSync(record)).toBe(true);
});

test("skips a run of a wrapper on another machine, whose processes are not visible", async () => {
  rmSync(record);
  record = await leaveRun({ host: OTHER, boot: OTHER });
  expect(await recover()).toEqual(["running"]);
  expect(existsSync(record)).toBe(true);
});

// Windows has no SIGSTOP.
test.if(process.platform !== "win32")(
  "skips a run that is locked by a stopped process, until that process is gone",
  async () => {
    const worker = resolve(import.meta.dir, "../system/workers/hold-lock.ts");
    const child = Bun.spawn([process.execPath, worker, record], { stdout: "pipe" });
    await child.stdout.getReader().read();
    child.kill("SIGSTOP");
    expect(await recover()).toEqual(["running"]);
    child.kill("SIGKILL");
    await child.exited;
    expect(await recover()).toEqual(["finished"]);
  },
);

test("an unreadable record does not keep other runs from being recovered", async () => {
  mkdirSync(record.replace(/[^.]+\.json$/, `${await nameOf(DEAD)}.json`));
  const recoveries = await recoverRuns({ root: base }, false, context());
  expect(recoveries.map(({ status }) => status).sort()).toEqual(["failed", "finished"]);
  expect(recoveries).toContainEqual(
    expect.objectContaining({
      problem: expect.stringContaining("the file of the pending run cannot be used: it cannot be read"),
    }),
  );
  expect(existsSync(record)).toBe(false);
});

test("a run bound by time is bound again if recovering it was interrupted", async () => {
  rmSync(record);
  const settings = { changelog: true, actor: "ada", evaluator: "builtin", model: null, timeoutMs: null };
  record = await leaveRun(DEAD, { settings, started_at: "2026-11-22T06:15:00.637Z" });
  const [log = ""] = TRUTH.files;
  mkdirSync(dirname(join(base, "codex", log)), { recursive: true });
  writeFileSync(join(base, "codex", log), readFileSync(join(RECORDING, log), "utf8").replaceAll(TRUTH.cwd, base));
  const entries = join(base, ".changelog/ada/entries.jsonl");
  mkdirSync(entries, { recursive: true });
  expect(await recover()).toEqual(["failed"]);
  rmdirSync(entries);
  expect(await recoverRuns({ root: base }, false, context())).toMatchObject([
    { status: "finished", sessions: [{ source: { rule: "new-file" }, changelog: { status: "recorded" } }] },
  ]);
  expect(readEntries(entries).entries).toHaveLength(1);
  expect(existsSync(record)).toBe(false);
});
