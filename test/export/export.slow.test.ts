import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { exportLatest } from "../../src/export/export.ts";
import type { ExportOptions } from "../../src/export/prepare.ts";
import { gitText } from "../../src/system/git.ts";
import { run } from "../../src/system/spawn.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const TRUTH = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
const LOG = TRUTH.files[0] as string;
const [first, second] = TRUTH.windows as [{ start: string; end: string }, { start: string; end: string }];

let base: string;
let root: string;
let notices: string[];

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-export-")));
  root = join(base, "shop");
  notices = [];
  await run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), root]);
  cpSync(join(RECORDING, "sessions"), join(base, "codex/sessions"), { recursive: true });
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function options(more: Partial<ExportOptions> = {}): ExportOptions {
  return {
    tool: "codex",
    cwd: TRUTH.cwd,
    projectRoot: root,
    start: null,
    end: null,
    sessionId: null,
    output: null,
    label: "Fix cart",
    changelog: true,
    actor: "ada",
    evaluator: "builtin",
    model: null,
    timeoutMs: null,
    env: { CODEX_HOME: join(base, "codex"), PATH: process.env.PATH, CTX_TZ: "UTC" },
    home: join(base, "home"),
    now: () => new Date("2026-11-22T09:00:00.000Z"),
    onNotice: (notice) => notices.push(notice),
    ...more,
  };
}

const log = () => join(base, "codex", LOG);
const rowsOf = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const entries = (folder = root) => rowsOf(join(folder, ".changelog/ada/entries.jsonl"));

/** Cuts the log to the records of the first run; returns a function that restores the rest. */
function cutAfterFirstRun(): () => void {
  const whole = readFileSync(log(), "utf8");
  const lines = whole.split(/(?<=\n)/);
  const end = lines.findIndex((line) => line.slice(14, 38) > first.end);
  writeFileSync(log(), lines.slice(0, end).join(""));
  return () => writeFileSync(log(), whole);
}

describe("exporting a run", () => {
  test("copies the log, writes its source, and shows git nothing but the changelog", async () => {
    const result = await exportLatest(options({ ...first }));
    expect(result.sessionDir).toBe(join(root, ".codex/sessions/2026-11-22-0615_Fix_cart"));
    const pages = ["index.html", "page-001.html", "search"];
    const kept = ["export_runs.jsonl", ...pages, basename(LOG), "source_match.json"].sort();
    expect(readdirSync(result.sessionDir).sort()).toEqual(kept);
    expect(readFileSync(result.sourceJsonl)).toEqual(readFileSync(log()));
    expect(JSON.parse(readFileSync(join(result.sessionDir, "source_match.json"), "utf8"))).toMatchObject({
      path: log(),
      sessionId: TRUTH.session_id,
    });
    expect(await gitText(root, ["status", "--porcelain", "-uall"])).toBe(
      "?? .changelog/.gitattributes\n?? .changelog/ada/entries.jsonl",
    );
  });

  test("records an entry without a path of this machine", async () => {
    await exportLatest(options({ ...first, label: `Fix cart in ${root}` }));
    const text = readFileSync(join(root, ".changelog/ada/entries.jsonl"), "utf8");
    expect(text).not.toContain(base);
    const index_html = expect.stringMatching(/^\.codex\/sessions\/[^/]+\/index\.html$/);
    expect(entries()).toMatchObject([
      { tool: "codex", actor: "ada", project: "shop", start: first.start, end: first.end, transcript: { index_html } },
    ]);
  });

  test("an entry without a label does not get one from the name of the directory", async () => {
    const { sessionDir } = await exportLatest(options({ ...first, label: null }));
    expect(basename(sessionDir)).toBe("2026-11-22-0615_session");
    expect(entries()[0].label).toBe("");
    expect(entries()[0].summary).not.toMatch(/session/i);
  });

  test("a secret in the label is neither in the entry nor in the name of the directory", async () => {
    const secret = `ghp_${"x1Y2z3".repeat(6)}`;
    const { sessionDir } = await exportLatest(options({ ...first, label: `Rotate ${secret}` }));
    expect(basename(sessionDir)).not.toContain(secret);
    expect(readFileSync(join(root, ".changelog/ada/entries.jsonl"), "utf8")).not.toContain(secret);
  });

  test("what was appended to a log gets an entry, linked to the one before", async () => {
    const grow = cutAfterFirstRun();
    const one = await exportLatest(options());
    grow();
    const two = await exportLatest(options());
    expect(two.sessionDir).toBe(one.sessionDir);
    expect(two.run?.from).toBe(one.run?.to ?? Number.NaN);
    expect(two.run?.prompts).toEqual(["Rename the guide and clean up old files"]);
    expect(entries().map((entry) => [entry.run_id, entry.continuation_of_run_id])).toEqual([
      [one.run?.runId, null],
      [two.run?.runId, one.run?.runId],
    ]);
  });

  test("if the pages cannot be written there is no entry, and the next export writes both", async () => {
    const { sessionDir } = await exportLatest(options({ ...first, changelog: false }));
    rmSync(join(sessionDir, "index.html"));
    mkdirSync(join(sessionDir, "index.html"));
    await expect(exportLatest(options({ ...first }))).rejects.toThrow(`cannot write \`${sessionDir}/index.html\``);
    expect(existsSync(join(root, ".changelog/ada/entries.jsonl"))).toBe(false);
    rmdirSync(join(sessionDir, "index.html"));
    await exportLatest(options({ ...first }));
    const index_html = expect.stringMatching(/index\.html$/);
    expect(entries()).toMatchObject([{ transcript: { index_html } }]);
  });

  test("exporting the same window twice writes nothing new", async () => {
    const one = await exportLatest(options({ ...first }));
    const again = await exportLatest(options({ ...first }));
    expect(again.changelog.status).toBe("exists");
    expect(again.run).toMatchObject({ runId: one.run?.runId ?? "", known: true });
    expect(entries()).toHaveLength(1);
    expect(rowsOf(join(one.sessionDir, "export_runs.jsonl"))).toHaveLength(1);
  });

  test("a run exported without a changelog gets its entry later, under the same id", async () => {
    const one = await exportLatest(options({ ...first, changelog: false }));
    expect(one.changelog.status).toBe("off");
    expect(existsSync(join(root, ".changelog"))).toBe(false);
    const two = await exportLatest(options({ ...first }));
    expect(two.changelog.status).toBe("recorded");
    expect(entries().map((entry) => entry.run_id)).toEqual([one.run?.runId]);
  });

  test("runs that were exported to different directories are linked", async () => {
    const one = await exportLatest(options({ ...first, output: join(base, "one") }));
    const two = await exportLatest(options({ ...second, output: join(base, "two") }));
    expect(entries().map((entry) => entry.continuation_of_run_id)).toEqual([null, one.run?.runId]);
    expect(two.run?.from).toBe(one.run?.to ?? Number.NaN);
  });

  test("a session whose directory was removed is known by its entries, and what was appended is the next run", async () => {
    const grow = cutAfterFirstRun();
    const one = await exportLatest(options());
    rmSync(join(root, ".codex"), { recursive: true });
    const again = await exportLatest(options());
    expect(again).toMatchObject({ run: { runId: one.run?.runId }, changelog: { status: "exists" } });
    rmSync(join(root, ".codex"), { recursive: true });
    grow();
    const two = await exportLatest(options());
    expect(two.run?.prompts).toEqual(["Rename the guide and clean up old files"]);
    expect(entries().map((entry) => entry.continuation_of_run_id)).toEqual([null, one.run?.runId]);
    rmSync(join(root, ".codex"), { recursive: true });
    expect((await exportLatest(options())).run).toMatchObject({ runId: two.run?.runId, known: false });
    expect(entries()).toHaveLength(2);
  });

  test("a rewritten log is exported from the time at which the last run ended", async () => {
    const grow = cutAfterFirstRun();
    await exportLatest(options());
    grow();
    writeFileSync(log(), readFileSync(log(), "utf8").replace("Inspecting the repo", "Looking at the repository"));
    const two = await exportLatest(options());
    expect(notices).toEqual([expect.stringContaining("was rewritten since the last export")]);
    expect(two.run?.prompts).toEqual(["Rename the guide and clean up old files"]);
    expect(entries()).toHaveLength(2);
  });

  test("a log that was cut short is reported, and its earlier copy is kept", async () => {
    await exportLatest(options());
    const whole = readFileSync(log(), "utf8");
    cutAfterFirstRun();
    const again = await exportLatest(options());
    expect(notices).toEqual([expect.stringContaining("was cut short since the last export")]);
    expect(again.run).toBeNull();
    expect(readFileSync(`${again.sourceJsonl}.1`, "utf8")).toBe(whole);
    expect(entries()).toHaveLength(1);
  });

  test("a log that was compressed and decompressed continues where the last run ended", async () => {
    const whole = readFileSync(log());
    const later = cutAfterFirstRun();
    const one = await exportLatest(options());
    later();
    rmSync(log());
    writeFileSync(`${log()}.zst`, zstdCompressSync(whole));
    const two = await exportLatest(options());
    expect(two.sourceJsonl).toEndWith(".jsonl.zst");
    expect(two.run).toMatchObject({ from: one.run?.to, continuationOf: one.run?.runId, known: false });
    rmSync(`${log()}.zst`);
    writeFileSync(log(), whole);
    const again = await exportLatest(options());
    expect(again.run).toMatchObject({ runId: two.run?.runId, known: true });
    expect(notices).toEqual([]);
    expect(entries()).toHaveLength(2);
  });

  test("three runs of a session are three linked entries, and exporting any window again adds none", async () => {
    const third = { start: "2026-11-22T07:00:00.000Z", end: "2026-11-22T07:00:09.000Z" };
    const turn = (type: string, payload: object) =>
      `${JSON.stringify({ timestamp: "2026-11-22T07:00:01.000Z", type: "event_msg", payload: { type, ...payload } })}\n`;
    appendFileSync(
      log(),
      turn("user_message", { message: "Say goodbye to everybody" }) + turn("agent_message", { message: "Goodbye." }),
    );
    const ids: string[] = [];
    for (const window of [first, second, third]) ids.push((await exportLatest(options(window))).run?.runId ?? "");
    const rows = entries();
    expect(rows.map((entry) => entry.run_id)).toEqual(ids);
    expect(rows.map((entry) => entry.continuation_of_run_id)).toEqual([null, ids[0], ids[1]]);
    expect(rows.map((entry) => entry.commits.length)).toEqual([1, 1, 0]);
    for (const window of [third, first, second]) {
      expect((await exportLatest(options(window))).changelog.status).toBe("exists");
    }
    expect((await exportLatest(options())).changelog.status).toBe("exists");
    expect(entries()).toHaveLength(3);
  });

  test("only the own part of a fork is exported, with a notice", async () => {
    const fork = resolve(import.meta.dir, "../fixtures/codex/0.142.0-fork");
    const forked = JSON.parse(readFileSync(join(fork, "truth.json"), "utf8"));
    const window = forked.windows.find((one: { session_id: string }) => one.session_id !== forked.session_id);
    cpSync(join(fork, "sessions"), join(base, "codex/sessions"), { recursive: true });
    const result = await exportLatest(options({ sessionId: window.session_id }));
    expect(notices).toEqual([expect.stringContaining("exporting only its own part")]);
    expect(result.run?.prompts).toEqual(window.expect.prompts);
    expect(result.run?.from).toBeGreaterThan(0);
  });

  test("works outside a repository, with the folder as root", async () => {
    const folder = join(base, "plain");
    mkdirSync(folder);
    await exportLatest(options({ ...first, projectRoot: folder }));
    expect(entries(folder)).toMatchObject([
      { project: "plain", touched_files: { created: ["src/checkout/lock.js"], modified: ["src/cart.js"] } },
    ]);
  });

  test("a window without records is an error that names it, and writes nothing", async () => {
    const start = "2030-01-01T00:00:00.000Z";
    expect(exportLatest(options({ start, sessionId: TRUTH.session_id }))).rejects.toThrow(start);
    expect(existsSync(join(root, ".codex"))).toBe(false);
  });
});

describe("errors of the changelog", () => {
  test("a missing evaluator leads to a `builtin` entry and a row in `failures.jsonl`", async () => {
    const env = { ...options().env, CTX_CODEX_CMD: "/nonexistent/codex" };
    const result = await exportLatest(options({ ...first, evaluator: "codex", env }));
    expect(result.changelog).toMatchObject({ status: "recorded", evaluator: "builtin" });
    expect(result.changelog.message).toContain("not_found");
    expect(rowsOf(join(root, ".changelog/ada/failures.jsonl"))).toMatchObject([
      { run_id: result.run?.runId, class: "not_found", evaluator: "codex" },
    ]);
  });

  test("a `.changelog` that is a link out of the repository is refused before anything is exported", async () => {
    mkdirSync(join(base, "elsewhere"));
    symlinkSync(join(base, "elsewhere"), join(root, ".changelog"));
    expect(exportLatest(options({ ...first }))).rejects.toThrow("leads out of the project");
    expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
    expect(existsSync(join(root, ".codex"))).toBe(false);
    // Without a changelog entry, the export succeeds.
    expect((await exportLatest(options({ ...first, changelog: false }))).changelog.status).toBe("off");
  });

  test("a session directory that git does not ignore is reported", async () => {
    await exportLatest(options({ ...first, output: join(root, "out") }));
    expect(notices).toEqual([expect.stringContaining("do not commit the log")]);
  });
});
