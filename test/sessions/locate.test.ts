import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocateQuery, locate } from "../../src/sessions/locate.ts";
import { ExpectedError } from "../../src/system/errors.ts";
import { run } from "../../src/system/spawn.ts";
import { logPath, mode, prompt, reply, writeLog } from "../agents/claude/log.ts";
import { at, event, type Fields, meta, T0 } from "../agents/codex/rollout.ts";
import { type Home, makeHome, uuid } from "./logs.ts";

let home: Home;
let shop: string;
beforeEach(async () => {
  home = await makeHome();
  shop = join(home.home, "shop");
  await mkdir(shop);
});
afterEach(() => home.remove());

const A = uuid(T0, 0xa);
const B = uuid(T0, 0xb);
const C = uuid(T0, 0xc);

function query(more: Partial<LocateQuery> = {}): LocateQuery {
  return {
    tool: "codex",
    cwd: shop,
    projectRoot: shop,
    start: null,
    end: null,
    sessionId: null,
    env: {},
    home: home.home,
    ...more,
  };
}

/** Writes a session that was active from one second to another. */
function session(id: string, first: number, last: number, more: Fields = {}): Fields[] {
  return [meta(id, { cwd: shop, ...more }, first), event("agent_message", { message: "ok" }, last)];
}

async function failure(asked: LocateQuery): Promise<ExpectedError> {
  try {
    await locate(asked);
  } catch (error) {
    if (error instanceof ExpectedError) return error;
    throw error;
  }
  throw new Error("something was found");
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const result = await run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", ...args], { cwd });
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout.trim();
}

describe("by folder and time", () => {
  test("chooses the session whose times fit the window best", async () => {
    await home.write(A, session(A, 0, 30));
    const path = await home.write(B, session(B, 100, 130));
    await home.write(C, session(C, 140, 300));
    expect(await locate(query({ start: at(99.5), end: at(130.2) }))).toMatchObject({
      tool: "codex",
      path,
      sessionId: B,
      rule: "cwd",
      score: 700,
      first: at(100),
      last: at(130),
      considered: 3,
      runnersUp: [],
    });
  });

  test("lists the runners-up with their scores", async () => {
    await home.write(A, session(A, 0, 110));
    await home.write(B, session(B, 100, 130));
    expect(await locate(query({ start: at(100), end: at(130) }))).toMatchObject({
      sessionId: B,
      score: 0,
      runnersUp: [{ sessionId: A, score: 20_000 }],
      query: { cwd: shop, start: at(100), end: at(130), sessionId: null },
    });
  });

  test("ignores the start of a session that was resumed in the window", async () => {
    const path = await home.write(
      A,
      [meta(A, { cwd: shop }, -9_000_000), event("agent_message", { message: "ok" }, 130)],
      `sessions/2026/08/10/rollout-2026-08-10T00-00-00-${A}.jsonl`,
    );
    await utimes(path, 1_000_000, 1_000_000);
    expect(await locate(query({ start: at(100), end: at(130) }))).toMatchObject({ sessionId: A, score: 0 });
  });

  test("without a window, chooses the most recent session", async () => {
    await home.write(A, session(A, 0, 500));
    await home.write(B, session(B, 100, 130));
    expect(await locate(query())).toMatchObject({
      sessionId: A,
      score: 0,
      runnersUp: [{ sessionId: B, score: 370_000 }],
    });
  });

  test("accepts a start without an end, and an end without a start", async () => {
    await home.write(A, session(A, 0, 30));
    await home.write(B, session(B, 100, 130));
    expect(await locate(query({ start: at(99) }))).toMatchObject({ sessionId: B });
    expect(await locate(query({ end: at(31) }))).toMatchObject({ sessionId: A });
  });

  test("fails on a tie, and names the sessions", async () => {
    await home.write(A, session(A, 100, 130));
    await home.write(B, session(B, 101, 130));
    const error = await failure(query({ start: at(99.5), end: at(130) }));
    expect(error.message).toStartWith("2 sessions match equally well");
    for (const part of [A, B, shop, at(100), at(101), "score 500", "score 1500"]) expect(error.message).toContain(part);
    expect(error.hint).toContain(`--session-id ${A}`);
  });

  test("ignores logs of subagents", async () => {
    await home.write(A, session(A, 100, 130));
    await home.write(
      B,
      session(B, 101, 130, { parent_thread_id: A, source: { subagent: { thread_spawn: { parent_thread_id: A } } } }),
    );
    expect(await locate(query({ start: at(100), end: at(130) }))).toMatchObject({ sessionId: A, runnersUp: [] });
  });

  test("treats a fork as a session that starts when it was forked", async () => {
    const copied = event("agent_message", { message: "ok" }, 10);
    await home.write(A, session(A, 0, 10));
    await home.write(B, [
      meta(B, { cwd: shop, forked_from_id: A }, 100),
      meta(A, { cwd: shop }, 0),
      copied,
      event("agent_message", { message: "ok" }, 130),
    ]);
    expect(await locate(query({ start: at(100), end: at(130) }))).toMatchObject({ sessionId: B, score: 0 });
  });
});

describe("folders", () => {
  const window = { start: at(100), end: at(130) };

  test("compares folders by real path", async () => {
    await symlink(shop, join(home.home, "link"));
    await home.write(A, session(A, 100, 130, { cwd: join(home.home, "link") }));
    expect(await locate(query(window))).toMatchObject({ rule: "cwd" });
    expect(await locate(query({ ...window, cwd: join(home.home, "link") }))).toMatchObject({ rule: "cwd" });
  });

  test("compares deleted folders as written", async () => {
    await home.write(A, session(A, 100, 130, { cwd: "/home/dev/gone" }));
    expect(await locate(query({ ...window, cwd: "/home/dev/gone/" }))).toMatchObject({ rule: "cwd" });
  });

  test("prefers the same folder over the rest of the project, and ignores a sibling with a similar name", async () => {
    const web = join(shop, "web");
    await home.write(A, session(A, 100, 130, { cwd: shop }));
    await home.write(B, session(B, 90, 120, { cwd: web }));
    await home.write(C, session(C, 100, 130, { cwd: `${shop}-old` }));
    expect(await locate(query({ ...window, cwd: web }))).toMatchObject({ sessionId: B, rule: "cwd" });
    expect(await locate(query({ ...window, cwd: join(shop, "api") }))).toMatchObject({
      rule: "project-root",
      sessionId: A,
    });
  });

  test("finds a session in another worktree of the repository", async () => {
    await git(shop, "init", "-q");
    await git(shop, "commit", "-q", "--allow-empty", "-m", "begin");
    const tree = join(home.home, "tree");
    await git(shop, "worktree", "add", "-q", tree);
    await home.write(A, session(A, 100, 130, { cwd: tree }));
    expect(await locate(query(window))).toMatchObject({ sessionId: A, rule: "project-root" });
  });

  test("finds a session of a moved repository by the commit it started at", async () => {
    await git(shop, "init", "-q");
    await git(shop, "commit", "-q", "--allow-empty", "-m", "begin");
    const commit = await git(shop, "rev-parse", "HEAD");
    await home.write(A, session(A, 100, 130, { cwd: "/old/shop", git: { commit_hash: commit } }));
    await home.write(B, session(B, 100, 130, { cwd: "/old/other", git: { commit_hash: "0".repeat(40) } }));
    await home.write(C, session(C, 100, 130, { cwd: "/old/hostile", git: { commit_hash: "--help\nHEAD" } }));
    expect(await locate(query(window))).toMatchObject({ sessionId: A, rule: "repository" });
  });

  test("prefers a session of the folder over one that shares a commit", async () => {
    await git(shop, "init", "-q");
    await git(shop, "commit", "-q", "--allow-empty", "-m", "begin");
    const commit = await git(shop, "rev-parse", "HEAD");
    await home.write(A, session(A, 100, 130, { cwd: "/old/shop", git: { commit_hash: commit } }));
    await home.write(B, session(B, 90, 125));
    expect(await locate(query(window))).toMatchObject({ sessionId: B, rule: "cwd" });
  });
});

describe("by session id", () => {
  test("finds a session whatever its folder and time", async () => {
    const path = await home.write(A, session(A, 100, 130, { cwd: "/elsewhere" }));
    await home.write(B, session(B, 100, 130));
    expect(await locate(query({ sessionId: ` ${A.toUpperCase()} `, start: at(900), end: at(990) }))).toMatchObject({
      path,
      sessionId: A,
      rule: "session-id",
    });
  });

  test("finds a subagent and a fork by their own ids", async () => {
    await home.write(A, session(A, 0, 10));
    await home.write(B, session(B, 1, 9, { session_id: A, parent_thread_id: A }));
    expect(await locate(query({ sessionId: A }))).toMatchObject({ sessionId: A });
    expect(await locate(query({ sessionId: B }))).toMatchObject({ sessionId: B });
  });

  test("finds a renamed log by its head", async () => {
    const path = await home.write(A, session(A, 0, 10), `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${C}.jsonl`);
    expect(await locate(query({ sessionId: A }))).toMatchObject({ path });
  });

  test("of several logs of one session, chooses the one with the latest record", async () => {
    await home.write(A, session(A, 0, 10));
    const path = await home.write(A, session(A, 0, 90), `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${A}_7.jsonl`);
    expect(await locate(query({ sessionId: A }))).toMatchObject({ path, runnersUp: [{ sessionId: A, score: 80_000 }] });
  });

  test("fails for an unknown id", async () => {
    await home.write(A, session(A, 0, 10));
    const error = await failure(query({ sessionId: B }));
    expect(error.message).toBe(`Codex session \`${B}\` not found in 1 log under \`${home.codex}\``);
  });
});

describe("log files", () => {
  const window = { start: at(100), end: at(130) };

  test("finds archived and compressed logs", async () => {
    const records = session(A, 100, 130);
    const name = `rollout-2026-11-22T06-00-00-${A}.jsonl`;
    for (const place of [
      `archived_sessions/${name}`,
      `sessions/2026/11/22/${name}.zst`,
      `archived_sessions/${name}.zst`,
    ]) {
      const path = await home.write(A, records, place);
      expect(await locate(query(window))).toMatchObject({ path, first: at(100), last: at(130) });
      await rename(path, join(home.home, "away"));
    }
  });

  test("prefers an uncompressed log over its compressed copy", async () => {
    const path = await home.write(A, session(A, 100, 130));
    await home.write(A, session(A, 100, 110), `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${A}.jsonl.zst`);
    expect(await locate(query(window))).toMatchObject({ path, considered: 1 });
  });

  test("skips unfinished files and files of other programs", async () => {
    const day = join(home.codex, "sessions/2026/11/22");
    await home.write(A, session(A, 100, 130));
    for (const name of [
      `rollout-2026-11-22T06-00-00-${B}.jsonl.zst.tmp`,
      "notes.jsonl",
      "rollout-notes.jsonl",
      "index.json",
    ]) {
      await writeFile(join(day, name), "x");
    }
    await writeFile(join(day, `rollout-2026-11-22T06-00-00-${C}.jsonl`), '{"type":"other program"}\n');
    await writeFile(join(day, `rollout-2026-11-22T06-00-01-${C}.jsonl.zst`), "no zstd");
    await mkdir(join(day, `rollout-2026-11-22T06-00-02-${C}.jsonl`));
    expect(await locate(query(window))).toMatchObject({ sessionId: A, considered: 3 });
  });

  test("searches `CODEX_HOME`", async () => {
    await home.write(A, session(A, 100, 130));
    const asked = query({ ...window, home: "/nowhere", env: { CODEX_HOME: home.codex } });
    expect(await locate(asked)).toMatchObject({ sessionId: A });
  });

  test("finds the last record before a torn line, and a long one", async () => {
    const long = event("agent_message", { message: "x".repeat(300_000) }, 130);
    await home.write(
      A,
      [meta(A, { cwd: shop }, 100), long, '{"timestamp":"2026-11-22T07'].map((record) => record),
    );
    expect(await locate(query(window))).toMatchObject({ last: at(130) });
  });
});

describe("errors", () => {
  test("name the folder that was searched and the nearest sessions", async () => {
    await home.write(A, session(A, 0, 10));
    await home.write(B, session(B, 500, 510));
    await home.write(C, session(C, 100, 130, { cwd: "/elsewhere" }));
    const error = await failure(query({ start: at(100), end: at(130) }));
    expect(error.message).toStartWith(
      `no Codex session of \`${shop}\` between ${at(100)} and ${at(130)} in 3 logs under \`${home.codex}\``,
    );
    expect(error.message).toContain(A);
    expect(error.message).toContain(B);
    expect(error.message).not.toContain(C);
    expect(error.hint).toContain("--session-id");
  });

  test("suggest `CODEX_HOME` if there are no logs", async () => {
    const error = await failure(query());
    expect(error.message).toBe(`no Codex session of \`${shop}\` in 0 logs under \`${home.codex}\``);
    expect(error.hint).toContain("CODEX_HOME");
  });

  test("name the tool", async () => {
    const { message, hint } = await failure(query({ tool: "claude" }));
    expect(message).toContain(`no Claude Code session of \`${shop}\``);
    expect(hint).toContain("CLAUDE_CONFIG_DIR");
  });
});

describe("sessions of Claude Code", () => {
  const claude = (more: Partial<LocateQuery> = {}) => query({ tool: "claude", ...more });
  /** Writes a session that was active from one second to another. Its folder under `projects` does not matter. */
  const worked = (id: string, first: number, last: number, cwd = shop) =>
    writeLog(logPath(join(home.home, ".claude"), id, "-anything"), [prompt(id, cwd, first), reply(id, cwd, last)]);

  test("finds a session by folder and time", async () => {
    const path = await worked(A, 0, 10);
    await worked(B, 100, 110);
    expect(await locate(claude({ start: at(0), end: at(11) }))).toMatchObject({ path, rule: "cwd", first: at(0) });
  });

  test("finds a session by id, whatever its folder", async () => {
    await worked(A, 0, 10);
    const path = await worked(B, 0, 10, "/somewhere/else");
    expect(await locate(claude({ sessionId: B.toUpperCase() }))).toMatchObject({ path, rule: "session-id" });
  });

  test("finds a session in a subfolder, and ignores a log without messages", async () => {
    const path = await worked(A, 0, 10, join(shop, "src"));
    await writeLog(logPath(join(home.home, ".claude"), B), [mode(B)]);
    expect(await locate(claude())).toMatchObject({ path, rule: "project-root" });
  });
});

test("damaged logs are named beside the log that was found, and in the error if none was", async () => {
  const folder = join(home.home, ".codex/sessions/2026/11/22");
  await mkdir(folder, { recursive: true });
  const damaged = join(folder, `rollout-2026-11-22T06-00-00-${B}.jsonl`);
  await writeFile(damaged, '{"timestamp":"20\n');
  const problem = "its first records are damaged, so that its session is not known";
  await expect(locate(query())).rejects.toThrow(`skipped \`${damaged}\`: ${problem}`);
  const found = join(folder, `rollout-2026-11-22T06-00-00-${A}.jsonl`);
  await writeFile(
    found,
    session(A, 0, 5)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(""),
  );
  expect(await locate(query())).toMatchObject({ path: found, damaged: [{ path: damaged, problem }] });
});
