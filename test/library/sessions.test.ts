import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { appendFile, mkdir, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Tool } from "../../src/agents/tool.ts";
import { appendEntry, openChangelog } from "../../src/changelog/store.ts";
import { listSessions } from "../../src/library/sessions.ts";
import { appendExportRecord } from "../../src/runs/export-records.ts";
import { git } from "../../src/system/git.ts";
import { at, encode, event, type Fields, message, meta, T0 } from "../agents/codex/rollout.ts";
import { sampleEntry } from "../changelog/sample-entry.ts";
import { sampleRecord } from "../runs/sample-record.ts";
import { type Home, makeHome, uuid } from "../sessions/logs.ts";

const [A, B, C] = [uuid(T0, 1), uuid(T0, 2), uuid(T0, 3)];

let home: Home;
let shop: string;
beforeEach(async () => {
  home = await makeHome();
  shop = join(home.home, "shop");
  await mkdir(shop);
  await git(shop, ["init", "--quiet"]);
});
afterEach(() => home.remove());

/** A session with a prompt at each of these seconds. */
async function session(id: string, seconds: number[], more: Fields = {}, name?: string): Promise<string> {
  const [first = 0] = seconds;
  const prompts = seconds.map((second) => event("user_message", { message: `Prompt at ${second}` }, second));
  return await home.write(id, [meta(id, { cwd: shop, timestamp: at(first), ...more }, first), ...prompts], name);
}

const list = (tool: Tool = "codex", latest = false) =>
  listSessions({ tool, root: shop, env: { CODEX_HOME: home.codex }, home: home.home, latest });
const ids = async () => (await list()).map(({ id }) => id);

test("the latest session comes first, with everything known about it", async () => {
  const [older, newer] = [await session(A, [10, 200]), await session(B, [100])];
  expect(await list()).toEqual([
    {
      ...{ id: A, label: "Prompt at 10", startedAt: at(10), lastAt: at(200), prompts: 2 },
      ...{ files: null, sessionDir: null, worktree: shop, cwd: shop, log: older },
    },
    {
      ...{ id: B, label: "Prompt at 100", startedAt: at(100), lastAt: at(100), prompts: 1 },
      ...{ files: null, sessionDir: null, worktree: shop, cwd: shop, log: newer },
    },
  ]);
  expect((await list("codex", true)).map(({ id }) => id)).toEqual([A]);
});

test("the label is from the session directory, the files from the entries", async () => {
  await session(A, [10]);
  const directory = join(shop, ".codex/sessions/2026-11-22-0600_Fix_cart");
  mkdirSync(directory, { recursive: true });
  appendExportRecord(directory, sampleRecord({ session_id: A, label: "Fix cart" }));
  for (const [index, actor] of ["ada", "bob"].entries()) {
    const touched_files = { created: [`${actor}.js`], modified: ["cart.js"], deleted: [], moved: [] };
    await appendEntry(
      openChangelog(shop, actor),
      sampleEntry({ session_id: A, actor, touched_files, run_id: `${index}`.repeat(16) }),
    );
  }
  expect((await list())[0]).toMatchObject({
    ...{ label: "Fix cart", sessionDir: directory, files: ["ada.js", "bob.js", "cart.js"] },
  });
});

test("a label made from a prompt contains no secret", async () => {
  await home.write(A, [meta(A, { cwd: shop }), message("user", `Use ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)} now`)]);
  expect((await list())[0]?.label).toBe("Use [REDACTED:github-token] now");
});

test("a session belongs to the worktree it started in, also through links and in subfolders", async () => {
  await git(shop, ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "--allow-empty", "-m", "x"]);
  const other = join(home.home, "shop-2");
  await git(shop, ["worktree", "add", "-q", other]);
  await mkdir(join(shop, "src"));
  await symlink(join(shop, "src"), join(home.home, "link"));
  await session(A, [10], { cwd: join(home.home, "link") });
  await session(B, [20], { cwd: other });
  expect((await list()).map(({ id, worktree, cwd }) => ({ id, worktree, cwd }))).toEqual([
    { id: B, worktree: other, cwd: other },
    { id: A, worktree: shop, cwd: join(shop, "src") },
  ]);
});

test("a repository inside this one is another one", async () => {
  const inner = join(shop, "vendor/lib");
  await mkdir(inner, { recursive: true });
  await git(inner, ["init", "--quiet"]);
  await session(A, [10], { cwd: inner });
  await session(B, [20], { cwd: `${shop}-2` });
  await session(C, [30], { cwd: join(shop, "gone") });
  expect(await ids()).toEqual([C]);
});

test("subagents and archived sessions are not listed", async () => {
  await session(A, [10], { parent_thread_id: B, thread_source: "subagent" });
  await session(B, [20], {}, `archived_sessions/rollout-2026-11-22T06-00-00-${B}.jsonl`);
  await session(C, [30]);
  expect(await ids()).toEqual([C]);
  const env = { CODEX_HOME: `${home.codex}/` };
  expect(await listSessions({ tool: "codex", root: shop, env, home: home.home })).toHaveLength(1);
});

test("the prompts of a compressed log are read, and its modification time is that of the session", async () => {
  const path = await session(A, [10, 20], {}, `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${A}.jsonl.zst`);
  await utimes(path, T0 / 1000 + 20, T0 / 1000 + 20);
  expect((await list())[0]).toMatchObject({ lastAt: at(20), prompts: 2, label: "Prompt at 10" });
});

test("only the own prompts of a fork count, whether or not its log says that it is one", async () => {
  const copied = [meta(A, { cwd: shop }), ...turn(T0 + 10_000, "The parent's", 10)];
  await home.write(A, copied);
  for (const [id, more] of [
    [B, { forked_from_id: A }],
    [C, {}],
  ] as const) {
    const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) + 60_000;
    const own = uuid(made, id === B ? 2 : 3);
    await home.write(own, [
      meta(own, { cwd: shop, timestamp: at(60), ...more }, 60),
      ...copied,
      ...turn(made + 1000, "The fork's", 61),
    ]);
  }
  expect((await list()).map(({ prompts, label }) => ({ prompts, label }))).toEqual([
    { prompts: 1, label: "The fork's" },
    { prompts: 1, label: "The fork's" },
    { prompts: 1, label: "The parent's" },
  ]);
});

test("prompts that would take too long to count are null", async () => {
  for (let index = 0; index < 60; index += 1) await session(uuid(T0, 100 + index), [index]);
  const sessions = await list();
  expect(sessions.map(({ prompts }) => prompts)).toEqual([...Array(50).fill(1), ...Array(10).fill(null)]);
  expect(sessions.at(-1)).toMatchObject({ label: "Prompt at 0", lastAt: at(0) });
});

test("a log that is too large to read is listed by its first and last records", async () => {
  const path = await session(A, [10]);
  await truncate(path, 300 * 1024 * 1024);
  await appendFile(path, encode("", event("token_count", {}, 20)));
  expect((await list())[0]).toMatchObject({ id: A, prompts: null, label: "Prompt at 10", lastAt: at(20) });
});

test("sessions of Claude Code are listed by the folder in their logs", async () => {
  const line = (cwd: string, more: Fields) => ({
    ...{
      parentUuid: null,
      isSidechain: false,
      promptId: "p",
      type: "user",
      message: { role: "user", content: "Fix it" },
    },
    ...{ promptSource: "typed", timestamp: at(5), cwd, sessionId: A, version: "2.1.330", ...more },
  });
  const write = async (name: string, lines: Fields[]) => {
    const path = join(home.home, ".claude/projects", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, encode(...lines));
    return path;
  };
  const log = await write(`anything/${A}.jsonl`, [{ type: "mode", mode: "normal", sessionId: A }, line(shop, {})]);
  await write(`anything/${B}.jsonl`, [line(`${shop}-2`, { sessionId: B })]);
  await write(`anything/${A}/subagents/agent-1.jsonl`, [line(shop, { isSidechain: true })]);
  // A version that does not mark typed prompts: others are recognized by their text.
  await write(`anything/${C}.jsonl`, [line(shop, { sessionId: C, promptSource: undefined, timestamp: at(1) })]);
  expect(await list("claude")).toMatchObject([
    { id: A, label: "Fix it", prompts: 1, startedAt: at(5), lastAt: at(5), log },
    { id: C, label: "Fix it", prompts: 1 },
  ]);
});

/** A turn in the format of Codex. */
function turn(ms: number, prompt: string, second: number): Fields[] {
  return [event("task_started", { turn_id: uuid(ms, 9) }, second), event("user_message", { message: prompt }, second)];
}
