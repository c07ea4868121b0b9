import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { claudeClock } from "../../src/agents/claude/timestamps.ts";
import { lastTime } from "../../src/agents/record-times.ts";
import { type Home, makeHome } from "../sessions/logs.ts";
import { prompt, reply, writeLog } from "./claude/log.ts";
import { at } from "./codex/rollout.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

test("the last time is found even if many records without a time follow", async () => {
  const write = async (...records: Parameters<typeof writeLog>[1]) =>
    await writeLog(join(home.home, "log.jsonl"), records);
  const last = [prompt("id", "/shop", 5), reply("id", "/shop", 6)];
  for (const count of [0, 3, 500]) {
    const untimed = Array.from({ length: count }, () => ({ type: "file-history-snapshot", snapshot: "x".repeat(400) }));
    expect(await lastTime(await write(...last, ...untimed), claudeClock)).toBe(at(6));
  }
  expect(await lastTime(await write({ type: "file-history-snapshot" }), claudeClock)).toBeNull();
});
