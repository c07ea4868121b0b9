import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { claudeHome, findClaudeLog, listClaudeLogs } from "../../../src/agents/claude/paths.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { T0 } from "../codex/rollout.ts";
import { logPath, writeLog } from "./log.ts";

const [A, B] = [uuid(T0, 1), uuid(T0, 2)];

let home: Home;
let files: string;
beforeEach(async () => {
  home = await makeHome();
  files = claudeHome({}, home.home);
});
afterEach(() => home.remove());

test("a log is found by its id in any project folder", async () => {
  await writeLog(logPath(files, A), []);
  const path = await writeLog(logPath(files, B, "-home-dev-other"), []);
  expect(findClaudeLog(files, B.toUpperCase())).toBe(path);
  expect(findClaudeLog(files, uuid(T0, 3))).toBeNull();
  expect(findClaudeLog(claudeHome({ CLAUDE_CONFIG_DIR: "/nowhere" }, home.home), B)).toBeNull();
});

test("an invalid session id finds no log", async () => {
  await writeLog(join(files, "projects/secret.jsonl"), []);
  await writeLog(logPath(files, A), []);
  expect(findClaudeLog(files, "../secret")).toBeNull();
});

test("logs of subagents and other files are not listed", async () => {
  const path = await writeLog(logPath(files, A), []);
  await writeLog(logPath(files, "agent-a1b2c3"), []);
  await writeLog(join(files, `projects/-home-dev-shop/${B}/subagents/agent-a1b2c3.jsonl`), []);
  await writeLog(join(files, "projects/-home-dev-shop/memory/notes.md"), []);
  expect(listClaudeLogs(files)).toEqual([path]);
});
