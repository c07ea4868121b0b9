// Heads, prompts and last times of sessions recorded with the real Claude Code, reduced to their conversation.
import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { readHead } from "../../../src/agents/claude/head.ts";
import { listClaudeLogs } from "../../../src/agents/claude/paths.ts";
import { claudeClock } from "../../../src/agents/claude/timestamps.ts";
import { lastTime } from "../../../src/agents/record-times.ts";
import { lastActivity, readPromptCount } from "../../../src/sessions/resumable.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures/claude");

const TERMINAL = "2.1.330-terminal/projects/-home-dev-s8-tui-slash-hooks";
const RESUMED = "2.1.330-resumed/projects/-home-dev-s3-resume-windows";
const [TYPED, CLEARED] = ["30901f60-3fe4-4e9e-8995-a7c28a16128b", "3fbebbb5-2407-414c-bc59-d58c497bf601"];
const [FIRST, FORK] = ["fd30a9da-287d-441d-b49f-4321ea2a1b25", "e9026591-6d85-45c1-8886-d34a14ee237d"];
const DELEGATING = "6c4affe0-e5b6-4579-a23f-ab0af7047c11";

test.each([
  ["in a terminal, with commands, hooks and !", `${TERMINAL}/${TYPED}`, 6, "Please write b.js"],
  ["after /clear", `${TERMINAL}/${CLEARED}`, 1, "Fresh after clear"],
  ["resumed twice", `${RESUMED}/${FIRST}`, 3, "Window one: add alpha.js"],
  ["that is a fork, without those of its parent", `${RESUMED}/${FORK}`, 1, "Window four (forked): add delta.js"],
  [
    "with subagents, whose prompts come from the model",
    `2.1.330-subagent/projects/-home-dev-s7-subagent/${DELEGATING}`,
    1,
    "Delegate: have a helper create sub.txt, and another sub2.txt",
  ],
])("the prompts of a session %s", async (_, name, prompts, first) => {
  const path = join(FIXTURES, `${name}.jsonl`);
  const head = await readHead(path);
  expect(head === null ? null : await readPromptCount(path, head)).toEqual({ prompts, first });
});

test("a head has the directory the session began in, whatever it changed to", async () => {
  expect(await readHead(join(FIXTURES, RESUMED, `${FIRST}.jsonl`))).toEqual({
    tool: "claude",
    sessionId: FIRST,
    version: "2.1.330",
    startedAt: "2026-11-22T06:41:06.683Z",
    cwd: "/home/dev/s3_resume_windows",
    git: { commit: null, branch: "main", repositoryUrl: null },
    forkedFrom: null,
    parent: null,
  });
});

test("a fork does not have the start time of its parent", async () => {
  const head = await readHead(join(FIXTURES, RESUMED, `${FORK}.jsonl`));
  expect(head).toMatchObject({ sessionId: FORK, forkedFrom: FIRST, startedAt: null });
});

test("the last time is that of the last record that has one", async () => {
  const path = join(FIXTURES, TERMINAL, `${TYPED}.jsonl`);
  const times = (await Bun.file(path).text()).match(/"timestamp":"[^"]+"/g) ?? [];
  const last = await lastTime(path, claudeClock);
  expect(times.at(-1)).toContain(last ?? "nothing");
  expect(await lastActivity("claude", path)).toBe(last);
});

test("the logs of subagents are not listed as sessions", async () => {
  const paths = listClaudeLogs(join(FIXTURES, "2.1.330-subagent"));
  expect(paths).toEqual([join(FIXTURES, `2.1.330-subagent/projects/-home-dev-s7-subagent/${DELEGATING}.jsonl`)]);
});
