import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { hadMessages } from "../../../src/agents/claude/activity.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, T0 } from "../codex/rollout.ts";
import { mode, prompt, reply, screenCommand, writeLog } from "./log.ts";

const ID = uuid(T0, 1);

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

/** Whether there was a prompt or a reply between the seconds 10 and 60. */
const usedIn = async (...records: Parameters<typeof writeLog>[1]) =>
  await hadMessages(await writeLog(join(home.home, `${ID}.jsonl`), records), { start: at(10), end: at(60) });

test("a prompt or a reply counts", async () => {
  expect(await usedIn(prompt(ID, "/shop", 20))).toBe(true);
  expect(await usedIn(prompt(ID, "/shop", 5), reply(ID, "/shop", 20))).toBe(true);
});

test("opening, clearing and closing the terminal UI do not count", async () => {
  const before = [prompt(ID, "/shop", 5), reply(ID, "/shop", 6)];
  expect(await usedIn(...before, mode(ID), screenCommand(ID, "/shop", 20))).toBe(false);
  expect(await usedIn(mode(ID))).toBe(false);
});

test("messages after the period do not count, and do not hide messages within it", async () => {
  const later = [prompt(ID, "/shop", 70, "x".repeat(100_000)), reply(ID, "/shop", 71)];
  expect(await usedIn(...later)).toBe(false);
  expect(await usedIn(prompt(ID, "/shop", 20), ...later)).toBe(true);
});

test("a period without an end lasts to the end of the log", async () => {
  const path = await writeLog(join(home.home, `${ID}.jsonl`), [prompt(ID, "/shop", 70)]);
  expect(await hadMessages(path, { start: at(10), end: null })).toBe(true);
});
