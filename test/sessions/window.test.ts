import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { readEvents, readHead } from "../../src/sessions/read.ts";
import { resolveWindow } from "../../src/sessions/window.ts";
import { at, encode, event, type Fields, line, message, meta, T0 } from "../agents/codex/rollout.ts";
import { type Home, makeHome, uuid } from "./logs.ts";

let home: Home;
beforeEach(async () => {
  home = await makeHome();
});
afterEach(() => home.remove());

const ID = uuid(T0);
const LOG = { tool: "codex" as const };

async function resolve(path: string, start: string | null, end: string | null) {
  const log = { ...LOG, path };
  return await resolveWindow(log, await readHead(log), { start, end });
}

/** A byte range of the log as text. */
async function texts(path: string, start: string | null = null, end: string | null = null): Promise<string[]> {
  const log = { ...LOG, path };
  const range = await resolve(path, start, end);
  const found: string[] = [];
  await readEvents(log, range, (event) => {
    if (event.kind === "prompt" || event.kind === "reply") found.push(event.text);
  });
  return found;
}

const said = (text: string, seconds: number) => event("user_message", { message: text }, seconds);

describe("resolveWindow", () => {
  const records = [meta(ID), said("one", 10), said("two", 20), said("three", 30)];
  const offsets = records.map((_, index) => Buffer.byteLength(encode(...records.slice(0, index))));
  const size = Buffer.byteLength(encode(...records));

  test("without a window, returns the whole log", async () => {
    for (const suffix of ["", ".zst"]) {
      const path = await home.write(ID, records, `sessions/rollout-2026-11-22T06-00-00-${ID}.jsonl${suffix}`);
      expect(await resolve(path, null, null)).toEqual({ from: 0, to: size, firstAt: at(0), lastAt: at(30) });
    }
  });

  test("starts at the first record at or after the start, and ends with the last at or before the end", async () => {
    const path = await home.write(ID, records);
    expect(await resolve(path, at(15), at(25))).toEqual({
      from: offsets[2] ?? -1,
      to: offsets[3] ?? -1,
      firstAt: at(20),
      lastAt: at(20),
    });
    expect(await texts(path, at(20), at(30))).toEqual(["two", "three"]);
    expect(await texts(path, at(20), null)).toEqual(["two", "three"]);
    expect(await texts(path, null, at(20))).toEqual(["one", "two"]);
  });

  test("compares times as instants", async () => {
    const path = await home.write(ID, records);
    expect(await texts(path, "2026-11-22T07:00:15+01:00", "2026-11-22T01:00:25.000-05:00")).toEqual(["two"]);
  });

  test("returns an empty range for a window without records", async () => {
    const path = await home.write(ID, records);
    expect(await resolve(path, at(40), at(50))).toEqual({ from: size, to: size, firstAt: null, lastAt: null });
    expect(await resolve(path, at(21), at(29))).toMatchObject({ from: offsets[3], to: offsets[3], firstAt: null });
    expect(await texts(path, at(21), at(29))).toEqual([]);
  });

  test("leaves out a torn last line", async () => {
    const path = await home.write(ID, records);
    await appendFile(path, '{"timestamp":"2026-11-22T06:00:40.000Z","type":"event_msg","payl');
    expect(await resolve(path, null, null)).toMatchObject({ to: size, lastAt: at(30) });
  });

  test("gives a record without a time that of the record before it", async () => {
    const { timestamp: _, ...timeless } = said("also two", 0);
    const path = await home.write(ID, [...records.slice(0, 3), timeless, ...records.slice(3)]);
    expect(await texts(path, at(20), at(25))).toEqual(["two", "also two"]);
  });

  test("reads the time of a record with keys in another order", async () => {
    const turned = { type: "event_msg", payload: { type: "user_message", message: "late" }, timestamp: at(40) };
    const path = await home.write(ID, [...records, turned]);
    expect(await resolve(path, at(35), at(45))).toMatchObject({ from: size, firstAt: at(40), lastAt: at(40) });
  });
});

describe("history copied from a fork's parent", () => {
  const CHILD = uuid(T0 + 100_000);
  const turn = (id: string, text: string, seconds: number, written = seconds) => [
    event("task_started", { turn_id: id }, written),
    message("user", text, written),
    event("user_message", { message: text }, written),
    line("turn_context", { turn_id: id, cwd: "/x" }, written),
    event("agent_message", { message: `${text}!` }, written),
    event("task_complete", { turn_id: id }, written),
  ];
  const old = uuid(T0 + 10_000);
  const own = uuid(T0 + 110_000);

  async function fork(child: Fields[], parent: Fields[] | null = null): Promise<string> {
    if (parent !== null) await home.write(ID, [meta(ID), ...parent]);
    return await home.write(CHILD, child);
  }

  test("leaves out turns of the parent, even with rewritten times", async () => {
    const path = await fork(
      [
        meta(CHILD, { forked_from_id: ID }, 100),
        meta(ID, {}, 100),
        ...turn("t1", "old", 10, 100),
        ...turn("t2", "new", 110),
      ],
      turn("t1", "old", 10),
    );
    expect(await texts(path)).toEqual(["new", "new!"]);
    expect(await texts(path, at(50), at(105))).toEqual([]);
  });

  test("without the parent's log, leaves out turns created before the fork", async () => {
    const path = await fork([
      meta(CHILD, { forked_from_id: ID }, 100),
      ...turn(old, "old", 10, 100),
      ...turn(own, "new", 110),
    ]);
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("without turn ids, leaves out records older than the fork", async () => {
    const bare = (text: string, seconds: number) => [
      said(text, seconds),
      event("agent_message", { message: `${text}!` }, seconds),
    ];
    const path = await fork([meta(CHILD, { forked_from_id: ID }, 100), ...bare("old", 10), ...bare("new", 110)]);
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("leaves out everything before a copied `session_meta`, even if the head names no parent", async () => {
    const path = await fork([meta(CHILD, {}, 100), said("old", 100), meta(ID, {}, 100), ...turn(own, "new", 110)]);
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("counts messages before a turn's first record to that turn", async () => {
    const late = (id: string, text: string, seconds: number) => [
      message("user", text, seconds),
      event("user_message", { message: text }, seconds),
      line("turn_context", { turn_id: id, cwd: "/x" }, seconds),
      event("agent_message", { message: `${text}!` }, seconds),
    ];
    const path = await fork([
      meta(CHILD, { forked_from_id: ID }, 100),
      ...late(old, "old", 100),
      ...late(own, "new", 110),
    ]);
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("returns an empty range for a fork without turns of its own", async () => {
    const path = await fork([meta(CHILD, { forked_from_id: ID }, 100), ...turn(old, "old", 100)]);
    expect(await resolve(path, null, null)).toMatchObject({ firstAt: null });
    expect(await texts(path)).toEqual([]);
  });

  test("returns the whole log of a fork without copied history", async () => {
    const path = await fork(
      [meta(CHILD, { forked_from_id: ID }, 100), ...turn(own, "new", 110)],
      turn("t1", "old", 10),
    );
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("ignores later turns of the parent", async () => {
    const path = await fork(
      [meta(CHILD, { forked_from_id: ID }, 100), ...turn("t1", "old", 10), ...turn("t2", "new", 110)],
      [...turn("t1", "old", 10), ...turn("t3", "later", 200)],
    );
    expect(await texts(path)).toEqual(["new", "new!"]);
  });

  test("after the person went back, returns only what is new in the next log, with or without copied history", async () => {
    const name = `sessions/2026/11/22/rollout-2026-11-22T06-01-40-${ID}_${CHILD}.jsonl`;
    const later = `sessions/2026/11/22/rollout-2026-11-22T06-05-00-${ID}_${uuid(T0 + 300_000)}.jsonl`;
    const first = [...turn("t1", "old", 10), ...turn("t2", "given up", 20)];
    await home.write(ID, [meta(ID), ...first]);
    const fresh = [...turn(own, "new", 110), meta(ID, {}, 150), ...turn(uuid(T0 + 160_000), "more", 160)];
    await home.write(ID, [meta(ID, {}, 300), ...turn("t1", "old", 10, 300), ...fresh], later);
    for (const copied of [[], turn("t1", "old", 10, 100)]) {
      const path = await home.write(ID, [meta(ID, {}, 100), ...copied, ...fresh], name);
      expect(await texts(path)).toEqual(["new", "new!", "more", "more!"]);
    }
    expect(await texts(join(home.codex, later))).toEqual([]);
    const begun = `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${ID}.jsonl`;
    expect(await texts(join(home.codex, begun))).toEqual(["old", "old!", "given up", "given up!"]);
  });

  test("does not take a repeated `session_meta` of the session itself for a fork", async () => {
    const path = await fork([
      meta(CHILD, {}, 100),
      ...turn(own, "one", 110),
      meta(CHILD, {}, 200),
      ...turn(uuid(T0 + 210_000), "two", 210),
    ]);
    expect(await texts(path)).toEqual(["one", "one!", "two", "two!"]);
  });
});
