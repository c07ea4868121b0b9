import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SessionEvent } from "../../../src/events/event.ts";
import { readEvents, readHead } from "../../../src/sessions/read.ts";
import { resolveWindow } from "../../../src/sessions/window.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, type Fields, T0 } from "../codex/rollout.ts";
import { bash, line, printed, result, typed, use } from "./line.ts";
import { logPath, writeLog } from "./log.ts";

const ID = uuid(T0, 1);

let home: Home;
let path: string;
beforeEach(async () => {
  home = await makeHome();
  path = logPath(join(home.home, ".claude"), ID);
});
afterEach(() => home.remove());

/** The record with the session's id and another timestamp. */
const on = (second: number, record: Fields): Fields => ({ ...record, timestamp: at(second), sessionId: ID });

const session = (...records: [second: number, record: Fields][]) =>
  writeLog(
    path,
    records.map(([second, record]) => on(second, record)),
  );

async function agent(id: string, call: string | null, records: [second: number, record: Fields][], beside = false) {
  const log = join(beside ? dirname(path) : join(path.replace(".jsonl", ""), "subagents"), `agent-${id}.jsonl`);
  const side = records.map(([second, record]) => ({ ...on(second, record), isSidechain: true, agentId: id }));
  await writeLog(log, side);
  if (call !== null) await writeFile(log.replace(".jsonl", ".meta.json"), JSON.stringify({ toolUseId: call }));
}

/** The events of the log, each as one line. */
async function summaries(start: string | null = null, end: string | null = null): Promise<string[]> {
  const log = { tool: "claude" as const, path };
  const range = await resolveWindow(log, await readHead(log), { start, end });
  const lines: string[] = [];
  await readEvents(log, range, (event) => lines.push(`${event.agent ?? "main"} ${shortOf(event)}`));
  return lines;
}

function shortOf(event: SessionEvent): string {
  if (event.kind === "command") return `${event.command}: ${event.outcome}`;
  return event.kind === "prompt" ? event.text : event.kind === "tool" ? event.name : event.kind;
}

const delegate = (id: string, prompt: string) => use(id, "Agent", { prompt });
const done = (id: string, agentId: string) => result(id, "ok", { toolUseResult: { status: "completed", agentId } });
const launched = (id: string, agentId: string) => result(id, "ok", { toolUseResult: { isAsync: true, agentId } });
const work = (id: string, command: string, from: number): [number, Fields][] => [
  [from, line("user", "Task")],
  [from + 1, bash(id, command)],
  [from + 2, printed(id, "")],
];

describe("the events of a subagent", () => {
  test("come in place of its call", async () => {
    await session(
      [0, typed("Go")],
      [1, delegate("t", "Task")],
      [9, done("t", "a1b2c3d4e5")],
      [10, bash("x", "after")],
      [11, printed("x", "")],
    );
    await agent("a1b2c3d4e5", "t", work("w", "inside", 2));
    expect(await summaries()).toEqual(["main Go", "a1b2c3d4e5 Task", "a1b2c3d4e5 inside: ok", "main after: ok"]);
  });

  test("in the background come before each prompt, and at the report of its end", async () => {
    await session(
      [0, typed("Go")],
      [1, delegate("t", "Task")],
      [2, launched("t", "a1b2c3d4e5")],
      [6, typed("Next")],
      [
        12,
        line(
          "user",
          "<task-notification>\n<task-id>a1b2c3d4e5</task-id>\n<status>completed</status>\n</task-notification>",
          { promptSource: "system", origin: { kind: "task-notification" } },
        ),
      ],
    );
    await agent("a1b2c3d4e5", "t", [...work("w", "early", 2), [8, bash("v", "late")], [9, printed("v", "")]]);
    expect(await summaries()).toEqual([
      "main Go",
      "a1b2c3d4e5 Task",
      "a1b2c3d4e5 early: ok",
      "main Next",
      "a1b2c3d4e5 late: ok",
    ]);
    // Each run contains the events of its own period.
    expect(await summaries(null, at(5))).toEqual(["main Go", "a1b2c3d4e5 Task", "a1b2c3d4e5 early: ok"]);
    expect(await summaries(at(5))).toEqual(["main Next", "a1b2c3d4e5 late: ok"]);
  });

  test("of another subagent come in place of its call too", async () => {
    await session([0, typed("Go")], [1, delegate("t", "Task")], [20, done("t", "aaaaaaaa01")]);
    await agent("aaaaaaaa01", "t", [
      [2, line("user", "Task")],
      [3, delegate("n", "Deeper")],
      [12, result("n", "agentId: aaaaaaaa02 (…)")],
      [13, bash("x", "outer")],
      [14, printed("x", "")],
    ]);
    await agent("aaaaaaaa02", "n", work("w", "inner", 4));
    expect(await summaries()).toEqual([
      "main Go",
      "aaaaaaaa01 Task",
      "aaaaaaaa02 Task",
      "aaaaaaaa02 inner: ok",
      "aaaaaaaa01 outer: ok",
    ]);
  });

  test("end with an interrupted call when it was interrupted, and a running call at the end of the log", async () => {
    await session([0, typed("Go")], [1, delegate("t", "Task")]);
    await agent("a1b2c3d4e5", "t", work("w", "inside", 2).slice(0, 2));
    expect(await summaries()).toEqual(["main Go", "a1b2c3d4e5 Task", "a1b2c3d4e5 inside: running"]);
    await session([0, typed("Go")], [1, delegate("t", "Task")], [9, typed("Stop")]);
    expect(await summaries()).toEqual(["main Go", "a1b2c3d4e5 Task", "a1b2c3d4e5 inside: interrupted", "main Stop"]);
  });

  test("of an older version are read from beside the session's log, unless the file is another session's", async () => {
    await session([0, typed("Go")], [1, delegate("t", "Task")], [9, done("t", "1a2b3c4d")]);
    await agent("1a2b3c4d", null, work("w", "inside", 2), true);
    expect(await summaries()).toEqual(["main Go", "1a2b3c4d Task", "1a2b3c4d inside: ok"]);
    await writeLog(join(dirname(path), "agent-1a2b3c4d.jsonl"), [{ ...line("user", "Task"), sessionId: uuid(T0, 2) }]);
    expect(await summaries()).toEqual(["main Go", "main Agent"]);
  });

  test("without a log are a tool event for its call", async () => {
    await session([0, typed("Go")], [1, delegate("t", "Task")], [9, done("t", "a1b2c3d4e5")]);
    expect(await summaries()).toEqual(["main Go", "main Agent"]);
  });
});

describe("an output too large for the log", () => {
  async function output(persistedPath: string): Promise<string> {
    await session([0, bash("x", "many")], [1, printed("x", "the first lines", { persistedOutputPath: persistedPath })]);
    let text = "";
    await readEvents({ tool: "claude", path }, { from: 0, to: Number.POSITIVE_INFINITY }, (event) => {
      if (event.kind === "command") text = event.output;
    });
    return text;
  }

  test("is read from the sidecar file, whatever folder the log names", async () => {
    const folder = join(path.replace(".jsonl", ""), "tool-results");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "b1.txt"), `${"x".repeat(2_000_000)}the end`);
    const text = await output("/home/dev/.claude/projects/p/s/tool-results/b1.txt");
    expect(text.length).toBe(1024 * 1024);
    expect(text.endsWith("the end")).toBe(true);
  });

  test("is the part in the log when the file is gone or outside the folder", async () => {
    await writeFile(join(home.home, "secret"), "secret");
    expect(await output(join(home.home, "secret"))).toBe("the first lines");
    expect(await output("..")).toBe("the first lines");
  });
});

test("records that are in the session's log and in the subagent's count once", async () => {
  const records = work("b1", "make", 2);
  const side = records.map(([second, record]): [number, Fields] => [
    second,
    { ...record, isSidechain: true, agentId: "a0000001" },
  ]);
  await session([0, typed("go")], [1, delegate("t1", "Task")], ...side, [9, done("t1", "a0000001")]);
  await agent("a0000001", null, records);
  const lines = await summaries();
  expect(lines.filter((text) => text.includes("make"))).toHaveLength(1);
  expect(lines.filter((text) => text.includes("Task"))).toHaveLength(1);
});

test("a history that was appended again counts once", async () => {
  const records: [number, Fields][] = [
    [0, typed("go")],
    [1, bash("b1", "make")],
    [2, printed("b1", "")],
  ];
  await session(...records, ...records, [3, bash("b2", "ls")], [4, printed("b2", "")], [5, typed("more")]);
  expect(await summaries()).toEqual(["main go", "main make: ok", "main ls: ok", "main more"]);
});
