// Builds logs of any size from a recorded one.
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const RECORDINGS = "test/fixtures/codex";
/** The time between copies of the recorded session: a little longer than the session. */
export const STEP_MS = 6_000;
/** Ids of turns, messages, calls and the session. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export interface Recording {
  /** The path of its log in `CODEX_HOME`. */
  file: string;
  log: string;
  sessionId: string;
  /** The working directory. */
  cwd: string;
  /** The path of the git bundle of its repository. */
  bundle: string;
}

export async function readRecording(version: "0.125.0" | "0.169.0" = "0.169.0"): Promise<Recording> {
  const recording = join(RECORDINGS, version);
  const truth: { files: string[]; session_id: string; cwd: string } = JSON.parse(
    await readFile(join(recording, "truth.json"), "utf8"),
  );
  const [file = ""] = truth.files;
  const log = await readFile(join(recording, file), "utf8");
  return { file, log, sessionId: truth.session_id, cwd: truth.cwd, bundle: join(recording, "repo.bundle") };
}

/** Writes a log of this size and returns the time of the next copy, in milliseconds since the epoch. */
export async function writeLargeLog(recorded: string, log: string, megabytes: number): Promise<number> {
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

/** The records of the recorded session, moved to another start time and with new ids. The session id stays the same. */
export function shifted(recorded: string, start: number, withHead: boolean): string {
  const lines = recorded.trimEnd().split("\n");
  const first = Date.parse(timeOf(lines[0] ?? ""));
  const session = /"session_id":"([^"]+)"/.exec(lines[0] ?? "")?.[1];
  const copy = (start / STEP_MS).toString(16).padStart(8, "0").slice(-8);
  const moved = lines.slice(withHead ? 0 : 1).map((line) => {
    const at = timeOf(line);
    return line
      .replace(at, new Date(start + Date.parse(at) - first).toISOString())
      .replace(/(?<=:"(?:call|ct|msg|resp|rs)_)(?=\w{1,8}")/g, `${copy}_`)
      .replace(UUID, (uuid) => (uuid === session ? uuid : copy + uuid.slice(copy.length)));
  });
  return `${moved.join("\n")}\n`;
}

function timeOf(line: string): string {
  return /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? "";
}
