// Which sessions a sync records and skips, and what it records.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { activeSessions } from "../../../src/agents/claude/process-records.ts";
import { createPending, type PendingRun, pendingFile, pendingFolder } from "../../../src/runs/pending.ts";
import { processStatus } from "../../../src/system/proc.ts";
import { encode, message } from "../../agents/codex/rollout.ts";
import { sampleEntry } from "../../changelog/sample-entry.ts";
import { pendingRun } from "../../runs/pending-run.ts";
import { Random } from "../../seeded-random.ts";
import { claudeSession, codexSession, type MadeLog, smallSession } from "./made-sessions.ts";
import { SyncHome } from "./sync-home.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures");
const MINUTE_MS = 60_000;

let home: SyncHome;
let root: string;

beforeEach(async () => {
  home = new SyncHome();
  root = await home.repository();
});
afterEach(() => home.remove());

/** The time of the last record of a log. */
function endOf({ log }: MadeLog): number {
  return Date.parse([...log.matchAll(/"timestamp":"([^"]+)"/g)].at(-1)?.[1] ?? "");
}

/**
 * Copies the logs of a recording to a tool's home and names the test's repository in them; returns the recording's
 * ground truth.
 */
function takeHome(recording: string, folder: string, to = ""): { windows: { session_id: string; end: string }[] } {
  const from = join(FIXTURES, recording);
  const { cwd, ...truth } = JSON.parse(readFileSync(join(from, "truth.json"), "utf8"));
  cpSync(join(from, folder), join(to, folder), { recursive: true });
  for (const path of logsBelow(join(to, folder))) {
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(cwd, root));
  }
  return truth;
}

function logsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.jsonl?$/.test(name)).map((name) => join(folder, name));
}

describe("a session", () => {
  test("is recorded if it was active in the given time", async () => {
    const sessions = [1, 30, 60].flatMap((hour) => [codexSession(hour, root), claudeSession(hour, root)]);
    for (const session of sessions) home.addLog(session);
    const [first, second, third] = [1, 30, 60].map((hour) => endOf(codexSession(hour, root)));
    const taken = async (since = 0, until = Number.MAX_SAFE_INTEGER) =>
      (await home.plan({ since, until })).scan.sessions;
    expect(await taken()).toBe(6);
    expect(await taken((second ?? 0) - MINUTE_MS * 90)).toBe(4);
    expect(await taken(0, (second ?? 0) + MINUTE_MS * 90)).toBe(4);
    expect(await taken((first ?? 0) + MINUTE_MS * 90, (third ?? 0) - MINUTE_MS * 90)).toBe(2);
  });

  test("is not read if its log was not modified in the given time", async () => {
    const path = home.addLog(codexSession(1, root));
    writeFileSync(path, "no log at all");
    utimesSync(path, 1, 1);
    expect((await home.plan({ since: Date.parse("2026-11-20") })).scan).toMatchObject({ considered: 1, sessions: 0 });
  });

  test("has the time of its records if its log is compressed, whenever that was written", async () => {
    home.addLog(codexSession(1, root), { compressed: true });
    const since = endOf(codexSession(2, root));
    expect((await home.plan({ since })).scan).toMatchObject({ considered: 1, sessions: 0 });
  });

  test("is recorded if its log is compressed or archived", async () => {
    home.addLog(codexSession(1, root), { compressed: true });
    home.addLog(codexSession(2, root), { archived: true });
    home.addLog(codexSession(3, root), { archived: true, compressed: true });
    expect((await home.sync()).result.recorded).toBe(3);
    expect((await home.plan()).runs).toBe(0);
  });

  test("is recorded alone if one tool or one log is given", async () => {
    home.addLog(codexSession(1, root));
    const source = home.addLog(claudeSession(1, root));
    expect((await home.plan({ tools: ["codex"] })).scan.found[0]?.log.head.tool).toBe("codex");
    const { scan } = await home.plan({ source, since: home.now.getTime() });
    expect(scan).toMatchObject({ considered: 1, found: [{ log: { path: source } }] });
  });

  test("is not the log of a subagent, and the error names its session", async () => {
    const parent = "01a201e4-cb84-7a11-a7c6-963cd916f631";
    const source = { subagent: { thread_spawn: { parent_thread_id: parent } } };
    const path = home.addLog(smallSession(1, { cwd: root, edits: ["x.js"], head: { source } }));
    expect((await home.plan()).scan).toMatchObject({ considered: 1, sessions: 0 });
    expect(home.plan({ source: path })).rejects.toThrow(`is the log of a subagent of session ${parent}`);
  });

  test("includes the actions of Claude Code subagents", async () => {
    takeHome("claude/2.1.330-subagent", "projects", home.env.CLAUDE_CONFIG_DIR);
    await home.sync();
    expect(home.rows(root)).toMatchObject([{ touched_files: { created: ["sub.txt", "sub2.txt"] } }]);
  });

  test("includes the actions of Codex subagents, and is active as long as they are", async () => {
    const { windows } = takeHome("codex/0.169.0-subagent", "sessions", home.env.CODEX_HOME);
    const [parent, child] = windows.map(({ session_id }) => session_id);
    const log = logsBelow(join(home.env.CODEX_HOME ?? "", "sessions")).find((path) => path.includes(child ?? "")) ?? "";
    home.now = new Date(Date.parse(windows[0]?.end ?? "") + 2 * MINUTE_MS);
    const open = process.platform === "linux" ? openSync(log, "a") : null;
    if (open !== null) {
      expect((await home.plan()).scan.skippedSessions).toMatchObject([{ reason: "running" }]);
      closeSync(open);
    }
    const last = { timestamp: home.now.toISOString(), type: "event_msg", payload: { type: "token_count" } };
    appendFileSync(log, encode(last));
    expect((await home.plan()).scan.skippedSessions).toMatchObject([{ reason: "running" }]);
    home.now = new Date(home.now.getTime() + 11 * MINUTE_MS);
    await home.sync();
    expect(home.rows(root)).toMatchObject([
      {
        session_id: parent,
        touched_files: { created: ["GUIDE.md"] },
        bullets: expect.arrayContaining(["`cat nothing.txt` failed with exit status 1."]),
      },
    ]);
    expect((await home.plan()).runs).toBe(0);
  });

  test("includes only its own part if it is a fork", async () => {
    const { windows } = takeHome("codex/0.169.0-fork", "sessions", home.env.CODEX_HOME);
    await home.sync();
    const ids = new Set(windows.map(({ session_id }) => session_id));
    expect(new Set(home.rows(root).map(({ session_id }) => session_id))).toEqual(ids);
    const [fork, parent] = home
      .rows(root)
      .map(({ start }) => Date.parse(start))
      .sort((a, b) => b - a);
    expect(fork).toBeGreaterThan(parent ?? 0);
    expect((await home.plan()).runs).toBe(0);
  });

  test("gets no entry if it is empty", async () => {
    const { log, ...session } = codexSession(1, root);
    home.addLog({ ...session, log: log.slice(0, log.indexOf("\n") + 1) });
    expect((await home.plan()).scan).toMatchObject({ found: [], skippedSessions: [], skippedRuns: { nothing: 1 } });
    expect(existsSync(join(root, ".changelog"))).toBe(false);
  });

  test("is reported if it cannot be read, and the others are recorded", async () => {
    home.addLog(codexSession(1, root));
    const { log, ...session } = codexSession(2, root);
    const noise = message("assistant", new Random(1).bytes(200_000).toString("base64"));
    const path = home.addLog({ ...session, log: `${log}${encode(noise)}` }, { compressed: true });
    const whole = readFileSync(path);
    writeFileSync(path, whole.fill(0xff, whole.length - 50_000, whole.length - 10_000));
    const { prepared, result } = await home.sync();
    expect(result.recorded).toBe(1);
    expect([...prepared.scan.damaged, ...result.damaged]).toMatchObject([{ path }]);
  });
});

describe("an active session", () => {
  let session: MadeLog;
  const left = async () => (await home.plan()).scan.skippedSessions.map(({ reason }) => reason);
  const wait = (minutes: number) => {
    home.now = new Date(endOf(session) + minutes * MINUTE_MS);
  };

  test("is not one with a compressed log, whenever that was written", async () => {
    session = codexSession(1, root);
    utimesSync(home.addLog(session, { compressed: true }), new Date(endOf(session)), new Date(endOf(session)));
    wait(2);
    expect((await home.sync()).result.recorded).toBe(1);
  });

  test("is skipped until it was idle for a while", async () => {
    session = claudeSession(1, root);
    home.addLog(session);
    wait(9);
    expect(await left()).toEqual(["running"]);
    wait(11);
    expect((await home.sync()).result.recorded).toBe(1);
  });

  test("is recorded as soon as no Codex process has its log open", async () => {
    if (process.platform !== "linux") return;
    session = codexSession(1, root);
    const open = openSync(home.addLog(session), "a");
    wait(2);
    expect(await left()).toEqual(["running"]);
    closeSync(open);
    expect((await home.sync()).result.recorded).toBe(1);
  });

  test("is recorded as soon as no Claude Code process works in it", async () => {
    if (process.platform !== "linux") return;
    session = claudeSession(1, root);
    home.addLog(session);
    const records = join(home.env.CLAUDE_CONFIG_DIR ?? "", "sessions");
    mkdirSync(records);
    const record = join(records, `${process.pid}.json`);
    const procStart = processStatus(process.pid)?.start;
    writeFileSync(record, JSON.stringify({ pid: process.pid, sessionId: session.id, startedAt: 1, procStart }));
    expect(activeSessions(home.env.CLAUDE_CONFIG_DIR ?? "")).toEqual(new Set([session.id]));
    wait(2);
    expect(await left()).toEqual(["running"]);
    // A file that Claude Code keeps for each process, left by a crash; another process has the process id now.
    writeFileSync(record, JSON.stringify({ pid: process.pid, sessionId: session.id, startedAt: 1, procStart: "1" }));
    expect((await home.sync()).result.recorded).toBe(1);
  });

  test("is recorded only after an answer if its process may not be visible", async () => {
    session = codexSession(1, root);
    const last = encode({
      timestamp: new Date(endOf(session)).toISOString(),
      type: "event_msg",
      payload: { type: "user_message", message: "Go on" },
    });
    home.addLog({ ...session, log: `${session.log}${last}` });
    wait(5);
    expect(await left()).toEqual(["running"]);
    wait(11);
    expect((await home.sync()).result.recorded).toBe(1);
  });

  test("is skipped while a call has no result, but not forever", async () => {
    session = smallSession(1, { cwd: root, edits: ["x.js"], open: true });
    const open = openSync(home.addLog(session), "a");
    wait(60);
    expect(await left()).toEqual(["running"]);
    wait(25 * 60);
    expect((await home.sync()).result.recorded).toBe(1);
    closeSync(open);
  });

  test("is recorded up to its last whole line, and the torn line belongs to the next run", async () => {
    session = codexSession(1, root);
    const whole = codexSession(1, root, 2).log;
    home.addLog({ ...session, log: `${session.log}${whole.slice(session.log.length, session.log.length + 40)}` });
    await home.sync();
    home.addLog({ ...session, log: whole });
    await home.sync();
    const [first, second] = home.rows(root);
    expect(second?.continuation_of_run_id).toBe(first?.run_id ?? "");
    expect(second?.commits.length).toBe(first?.commits.length ?? 0);
  });
});

describe("a pending run", () => {
  const session = () => codexSession(1, root);

  async function keepPending(change: Partial<PendingRun>) {
    const began = new Date(endOf(session()) - MINUTE_MS).toISOString();
    const run = pendingRun(root, { label: "Fix cart", started_at: began, ...change });
    createPending(await pendingFile(pendingFolder(home.env, home.home), run));
  }

  test.each([
    ["its id", () => ({ sessions: [session().id] })],
    ["the id of the session it resumed", () => ({ resume: { id: session().id } })],
    ["its log", () => ({ logs: [join(home.env.CODEX_HOME ?? "", session().name)] })],
    [
      "the log it was bound to, whatever its time is",
      () => ({
        started_at: "2001-01-01T00:00:00.000Z",
        ended_at: "2001-01-01T00:01:00.000Z",
        bound: [{ path: join(home.env.CODEX_HOME ?? "", session().name), rule: "new-file" as const }],
      }),
    ],
    ["its time and repository only", () => ({})],
  ])("is skipped, identified by %s", async (_, change) => {
    home.addLog(session());
    home.addLog(claudeSession(1, root));
    await keepPending(change());
    const { scan } = await home.plan();
    expect(scan.skippedSessions).toMatchObject([{ reason: "pending", log: { head: { sessionId: session().id } } }]);
    expect(scan.found).toMatchObject([{ log: { head: { tool: "claude" } } }]);
  });

  test("does not affect sessions of its repository that ended before it", async () => {
    home.addLog(session());
    await keepPending({ started_at: new Date(endOf(session()) + MINUTE_MS).toISOString() });
    expect((await home.plan()).runs).toBe(1);
  });
});

test("sessions of both tools are recorded with label and facts, oldest first", async () => {
  for (const hour of [3, 1, 2]) {
    home.addLog(codexSession(hour, root));
    home.addLog(claudeSession(hour, root));
  }
  await home.sync({}, { concurrency: 1 });
  const rows = home.rows(root);
  expect(rows.map(({ tool }) => tool)).toEqual(["codex", "claude", "codex", "claude", "codex", "claude"]);
  expect(rows.map(({ end }) => end)).toEqual(rows.map(({ end }) => end).toSorted());
  expect(rows[0]).toMatchObject({ label: "Fix the empty cart total crash", commits: [{ hash: "b56f337" }] });
  expect(rows[1]).toMatchObject({
    label: "Add a multiply function with a",
    touched_files: { deleted: ["old.txt"] },
  });
  expect(JSON.stringify(rows)).not.toContain(home.base);
});

test("a model evaluates `builtin` entries, unless upgrades are off", async () => {
  home.addLog(codexSession(1, root));
  await home.sync();
  const asked = { evaluator: "codex" } as const;
  expect((await home.plan({ ...asked, upgrades: false })).scan.skippedRuns["only-builtin"]).toBe(1);
  const { assignments } = await home.plan(asked);
  const [first] = home.rows(root);
  expect(assignments).toMatchObject([
    { destination: { root }, runs: [{ action: "upgrade", runId: first?.run_id, described: { label: first?.label } }] },
  ]);
});

test("a limit records the oldest runs, and the next sync the rest", async () => {
  for (const hour of [1, 2, 3]) home.addLog(codexSession(hour, root));
  expect((await home.sync({ limit: 2 })).result).toMatchObject({ recorded: 2, remaining: 1 });
  expect((await home.sync()).result).toMatchObject({ recorded: 1, remaining: 0 });
});

test("an entry without times covers its session", async () => {
  const session = codexSession(1, root);
  home.addLog(session);
  await home.sync();
  const [row] = home.rows(root);
  const entry = sampleEntry({ run_id: row?.run_id ?? "", session_id: session.id, start: null, end: null });
  writeFileSync(join(root, ".changelog/ada/entries.jsonl"), `${JSON.stringify(entry)}\n`);
  expect((await home.plan()).runs).toBe(0);
});

test("an error of one repository does not affect the others", async () => {
  const [outside, broken, shut] = [
    await home.repository("outside"),
    await home.repository("broken"),
    await home.repository("shut"),
  ];
  symlinkSync(home.home, join(outside, ".changelog"));
  writeFileSync(join(broken, ".ais.toml"), "= no toml");
  mkdirSync(join(shut, ".changelog"));
  writeFileSync(join(shut, ".changelog/ada"), "a file in the way");
  for (const [index, place] of [root, outside, broken, shut].entries()) home.addLog(codexSession(index + 1, place));
  const { prepared, result } = await home.sync();
  expect(result.recorded).toBe(1);
  expect(home.rows(root)).toHaveLength(1);
  const problems = [...prepared.scan.damaged, ...result.damaged].map(({ problem }) => problem).join("\n");
  for (const place of [outside, broken, shut]) expect(problems).toContain(place);
  expect(readdirSync(home.home)).not.toContain("ada");
});

test("a session that is recorded in one repository is not recorded in another", async () => {
  const docs = await home.repository("docs");
  const source = home.addLog(codexSession(1, root));
  await home.sync();
  expect((await home.plan({ source, projectRoot: docs })).scan).toMatchObject({
    found: [],
    skippedSessions: [{ reason: "elsewhere", root }],
  });
});
