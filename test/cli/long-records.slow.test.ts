// The memory that an export needs, whatever one record of the log holds.
import { expect, test } from "bun:test";
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { bash, line, said, typed } from "../agents/claude/line.ts";
import { logPath } from "../agents/claude/log.ts";
import { call, event, meta, output } from "../agents/codex/rollout.ts";
import { Sandbox } from "./sandbox.ts";

const ID = "01a201e4-cb84-7a11-a7c6-000000000001";
const PROGRAM = ["--preload", join(import.meta.dir, "programs/report-peak.ts"), resolve("src/main.ts")];
const LINE = JSON.stringify('test 12 "of many" \\ passed\n').slice(1, -1);

type Piece = string | { repeat: string; megabytes: number };

/** Writes records, each as pieces, without holding them in memory. */
function write(path: string, records: Piece[][]): void {
  mkdirSync(join(path, ".."), { recursive: true });
  const file = openSync(path, "w");
  for (const piece of records.flatMap((record) => [...record, "\n"])) {
    if (typeof piece === "string") writeSync(file, piece);
    else {
      const block = piece.repeat.repeat(Math.ceil(1e6 / piece.repeat.length));
      for (let n = 0; n < piece.megabytes; n++) writeSync(file, block);
    }
  }
  closeSync(file);
}

/** A record, with `LONG` in it replaced with megabytes of a text. */
function withLong(record: object, repeat: string, megabytes: number): Piece[] {
  const [before = "", after = ""] = JSON.stringify(record).split('"LONG"');
  return [before, { repeat, megabytes }, after];
}

function resultOf(content: unknown, details: unknown) {
  return line("user", [{ type: "tool_result", tool_use_id: "b1", content }], { toolUseResult: details });
}

const printed = { stdout: "3 passed in 0.1s", stderr: "", interrupted: false };

/** The long record of a session of Claude Code that runs `pytest`, and its parts around what is repeated. */
const CLAUDE_RECORDS: [what: string, megabytes: (n: number) => Piece[]][] = [
  [
    "a long output",
    (n) => {
      const [before = "", after = ""] = JSON.stringify(resultOf("LONG", printed)).split('LONG"');
      return [before, { repeat: LINE, megabytes: n }, `3 passed in 0.1s"${after}`];
    },
  ],
  [
    "a long list",
    (n) => withLong(resultOf("3 passed in 0.1s", { ...printed, lines: ["LONG", 1] }), '"line",', n).map(comma),
  ],
  [
    "a list of lists",
    (n) => withLong(resultOf("3 passed in 0.1s", { ...printed, lists: ["LONG", 1] }), "[],", n).map(comma),
  ],
];

/** The repeated elements end with a comma, so the one in the record must go. */
function comma(piece: Piece): Piece {
  return typeof piece === "string" ? piece.replace(/^,1\]/, "1]") : piece;
}

async function exportPeak(tool: "claude" | "codex", records: Piece[][]): Promise<number> {
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  const log =
    tool === "claude"
      ? logPath(sandbox.env.CLAUDE_CONFIG_DIR ?? "", ID)
      : join(sandbox.env.CODEX_HOME ?? "", `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${ID}.jsonl`);
  write(log, records);
  const options = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin", "--label", "Long"];
  const argv = [process.execPath, ...PROGRAM, "export-latest", "--tool", tool, "--session-id", ID, ...options];
  const { status, stderr } = await sandbox.run(argv);
  expect([status, stderr]).toEqual([0, expect.stringContaining("recorded an entry")]);
  const entry = JSON.parse(readFileSync(join(sandbox.work, ".changelog/ada/entries.jsonl"), "utf8"));
  expect(entry.tests).toEqual([{ cmd: "pytest -q", result: "pass" }]);
  return Number(/^peak (.+)$/m.exec(stderr)?.[1]);
}

function check(peaks: number[]): void {
  const [once = 0, twice = 0] = peaks;
  process.stderr.write(`peak ${once.toFixed(0)} MB for 100 MB, ${twice.toFixed(0)} MB for 200 MB\n`);
  expect(twice).toBeLessThan(150);
  expect(twice - once).toBeLessThan(25);
}

test.each(CLAUDE_RECORDS)(
  "%s of Claude Code",
  async (_, long) => {
    const peaks: number[] = [];
    for (const megabytes of [100, 200]) {
      const records = [typed("go"), bash("b1", "pytest -q")].map((record) => [
        JSON.stringify({ ...record, sessionId: ID }),
      ]);
      const last = [JSON.stringify({ ...said({ type: "text", text: "Done." }), sessionId: ID })];
      peaks.push(await exportPeak("claude", [...records, long(megabytes).map(ofSession), last]));
    }
    check(peaks);
  },
  300_000,
);

function ofSession(piece: Piece): Piece {
  return typeof piece === "string" ? piece.replace('"sessionId":"s"', `"sessionId":"${ID}"`) : piece;
}

test("a long output of Codex", async () => {
  const peaks: number[] = [];
  for (const megabytes of [100, 200]) {
    const begin = [
      meta(ID),
      event("user_message", { message: "go" }),
      call("c1", "exec_command", { cmd: "pytest -q" }),
    ];
    const text = "Process exited with code 0\nOutput:\nLONG";
    const [before = "", after = ""] = JSON.stringify(output("c1", text)).split('LONG"');
    const long = [before, { repeat: LINE, megabytes }, `3 passed in 0.1s"${after}`];
    const records = [...begin.map((record) => [JSON.stringify(record)]), long];
    peaks.push(await exportPeak("codex", [...records, [JSON.stringify(event("agent_message", { message: "Done." }))]]));
  }
  check(peaks);
}, 300_000);
