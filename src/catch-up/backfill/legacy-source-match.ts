// What `source_match.json` of a session directory tells of its session. The ancestor's names paths of the machine it
// was written on, which may be another one: of a path only the name counts.
import { join } from "node:path";
import { z } from "zod";
import { sessionInName } from "../../runs/row-filter.ts";
import { parseJsonObject } from "../../system/json.ts";
import { readSmallFile } from "../../system/regular-file.ts";

/** It lists the runners-up, at most a few dozen. */
const MAX_BYTES = 1024 * 1024;

const text = z.string().nullable().catch(null);
const currentSchema = z.object({ path: text, sessionId: text });
const version1Schema = z.object({ best: z.object({ path: text, session_id: text }) });

export interface StoredMatch {
  /** The name of the log that was chosen. */
  logName: string | null;
  sessionId: string | null;
}

/** Nothing known where the file is missing or damaged. */
export function readStoredMatch(directory: string): StoredMatch {
  const stored = parseJsonObject(readSmallFile(join(directory, "source_match.json"), MAX_BYTES) ?? "");
  const ancestor = version1Schema.safeParse(stored);
  if (ancestor.success) return describe(ancestor.data.best.path, ancestor.data.best.session_id);
  const ours = currentSchema.safeParse(stored);
  return ours.success ? describe(ours.data.path, ours.data.sessionId) : describe(null, null);
}

function describe(path: string | null, sessionId: string | null): StoredMatch {
  const logName = path?.split(/[/\\]/).at(-1) ?? null;
  return { logName, sessionId: sessionId ?? sessionInName(logName ?? "") };
}
