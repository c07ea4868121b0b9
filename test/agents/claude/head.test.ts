import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { headProblem, readHead } from "../../../src/agents/claude/head.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, T0 } from "../codex/rollout.ts";
import { mode, prompt, reply, writeLog } from "./log.ts";

const ID = uuid(T0, 1);

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

const headOf = async (...records: Parameters<typeof writeLog>[1]) =>
  await readHead(await writeLog(join(home.home, `${ID}.jsonl`), records));

test("the first record of the conversation has the directory and the start, whatever comes before", async () => {
  const head = { sessionId: ID, cwd: "/shop", startedAt: at(5) };
  const noise = ["no json", "[]", mode(ID), { type: "file-history-snapshot", snapshot: {} }];
  expect(await headOf(...noise, prompt(ID, "/shop", 5), reply(ID, "/shop/src", 6))).toMatchObject(head);
});

test("the head is found behind and inside prompts with whole pasted files", async () => {
  const pasted = "x".repeat(200_000);
  const queued = { type: "queue-operation", operation: "enqueue", content: pasted, sessionId: ID, timestamp: at(4) };
  expect(await headOf(queued, prompt(ID, "/shop", 5, pasted))).toMatchObject({
    sessionId: ID,
    cwd: "/shop",
    startedAt: at(5),
  });
});

test("a log without a conversation has no head", async () => {
  expect(await headOf()).toBeNull();
  expect(await headOf(mode(ID), { type: "user", cwd: 7, timestamp: at(5) })).toBeNull();
});

test("a renamed log has the session id of its records, but the log of a subagent is not a session", async () => {
  const named = async (more: Record<string, unknown>) =>
    await readHead(await writeLog(join(home.home, "cart.jsonl"), [{ ...prompt(ID, "/shop", 5), ...more }]));
  expect(await named({})).toMatchObject({ sessionId: ID, cwd: "/shop" });
  expect(await named({ isSidechain: true })).toBeNull();
  expect(await named({ sessionId: "nobody" })).toBeNull();
});

test("a log whose records name another session, or are all damaged, is reported", async () => {
  const other = uuid(T0, 2);
  const path = join(home.home, `${ID}.jsonl`);
  await writeLog(path, [prompt(other, "/shop", 5)]);
  expect([await readHead(path), await headProblem(path)]).toEqual([
    null,
    `its records are of session ${other}: rename it to \`${other}.jsonl\` to record it`,
  ]);
  await writeLog(path, ['{"parentUuid":null,"type":"us']);
  expect(await headProblem(path)).toContain("damaged");
  await writeLog(path, [mode(ID)]);
  expect(await headProblem(path)).toBeNull();
  await writeLog(path, [{ ...prompt(other, "/shop", 5), isSidechain: true }]);
  expect(await headProblem(path)).toBeNull();
});

test("a head behind a damaged first line is found", async () => {
  const first = '{"parentUuid":null,"isSidechain":false,"type":"user","message":{"role":"user","content":"cut o';
  const second = { parentUuid: "1", ...reply(ID, "/shop", 6) };
  expect(await headOf(`${first}${JSON.stringify(second)}`)).toMatchObject({ sessionId: ID, cwd: "/shop" });
});
