// Sessions of both tools in any folder, made from recorded ones, and small ones with given actions.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { call, encode, type Fields, line, message, meta, output } from "../../agents/codex/rollout.ts";
import { uuid } from "../../sessions/logs.ts";
import { makeSession, withOwnIds } from "../backfill/made-session.ts";

const CODEX = resolve(import.meta.dir, "../../fixtures/codex/0.169.0");
const CLAUDE = resolve(import.meta.dir, "../../fixtures/claude/2.1.330-edits");
const truthOf = (folder: string) => JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
const [CODEX_TRUTH, CLAUDE_TRUTH] = [truthOf(CODEX), truthOf(CLAUDE)];
const [CLAUDE_WINDOW] = CLAUDE_TRUTH.windows;
const CLAUDE_LOG = readFileSync(join(CLAUDE, CLAUDE_TRUTH.files[0]), "utf8");
const HOUR_MS = 3_600_000;

/** A session: the path and the content of its log. */
export interface MadeLog {
  tool: "codex" | "claude";
  id: string;
  /** Relative to the tool's home folder. */
  name: string;
  log: string;
}

/** A Codex session in a folder that started some hours after the recorded one and has a run every day. */
export function codexSession(hour: number, folder: string, runs = 1): MadeLog {
  const { id, logName, log } = makeSession(hour, runs);
  const name = `sessions/2026/11/22/${logName}`;
  // The head repeats the start of the session.
  const began = /"timestamp":"([^"]+)"/.exec(log)?.[1];
  const own = log.replace(/("type":"session_meta".*?"timestamp":)"[^"]+"/, `$1"${began}"`);
  return { tool: "codex", id, name, log: own.replaceAll(CODEX_TRUTH.cwd, folder) };
}

/** A Claude Code session, made in the same way. */
export function claudeSession(hour: number, folder: string, runs = 1): MadeLog {
  const id = uuid(Date.parse(CLAUDE_WINDOW.start) + hour * HOUR_MS, hour + 1).replace("-7000-", "-4000-");
  const parts = Array.from({ length: runs }, (_, index) =>
    withOwnIds(later(CLAUDE_LOG, (hour + index * 24) * HOUR_MS), index, CLAUDE_WINDOW.session_id),
  );
  const log = parts.join("").replaceAll(CLAUDE_WINDOW.session_id, id).replaceAll(CLAUDE_TRUTH.cwd, folder);
  return { tool: "claude", id, name: `projects/${folder.replaceAll(/[^A-Za-z0-9]/g, "-")}/${id}.jsonl`, log };
}

export const MAKERS = { codex: codexSession, claude: claudeSession };

function later(log: string, ms: number): string {
  return log.replaceAll(/"timestamp":"([^"]+)"/g, (_, time) => {
    return `"timestamp":"${new Date(Date.parse(time) + ms).toISOString()}"`;
  });
}

/** The actions of a small session. */
export interface SessionActions {
  /** The folder it started in. */
  cwd: string;
  /** Edited files. */
  edits?: readonly string[];
  /** Commands, each with its folder. */
  commands?: readonly (readonly [folder: string, command: string])[];
  /** A command without a result. */
  open?: boolean;
  head?: Fields;
}

/** A Codex session with a prompt and these actions. */
export function smallSession(
  number: number,
  { cwd, edits = [], commands = [], open = false, head = {} }: SessionActions,
): MadeLog {
  const id = uuid(Date.parse("2026-11-22T06:00:00.000Z"), number);
  const acts = [
    ...edits.map((path) => [
      cwd,
      `apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch\nEOF`,
    ]),
    ...commands,
  ];
  const records = [
    meta(id, { cwd, ...head }),
    line("turn_context", { cwd, model: "gpt-6" }, 1),
    message("user", `Do number ${number}`, 2),
    ...acts.flatMap(([workdir, command], index) => [
      call(`c${index}`, "shell", { command: ["bash", "-lc", command], workdir }, 3 + index),
      output(
        `c${index}`,
        JSON.stringify({ output: "Success.", metadata: { exit_code: 0, duration_seconds: 0.1 } }),
        3 + index,
      ),
    ]),
    ...(open ? [call("open", "shell", { command: ["bash", "-lc", "sleep 999"], workdir: cwd }, 30)] : []),
    ...(open ? [] : [message("assistant", "Done.", 30)]),
  ];
  const name = `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${id}.jsonl`;
  return { tool: "codex", id, name, log: encode(...records) };
}
