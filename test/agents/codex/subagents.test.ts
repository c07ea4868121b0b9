import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ResumePoint } from "../../../src/agents/log-parser.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { readEvents, readHead } from "../../../src/sessions/read.ts";
import { resolveWindow } from "../../../src/sessions/window.ts";
import { Random } from "../../seeded-random.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, call, event, type Fields, item, meta, T0 } from "./rollout.ts";

const ID = uuid(T0, 1);
const [FIRST, SECOND] = [uuid(T0 + 2_000, 2), uuid(T0 + 3_000, 3)];

const COMPRESSED = `sessions/2026/11/22/rollout-2026-11-22T06-00-02-${FIRST}.jsonl.zst`;

let home: Home;
let path: string;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

/** The record with another timestamp. */
const on = (second: number, record: Fields): Fields => ({ ...record, timestamp: at(second) });
const turnAt = (second: number) => uuid(T0 + second * 1000, 100 + second);
const turn = (second: number) => event("task_started", { turn_id: turnAt(second) }, second);
const prompt = (second: number, text: string): Fields[] => [
  turn(second),
  item("UserMessage", { id: text, content: [{ type: "text", text }] }, second),
];
const ran = (second: number, command: string, more: Fields = {}) =>
  item(
    "CommandExecution",
    { id: command, command: ["bash", "-lc", command], exit_code: 0, status: "completed", ...more },
    second,
  );
const said = (second: number, text: string) =>
  item("AgentMessage", { id: text, content: [{ type: "Text", text }] }, second);
const done = (second: number) => event("task_complete", { turn_id: "any" }, second);

const spawned = (parent: string, name: string | null, more: Fields = {}): Fields => ({
  session_id: ID,
  parent_thread_id: parent,
  thread_source: "subagent",
  source: { subagent: { thread_spawn: { parent_thread_id: parent, depth: 1, agent_path: name } } },
  ...more,
});

async function session(...records: Fields[]): Promise<void> {
  path = await home.write(ID, [meta(ID), ...records]);
}

const agent = (id: string, head: Fields, records: Fields[], name?: string) =>
  home.write(id, [meta(id, head, 2), ...records], name);

/** The events of a log, each as one line. */
async function summaries(start: string | null = null, end: string | null = null, log = path): Promise<string[]> {
  const ref = { tool: "codex" as const, path: log };
  const range = await resolveWindow(ref, await readHead(ref), { start, end });
  const lines: string[] = [];
  await readEvents(ref, range, (each) => lines.push(`${each.agent ?? "main"} ${shortOf(each)}`));
  return lines;
}

function shortOf(each: SessionEvent): string {
  if (each.kind === "command") return `${each.command}: ${each.outcome}`;
  return each.kind === "prompt" || each.kind === "reply" ? each.text : each.kind;
}

describe("the events of a subagent", () => {
  test("come where the session's log reaches the end of its turn, under its name", async () => {
    await session(...prompt(1, "Go"), ran(4, "ls"), ran(7, "wait"), said(8, "Done"), done(9));
    await agent(FIRST, spawned(ID, "/root/guide"), [turn(3), ran(4, "make"), said(5, "Made"), done(6)]);
    expect(await summaries()).toEqual([
      "main Go",
      "main ls: ok",
      "guide make: ok",
      "guide Made",
      "main wait: ok",
      "main Done",
    ]);
  });

  test("come turn by turn when it gets more work", async () => {
    await session(...prompt(1, "Go"), ran(10, "wait"), ran(13, "wait again"));
    const turns = [turn(3), ran(4, "one"), done(6), turn(8), ran(9, "two"), done(12)];
    await agent(FIRST, spawned(ID, "/root/guide"), turns);
    expect(await summaries()).toEqual([
      "main Go",
      "guide one: ok",
      "main wait: ok",
      "guide two: ok",
      "main wait again: ok",
    ]);
  });

  test("of an unfinished turn come before the person's next prompt, as far as they go", async () => {
    await session(...prompt(1, "Go"), done(5), ...prompt(10, "Something else"), done(11));
    await agent(FIRST, spawned(ID, "/root/guide"), [turn(3), ran(4, "one"), ran(12, "two"), done(13)]);
    expect(await summaries()).toEqual(["main Go", "guide one: ok", "main Something else", "guide two: ok"]);
  });

  test("have its id when it has no name, and begin with its task", async () => {
    await session(...prompt(1, "Go"), ran(7, "wait"));
    const task = item("UserMessage", { id: "u", content: [{ type: "text", text: "Write the guide" }] }, 3);
    await agent(FIRST, spawned(ID, null), [turn(3), task, ran(4, "make"), done(6)]);
    expect(await summaries()).toEqual(["main Go", `${FIRST} Write the guide`, `${FIRST} make: ok`, "main wait: ok"]);
  });

  test("include those of its own subagents", async () => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), ran(7, "two"), done(8)]);
    await agent(SECOND, spawned(FIRST, "/root/a/b"), [turn(4), ran(5, "inner"), done(6)]);
    expect(await summaries()).toEqual(["main Go", "a one: ok", "a two: ok", "a/b inner: ok", "main wait: ok"]);
  });

  test("leave out the history copied into its log", async () => {
    await session(...prompt(1, "Go"), ran(2, "before"), ran(9, "wait"));
    const before = JSON.parse(JSON.stringify(ran(2, "before")).replaceAll('"t1"', JSON.stringify(turnAt(1))));
    const copied = [meta(ID, { session_id: ID }, 2), turn(1), before].map((record) => on(2, record));
    const own = [turn(3), ran(4, "after"), done(5)];
    await agent(FIRST, spawned(ID, "/root/a", { forked_from_id: ID }), [...copied, ...own]);
    expect(await summaries()).toEqual(["main Go", "main before: ok", "a after: ok", "main wait: ok"]);
  });

  test("end with a running call when its log ends in one", async () => {
    await session(...prompt(1, "Go"), done(5));
    const open = call("c", "shell", { command: ["make"] }, 4);
    await agent(FIRST, spawned(ID, "/root/a"), [turn(3), open]);
    expect(await summaries()).toEqual(["main Go", "a make: running"]);
  });

  test("are read from compressed and archived logs", async () => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    const archived = `archived_sessions/rollout-2026-11-22T06-00-03-${SECOND}.jsonl`;
    await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), done(5)], COMPRESSED);
    await agent(SECOND, spawned(ID, "/root/b"), [turn(3), ran(6, "two"), done(7)], archived);
    expect(await summaries()).toEqual(["main Go", "a one: ok", "b two: ok", "main wait: ok"]);
  });

  test.each(["21", "23"])(
    "are read from the folder of another day, because folders are in local time: %s",
    async (day) => {
      await session(...prompt(1, "Go"), ran(9, "wait"));
      const name = `sessions/2026/11/${day}/rollout-2026-11-${day}T20-00-02-${FIRST}.jsonl`;
      await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), done(5)], name);
      expect(await summaries()).toContain("a one: ok");
    },
  );

  test("are found in a session that lasted for years", async () => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), done(5)]);
    utimesSync(path, new Date("2029-01-01"), new Date("2029-01-01"));
    expect(await summaries()).toContain("a one: ok");
  });

  test("are read from the folder beside a copy of the session's log, without symbolic links", async () => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    const log = await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), done(5)], COMPRESSED);
    const copy = join(home.home, "shop", ".codex", "sessions", "2026-11-22-0600_Go");
    const beside = join(copy, "subagents", basename(log));
    mkdirSync(dirname(beside), { recursive: true });
    cpSync(path, join(copy, "rollout.jsonl"));
    const whole = await summaries();
    expect(whole).toContain("a one: ok");
    const elsewhere = join(home.home, "elsewhere");
    renameSync(log, elsewhere);
    symlinkSync(elsewhere, beside);
    expect(await summaries(null, null, join(copy, "rollout.jsonl"))).toEqual(["main Go", "main wait: ok"]);
    rmSync(beside);
    renameSync(elsewhere, beside);
    expect(await summaries(null, null, join(copy, "rollout.jsonl"))).toEqual(whole);
  });
});

describe("a run with subagents", () => {
  beforeEach(async () => {
    await session(...prompt(1, "Go"), ran(7, "wait"), done(8), ...prompt(20, "On"), ran(27, "wait again"), done(28));
    const turns = [turn(3), ran(4, "one"), done(6), turn(22), ran(24, "two"), done(26)];
    await agent(FIRST, spawned(ID, "/root/a"), turns);
  });

  test("has the subagents started in its log, when the thread continues in another log", async () => {
    await session(...prompt(1, "Go"), ran(2, "ls"), said(5, "Done"), done(6));
    const own = uuid(T0 + 60_000, 9);
    const back = await home.write(
      ID,
      [meta(ID, {}, 60), ...prompt(61, "Again"), said(70, "Done"), done(71)],
      `sessions/2026/11/22/rollout-2026-11-22T06-01-00-${ID}_${own}.jsonl`,
    );
    const later = uuid(T0 + 62_000, 4);
    await agent(FIRST, spawned(ID, "/root/one"), [turn(3), ran(4, "first"), done(4)]);
    await agent(later, spawned(ID, "/root/two"), [turn(63), ran(64, "second"), done(65)]);
    expect(await summaries()).toEqual(["main Go", "main ls: ok", "one first: ok", "main Done"]);
    expect(await summaries(null, null, back)).toEqual(["main Again", "two second: ok", "main Done"]);
  });

  test("has no events of an earlier or a later run", async () => {
    expect(await summaries(null, at(10))).toEqual(["main Go", "a one: ok", "main wait: ok"]);
    expect(await summaries(at(15))).toEqual(["main On", "a two: ok", "main wait again: ok"]);
  });

  test("gives the same events from a resume point", async () => {
    const ref = { tool: "codex" as const, path };
    const events: SessionEvent[] = [];
    const all = { from: 0, to: Number.POSITIVE_INFINITY };
    let resume: ResumePoint | null = null;
    await readEvents(ref, all, (each, point) => {
      events.push(each);
      if (each.kind === "prompt" && each.text === "On") resume = point;
    });
    const { offset = 0, state = null } = (resume as ResumePoint | null) ?? {};
    const again: SessionEvent[] = [];
    await readEvents(ref, { ...all, from: offset }, (each) => again.push(each), state);
    expect(offset).toBeGreaterThan(0);
    expect(again).toEqual(events.slice(events.findIndex((each) => each.kind === "prompt" && each.text === "On")));
  });
});

describe("is not a subagent of the session:", () => {
  const own = [turn(3), ran(4, "one"), done(5)];
  test.each<[string, Fields]>([
    ["a subagent of another session", spawned(uuid(T0, 9), "/root/a", { session_id: uuid(T0, 9) })],
    ["a review", { session_id: ID, parent_thread_id: ID, thread_source: "subagent", source: { subagent: "review" } }],
    ["a memory", { session_id: ID, source: { subagent: { other: "memory" } } }],
    ["a fork", { forked_from_id: ID, session_id: ID, source: "cli", thread_source: "user" }],
  ])("%s", async (_, head) => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    await agent(FIRST, head, own);
    expect(await summaries()).toEqual(["main Go", "main wait: ok"]);
  });

  test("an older log, an unreadable log, the session's own log", async () => {
    await session(...prompt(1, "Go"), ran(9, "wait"));
    await agent(uuid(T0 - 5_000, 2), spawned(ID, "/root/a"), own);
    await home.write(FIRST, ["not JSON", JSON.stringify(spawned(ID, "/root/a"))]);
    await home.write(SECOND, [meta(ID, spawned(ID, "/root/a")), ...own]);
    expect(await summaries()).not.toContain("a one: ok");
  });
});

test("unknown and damaged records of a subagent's log are counted", async () => {
  await session(...prompt(1, "Go"), event("news", {}, 2), ran(9, "wait"));
  const odd = [turn(3), event("news", {}, 4), event("gossip", {}, 4), "{not JSON", done(5)];
  await home.write(FIRST, [meta(FIRST, spawned(ID, "/root/a"), 2), ...odd]);
  const { stats } = await readEvents({ tool: "codex", path }, { from: 0, to: Number.POSITIVE_INFINITY }, () => {});
  expect({ ...stats.unknown }).toEqual({ "event_msg/news": 2, "event_msg/gossip": 1 });
  expect(stats).toMatchObject({ records: 5, unparsable: 1, unparsableAt: [] });
});

test("a damaged compressed log only loses the events of its subagent, and is counted", async () => {
  await session(...prompt(1, "Go"), ran(9, "wait"));
  const noise = said(4, new Random(1).bytes(1_000_000).toString("base64"));
  const compressed = await agent(FIRST, spawned(ID, "/root/a"), [turn(3), noise, done(5)], COMPRESSED);
  const whole = readFileSync(compressed);
  writeFileSync(compressed, whole.fill(0xff, whole.length - 50_000, whole.length - 10_000));
  const { stats } = await readEvents({ tool: "codex", path }, { from: 0, to: Number.POSITIVE_INFINITY }, () => {});
  expect(stats).toMatchObject({ records: 4, unparsable: 1, unparsableAt: [] });
  expect(await summaries()).toEqual(["main Go", "main wait: ok"]);
});

test("the log of a subagent can be read as a session with its own subagents", async () => {
  await session(...prompt(1, "Go"), ran(9, "wait"));
  const log = await agent(FIRST, spawned(ID, "/root/a"), [turn(3), ran(4, "one"), ran(7, "two"), done(8)]);
  await agent(SECOND, spawned(FIRST, "/root/a/b"), [turn(4), ran(5, "inner"), done(6)]);
  expect(await summaries(null, null, log)).toEqual(["main one: ok", "a/b inner: ok", "main two: ok"]);
});
