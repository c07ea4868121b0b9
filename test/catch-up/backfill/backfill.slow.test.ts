import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { runId } from "../../../src/changelog/entry.ts";
import { makeSession } from "./made-session.ts";
import { answers, BackfillProject, failsWith } from "./project.ts";

let project: BackfillProject;

beforeEach(async () => {
  project = await BackfillProject.create();
});
afterEach(() => project.remove());

const ids = (actor?: string) => project.rows(actor).map(({ run_id }) => run_id);

describe("directories of `ctx`", () => {
  test("get an entry for each run, in order and linked, and a second backfill has nothing to do", async () => {
    const session = makeSession(1, 3);
    await project.addSessionDirectory("2026-11-22-0715_Fix_cart", session);
    const { result } = await project.backfill();
    expect(result).toMatchObject({ recorded: 3, remaining: 0, failed: [] });
    const expected = session.runs.map(({ from }) => runId("codex", session.id, from));
    expect(project.rows()).toMatchObject([
      { run_id: expected[0], continuation_of_run_id: null, label: "Fix cart", commits: [{ hash: "b56f337" }] },
      { run_id: expected[1], continuation_of_run_id: expected[0], start: session.runs[1]?.start },
      { run_id: expected[2], continuation_of_run_id: expected[1], end: session.runs[2]?.end },
    ]);
    const again = await project.backfill();
    expect(again.prepared).toMatchObject({ runs: 0, skipped: { recorded: 3 } });
    expect(ids()).toEqual(expected);
  });

  test("whose copied log was replaced are read from the earlier copy", async () => {
    const session = makeSession(1);
    const directory = await project.addSessionDirectory("2026-11-22-0715_Fix_cart", session);
    const log = join(directory, session.logName);
    writeFileSync(`${log}.1`, session.log);
    writeFileSync(log, makeSession(1, 2).log.replace("Fix", "Mend"));
    expect((await project.backfill()).result.recorded).toBe(1);
    expect(project.notices).toEqual([]);
  });

  test("whose log was rewritten are read by their times, with a notice", async () => {
    const session = makeSession(1);
    const directory = await project.addSessionDirectory("2026-11-22-0715_Fix_cart", session);
    writeFileSync(join(directory, session.logName), session.log.replace("Fix", "Really fix"));
    expect((await project.backfill()).result.recorded).toBe(1);
    expect(project.notices).toEqual([expect.stringContaining("was rewritten after run")]);
    expect(ids()).toEqual([runId("codex", session.id, 0)]);
  });

  test("that are copies of each other are one run", async () => {
    const session = makeSession(1);
    const directory = await project.addSessionDirectory("2026-11-22-0715_Fix_cart", session);
    project.copyOf(directory, "2026-11-22-0715_Fix_cart_2");
    expect((await project.backfill()).result.recorded).toBe(1);
  });
});

describe("directories of version 1", () => {
  test("with export records get an entry for each run", async () => {
    const session = makeSession(1, 3);
    project.addVersion1Directory("2026-11-22-0715_Fix_cart", session);
    expect((await project.backfill()).result.recorded).toBe(3);
    const expected = session.runs.map(({ from }) => runId("codex", session.id, from));
    expect(project.rows()).toMatchObject([
      { run_id: expected[0], continuation_of_run_id: null, label: "Fix cart" },
      { run_id: expected[1], continuation_of_run_id: expected[0] },
      { run_id: expected[2], continuation_of_run_id: expected[1] },
    ]);
    expect(project.rows().every(({ commits }) => Array.isArray(commits))).toBe(true);
    const again = await project.backfill();
    expect(again.prepared).toMatchObject({ runs: 0, skipped: { recorded: 3 }, damaged: [] });
  });

  test("without export records get one entry for everything in their log", async () => {
    const session = makeSession(1, 2);
    project.addVersion1Directory("2026-11-22-0715_Fix_cart", session, { records: false });
    await project.backfill();
    expect(project.rows()).toMatchObject([{ run_id: runId("codex", session.id, 0), label: "Fix cart" }]);
    expect((await project.prepare()).runs).toBe(0);
  });

  test("without export records and with a compressed log end at the end of that log", async () => {
    const session = makeSession(1);
    const directory = project.addVersion1Directory("2026-11-22-0715_Fix_cart", session, {
      records: false,
      copies: false,
    });
    writeFileSync(join(directory, `${session.logName}.zst`), zstdCompressSync(session.log));
    await project.backfill();
    expect(project.rows()).toMatchObject([{ end: session.lastAt, commits: [{ hash: "b56f337" }] }]);
    expect((await project.prepare()).runs).toBe(0);
  });

  test("with only `trace.html` are read from the native log of Codex", async () => {
    const session = makeSession(1);
    const shape = { records: false, copies: false, page: "trace.html" };
    const directory = project.addVersion1Directory("2026-11-22-0715_Fix_cart", session, shape);
    expect((await project.backfill()).prepared.damaged).toMatchObject([{ path: directory }]);
    project.addNativeLog(session);
    await project.backfill();
    const session_dir = ".codex/sessions/2026-11-22-0715_Fix_cart";
    expect(project.rows()).toMatchObject([
      { session_dir, transcript: { index_html: `${session_dir}/trace.html`, source_jsonl: null } },
    ]);
    expect((await project.prepare()).runs).toBe(0);
  });

  test("a number that distinguishes directories of the same name is not part of the label", async () => {
    project.addVersion1Directory("2026-11-22-0715_Fix_cart", makeSession(1), { records: false });
    project.addVersion1Directory("2026-11-22-0715_Fix_cart_2", makeSession(2), { records: false });
    project.addVersion1Directory("2026-11-22-0715_Phase_2", makeSession(3), { records: false });
    await project.backfill();
    expect(
      project
        .rows()
        .map(({ label }) => label)
        .sort(),
    ).toEqual(["Fix cart", "Fix cart", "Phase 2"]);
  });

  test("keep their entries, and only runs without one get one, linked to them", async () => {
    const session = makeSession(1, 3);
    const first = project.addVersion1Entry(project.addVersion1Directory("2026-11-22-0715_Fix_cart", session), session);
    const whole = makeSession(2);
    project.addVersion1Entry(project.addVersion1Directory("2026-11-22-0815_Add_tax", whole, { records: false }), whole);
    const before = readFileSync(join(project.root, ".changelog/ada/entries.jsonl"), "utf8");
    await project.backfill();
    expect(project.rows().slice(2)).toMatchObject([
      { schema_version: 2, continuation_of_run_id: first, start: session.runs[1]?.start },
      { schema_version: 2, start: session.runs[2]?.start },
    ]);
    expect(project.rows()).toHaveLength(4);
    expect(readFileSync(join(project.root, ".changelog/ada/entries.jsonl"), "utf8")).toStartWith(before);
    expect((await project.prepare()).runs).toBe(0);
  });
});

test("damaged directories are reported and skipped", async () => {
  const good = makeSession(1);
  await project.addSessionDirectory("2026-11-22-0715_Good", good);
  const torn = await project.addSessionDirectory("2026-11-22-0716_Torn", makeSession(2));
  appendFileSync(join(torn, "export_runs.jsonl"), '{"schema_version":2,"run_id":"8a3');
  project.makeDirectory("2026-11-22-0717_Empty");
  const gone = await project.addSessionDirectory("2026-11-22-0718_Gone", makeSession(3));
  rmSync(join(gone, makeSession(3).logName));
  writeFileSync(join(project.makeDirectory("2026-11-22-0719_Garbage"), "rollout.jsonl"), "\0\0{{{\n".repeat(50));
  const { prepared, result } = await project.backfill();
  expect(result.recorded).toBe(2);
  expect(result.damaged).toMatchObject([{ path: gone, problem: expect.stringContaining("not found in 0 logs") }]);
  const named = prepared.damaged.map(({ path }) => path.slice(path.lastIndexOf("_") + 1));
  expect(named.sort()).toEqual(["Empty", "Garbage", "Torn"]);
});

test("directories elsewhere are included if they are given", async () => {
  const directory = await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1));
  const elsewhere = join(project.base, "kept/.codex/sessions");
  await Bun.write(join(elsewhere, "x/export_runs.jsonl"), readFileSync(join(directory, "export_runs.jsonl")));
  await Bun.write(join(elsewhere, `x/${makeSession(1).logName}`), makeSession(1).log);
  rmSync(directory, { recursive: true });
  expect((await project.prepare()).runs).toBe(0);
  expect((await project.backfill({ sessionsDirs: [elsewhere] })).result.recorded).toBe(1);
  expect(project.rows()).toMatchObject([{ session_dir: "~/kept/.codex/sessions/x" }]);
});

test("a limit records the first runs, and the next backfill the rest", async () => {
  await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1, 3));
  const first = await project.backfill({ limit: 2 });
  expect(first.prepared).toMatchObject({ runs: 2, beyondLimit: 1 });
  expect(first.result).toMatchObject({ recorded: 2, remaining: 1 });
  expect((await project.backfill()).result).toMatchObject({ recorded: 1, remaining: 0 });
});

describe("a model", () => {
  test("evaluates `builtin` entries of every actor", async () => {
    await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1, 2));
    await project.backfill({ actor: "grace" });
    await project.useCodex(answers);
    expect((await project.prepare({ evaluator: "codex", upgrades: false })).skipped["only-builtin"]).toBe(2);
    const { result } = await project.backfill({ evaluator: "codex" });
    expect(result).toMatchObject({ recorded: 0, upgraded: 2 });
    expect(project.rows()).toEqual([]);
    expect(project.rows("grace").map(({ summary, actor }) => [summary === "Done.", actor])).toEqual([
      [false, "grace"],
      [false, "grace"],
      [true, "grace"],
      [true, "grace"],
    ]);
    expect((await project.prepare({ evaluator: "codex" })).runs).toBe(0);
    expect((await project.prepare({ evaluator: "builtin" })).runs).toBe(0);
  });

  test("that fails leaves the run with a `builtin` entry, and is asked again only on request", async () => {
    await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1, 2));
    await project.useCodex(failsWith("line 429 of the transcript: hit your head against the usage of limits"));
    const { result } = await project.backfill({ evaluator: "codex" });
    expect(result).toMatchObject({ recorded: 0, remaining: 0, halted: null, failed: [{ class: "other", runs: 2 }] });
    expect(project.rows().map(({ evaluator }) => evaluator)).toMatchObject([{ name: "builtin" }, { name: "builtin" }]);
    expect(project.rows("ada", "failures.jsonl")).toHaveLength(2);
    await project.useCodex(answers);
    expect(await project.prepare({ evaluator: "codex" })).toMatchObject({ runs: 0, skipped: { "failed-before": 2 } });
    expect((await project.backfill({ evaluator: "codex", retriesFailed: true })).result.upgraded).toBe(2);
  });

  test.each([
    ["You’ve hit your usage limit. Try again in 2 hours.", "usage_limit"],
    ["You've hit your usage limit. Try again at 9:41 PM.", "usage_limit"],
    ["exceeded retry limit, last status: 429 Too Many Requests", "usage_limit"],
    ["Quota exceeded. Check your plan and billing details.", "usage_limit"],
    ["Your workspace has reached its spend cap.", "usage_limit"],
    ["unexpected status 401 Unauthorized: Incorrect API key provided", "auth"],
  ])("that fails with `%s` stops the backfill and leaves no entry", async (message, failureClass) => {
    for (const hour of [1, 2, 3, 4])
      await project.addSessionDirectory(`2026-11-22-0${hour}15_Fix_cart`, makeSession(hour));
    await project.useCodex(`echo called >> "$PLACE/calls"\n${failsWith(message)}`);
    const { result } = await project.backfill({ evaluator: "codex" });
    expect(result).toMatchObject({ recorded: 0, remaining: 4, failed: [], halted: { class: failureClass } });
    const calls = readFileSync(join(project.base, "calls"), "utf8").trimEnd().split("\n").length;
    expect(calls).toBeLessThanOrEqual(2);
    expect([...project.rows(), ...project.rows("ada", "failures.jsonl")]).toEqual([]);
    await project.useCodex(answers);
    expect((await project.backfill({ evaluator: "codex" })).result.recorded).toBe(4);
  });

  test("that times out is asked once more, with a smaller digest", async () => {
    await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1));
    await project.useCodex(`if mkdir "$PLACE/asked"; then sleep 600; fi\n${answers}`);
    const { result } = await project.backfill({ evaluator: "codex", timeoutMs: 2_000 });
    expect(result).toMatchObject({ recorded: 1, failed: [] });
    expect(project.rows()).toMatchObject([{ evaluator: { name: "codex", digest: "budget" } }]);
  });
});

test("two backfills at once share the runs, and each run is evaluated once and has one entry", async () => {
  const sessions = [1, 2, 3, 4, 5, 6];
  for (const hour of sessions)
    await project.addSessionDirectory(`2026-11-22-0${hour}15_Fix_cart`, makeSession(hour, 2));
  await project.useCodex(`echo called >> "$PLACE/calls"\n${answers}`);
  const both = await Promise.all([project.backfill({ evaluator: "codex" }), project.backfill({ evaluator: "codex" })]);
  const recorded = both.map(({ result }) => result.recorded);
  expect(recorded.reduce((sum, count) => sum + count)).toBe(12);
  expect(Math.min(...recorded)).toBeGreaterThan(0);
  expect(readFileSync(join(project.base, "calls"), "utf8").trimEnd().split("\n")).toHaveLength(12);
  expect(new Set(ids()).size).toBe(12);
  expect(ids()).toHaveLength(12);
  expect(readdirSync(join(project.root, ".changelog")).sort()).toEqual([".gitattributes", "ada"]);
  expect(existsSync(join(project.root, ".changelog/ada/failures.jsonl"))).toBe(false);
});
