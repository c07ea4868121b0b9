// Logs of any size, made from a recorded one.
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const RECORDINGS = "test/fixtures/codex";
/** Time from one copy of the recorded session to the next: a little more than it took. */
export const STEP_MS = 6_000;
/** Of turns, messages, calls and the session itself. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export interface Recording {
  /** Where its log lies in `CODEX_HOME`. */
  file: string;
  log: string;
  sessionId: string;
  /** Where it was recorded. */
  cwd: string;
  /** Its repository as a bundle. */
  bundle: string;
}

/** Of one version of Codex. */
export async function readRecording(version: "0.125.0" | "0.169.0" = "0.169.0"): Promise<Recording> {
  const recording = join(RECORDINGS, version);
  const truth: { files: string[]; session_id: string; cwd: string } = JSON.parse(
    await readFile(join(recording, "truth.json"), "utf8"),
  );
  const [file = ""] = truth.files;
  const log = await readFile(join(recording, file), "utf8");
  return { file, log, sessionId: truth.session_id, cwd: truth.cwd, bundle: join(recording, "repo.bundle") };
}

/** Writes a log of that size; returns when its last record was written. */
export async function grow(recorded: string, log: string, megabytes: number): Promise<number> {
  await mkdir(dirname(log), { recursive: true });
  const file = await open(log, "w");
  let at = Date.parse("2026-01-01T00:00:00.000Z");
  try {
    for (let size = 0; size < megabytes * 1e6; at += STEP_MS) {
      size += (await file.write(shifted(recorded, at, size === 0))).bytesWritten;
    }
  } finally {
    await file.close();
  }
  return at;
}

/** The recorded session as if it had begun at another time: another stretch of the same session, with ids of its own. */
export function shifted(recorded: string, begin: number, withHead: boolean): string {
  const lines = recorded.trimEnd().split("\n");
  const first = Date.parse(timeOf(lines[0] ?? ""));
  const session = /"session_id":"([^"]+)"/.exec(lines[0] ?? "")?.[1];
  const copy = (begin / STEP_MS).toString(16).padStart(8, "0").slice(-8);
  const moved = lines.slice(withHead ? 0 : 1).map((line) => {
    const at = timeOf(line);
    return line
      .replace(at, new Date(begin + Date.parse(at) - first).toISOString())
      .replace(/(?<=:"(?:call|ct|msg|resp|rs)_)(?=\w{1,8}")/g, `${copy}_`)
      .replace(UUID, (uuid) => (uuid === session ? uuid : copy + uuid.slice(copy.length)));
  });
  return `${moved.join("\n")}\n`;
}

function timeOf(line: string): string {
  return /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? "";
}
