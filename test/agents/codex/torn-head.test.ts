import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { headProblem, readHead } from "../../../src/agents/codex/head.ts";
import { uuid } from "../../sessions/logs.ts";
import { at, CWD, encode, event, type Fields, line, meta, T0 } from "./rollout.ts";

const ID = uuid(T0, 1);
const PARENT = uuid(T0, 2);

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "ctx-torn-"));
});
afterEach(() => rm(base, { recursive: true }));

/** Writes a rollout; the name ends with the id. */
async function rollout(text: string, id = ID): Promise<string> {
  const path = join(base, "sessions/2026/11/22", `rollout-2026-11-22T06-00-00-${id}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const later: Fields[] = [
  event("task_started", { turn_id: "t1" }, 1),
  line("turn_context", { turn_id: "t1", cwd: CWD, model: "m" }, 2),
  event("user_message", { message: "go" }, 3),
];

const cut = (record: Fields, length: number) => JSON.stringify(record).slice(0, length);

test.each([
  ["cut off, and the next record in the same line", `${cut(meta(ID), 60)}${encode(...later)}`],
  ["cut off", `${cut(meta(ID), 60)}\n${encode(...later)}`],
  ["a hole of NUL bytes", `${"\0".repeat(5000)}\n${encode(...later)}`],
  ["missing", encode(...later)],
])("a log whose first record is %s is known by its file name and its later records", async (_, text) => {
  expect(await readHead(await rollout(text))).toMatchObject({
    sessionId: ID,
    cwd: CWD,
    startedAt: at(1),
    parent: null,
  });
});

test("what is left of the first record is used", async () => {
  const git = { commit_hash: "abc", branch: "main" };
  const record = JSON.stringify(
    meta(ID, { cwd: '/home/dev/my "shop"', forked_from_id: PARENT, git, more: "x".repeat(99) }),
  );
  expect(await readHead(await rollout(`${record.slice(0, -50)}${encode(...later)}`))).toEqual({
    tool: "codex",
    sessionId: ID,
    version: "0.154.0",
    startedAt: at(1),
    cwd: '/home/dev/my "shop"',
    git: { commit: "abc", branch: "main", repositoryUrl: null },
    forkedFrom: PARENT,
    parent: null,
  });
});

test("a subagent's log stays one", async () => {
  const spawned = {
    source: { subagent: { thread_spawn: { parent_thread_id: PARENT, depth: 1 } } },
    more: "x".repeat(99),
  };
  const record = JSON.stringify(meta(ID, spawned));
  expect(await readHead(await rollout(record.slice(0, -50) + encode(...later)))).toMatchObject({ parent: PARENT });
  const turn = event("task_started", { turn_id: "t1", turn_attribution: { parent_turn_id: "t0" } }, 1);
  expect(await readHead(await rollout(`{"timest\n${encode(turn, ...later)}`))).toMatchObject({ parent: "unknown" });
});

test("the head of a copied history is not taken for the log's own", async () => {
  const text = `${cut(meta(ID, {}, 5), 60)}${encode(meta(PARENT), ...later)}`;
  expect(await readHead(await rollout(text))).toMatchObject({ sessionId: ID });
  // A whole first record decides, whatever the name.
  expect(await readHead(await rollout(encode(meta(PARENT), ...later)))).toMatchObject({ sessionId: PARENT });
});

test("a log without any whole record is reported, an empty one and another file are not", async () => {
  const path = await rollout(`${cut(meta(ID), 60)}\n{"x\n`);
  expect(await readHead(path)).toBeNull();
  expect(await headProblem(path)).toContain("damaged");
  expect(await headProblem(await rollout(""))).toBeNull();
  const other = join(base, "notes.jsonl");
  await writeFile(other, "{\n");
  expect([await readHead(other), await headProblem(other)]).toEqual([null, null]);
});
