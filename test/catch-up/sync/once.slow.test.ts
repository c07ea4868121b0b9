// A run is recorded once, whether a sync, an export or a backfill comes first.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MAKERS, type MadeLog } from "./made-sessions.ts";
import { SyncHome } from "./sync-home.ts";

let home: SyncHome;
let root: string;

beforeEach(async () => {
  home = new SyncHome();
  root = await home.repository();
});
afterEach(() => home.remove());

describe.each(["codex", "claude"] as const)("a session of %s", (tool) => {
  let one: MadeLog;
  let two: MadeLog;
  /** Appends a second run to the session. */
  const grow = () => home.addLog(two);
  const dropDirectories = () => rmSync(join(root, `.${tool}`), { recursive: true });

  beforeEach(() => {
    one = MAKERS[tool](1, root, 1);
    two = MAKERS[tool](1, root, 2);
    home.addLog(one);
  });

  /** Two entries, of which the second starts where the first ended. */
  const expectBoth = () => {
    const rows = home.rows(root);
    expect(rows).toMatchObject([
      { tool, session_id: one.id, continuation_of_run_id: null },
      { tool, session_id: one.id, continuation_of_run_id: rows[0]?.run_id ?? "" },
    ]);
    expect(Date.parse(rows[1]?.start ?? "")).toBeGreaterThan(Date.parse(rows[0]?.end ?? ""));
  };

  test("is recorded once, without a directory, and a second sync has nothing to do", async () => {
    expect((await home.sync()).result).toMatchObject({ recorded: 1, remaining: 0 });
    const none = { output_dir: null, index_html: null, source_jsonl: null, source_match_json: null };
    expect(home.rows(root)).toMatchObject([{ tool, session_dir: null, transcript: none, session_id: one.id }]);
    const again = await home.sync();
    expect(again.prepared).toMatchObject({ runs: 0, scan: { skippedRuns: { recorded: 1, nothing: 0 } } });
    expect(home.rows(root)).toHaveLength(1);
  });

  test("has a next run with what was appended since a sync", async () => {
    await home.sync();
    grow();
    await home.sync();
    expectBoth();
    expect((await home.plan()).runs).toBe(0);
  });

  test("is not exported again after a sync, but what was appended is", async () => {
    await home.sync();
    const exported = await home.exportLatest(root, one);
    expect(exported.changelog.status).toBe("exists");
    expect(exported.run?.runId).toBe(home.rows(root)[0]?.run_id ?? "");
    grow();
    await home.exportLatest(root, one);
    expectBoth();
    expect((await home.plan()).runs).toBe(0);
  });

  test("gets an entry for what was appended between a sync and the first export", async () => {
    await home.sync();
    grow();
    await home.exportLatest(root, one);
    expectBoth();
    expect((await home.plan()).runs).toBe(0);
    expect(await home.backfill(root)).toMatchObject({ recorded: 0 });
  });

  test("is not recorded again by a sync after an export, but what was appended is", async () => {
    await home.exportLatest(root, one);
    expect((await home.plan()).runs).toBe(0);
    grow();
    await home.sync();
    expectBoth();
    const [, second] = home.rows(root);
    expect((await home.exportLatest(root, one)).run?.runId).toBe(second?.run_id ?? "");
    expectBoth();
  });

  test("is known by its entry if its directory was removed", async () => {
    await home.exportLatest(root, one);
    dropDirectories();
    expect((await home.plan()).runs).toBe(0);
    grow();
    await home.sync();
    expectBoth();
    await home.exportLatest(root, one);
    expectBoth();
    await home.backfill(root);
    expectBoth();
  });

  test("is not recorded again by a sync after a backfill, or the other way round", async () => {
    await home.exportLatest(root, one, { changelog: false });
    await home.backfill(root);
    expect((await home.plan()).runs).toBe(0);
    grow();
    await home.exportLatest(root, one, { changelog: false });
    await home.sync();
    expectBoth();
    expect(await home.backfill(root)).toMatchObject({ recorded: 0, exists: 0 });
    expectBoth();
  });

  test("is recorded from its directory, with links, if it was exported without an entry", async () => {
    const { sessionDir } = await home.exportLatest(root, one, { changelog: false, label: "Fix cart" });
    grow();
    await home.sync();
    expectBoth();
    const [first, second] = home.rows(root);
    expect(first).toMatchObject({ label: "Fix cart", session_dir: sessionDir.slice(root.length + 1) });
    expect(second).toMatchObject({ label: "Fix cart", session_dir: null });
    expect(await home.backfill(root)).toMatchObject({ recorded: 0 });
  });

  test("has a directory, links and an export record if a sync exports it", async () => {
    await home.sync({}, { exports: true });
    const [entry] = home.rows(root);
    expect(entry?.transcript.index_html).toMatch(
      new RegExp(`^\\.${tool}/sessions/2026-11-22-\\d{4}_\\S+/index\\.html$`),
    );
    expect((await home.plan()).runs).toBe(0);
    expect((await home.exportLatest(root, one)).run).toMatchObject({ known: true, runId: entry?.run_id ?? "" });
    grow();
    await home.sync({}, { exports: true });
    expectBoth();
    expect(home.rows(root)[1]?.session_dir).toBe(entry?.session_dir ?? "");
    expect(await home.backfill(root)).toMatchObject({ recorded: 0 });
  });

  test("is recorded once, from the end of an export, if its log was rewritten", async () => {
    await home.exportLatest(root, one);
    home.addLog({
      ...two,
      log: two.log.replace('"version":"2', '"version":"3').replace('"cli_version":"0', '"cli_version":"1'),
    });
    await home.sync();
    expectBoth();
    expect((await home.plan()).runs).toBe(0);
    await home.sync();
    expectBoth();
  });

  test("is recorded once by two syncs at once", async () => {
    await Promise.all([home.sync(), home.sync()]);
    expect(home.rows(root)).toHaveLength(1);
  });

  test("is not recorded again if it has an entry of version 1", async () => {
    await home.sync();
    const [row] = home.rows(root);
    const there = "/Users/grace/work/shop/.codex/sessions/x";
    const old = {
      ...{ schema_version: 1, run_id: "0123456789abcdef", created_at: row?.end, tool, actor: "Ada", project: "shop" },
      ...{ project_root: "/Users/grace/work/shop", label: "Old", start: row?.start, end: row?.end, session_dir: there },
      transcript: { source_jsonl: `${there}/${one.name.split("/").at(-1)}` },
      ...{ summary: "Fixed", bullets: [], tags: [], tests: [], commits: [], notes: null },
    };
    writeFileSync(
      join(root, ".changelog/ada/entries.jsonl"),
      `${JSON.stringify(old).replaceAll('":', '": ').replaceAll(',"', ', "')}\n`,
    );
    expect((await home.plan()).runs).toBe(0);
    grow();
    await home.sync();
    expect(home.rows(root).slice(1)).toMatchObject([
      { session_id: one.id, continuation_of_run_id: "0123456789abcdef" },
    ]);
    expect((await home.plan()).runs).toBe(0);
  });
});
