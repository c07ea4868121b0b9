// The head of a rollout whose first record is damaged or missing: from the file name, from what is left of the record, and
// from later records.
import { readChunks } from "../../system/chunks.ts";
import { parseJson } from "../../system/json.ts";
import { asFields, fieldsField, textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { sessionIdOfPath, threadIdOfPath } from "./paths.ts";
import { OPENING, parseRecord, type RolloutRecord } from "./record.ts";

/** How many first bytes are searched for what is left of the first record. */
const START_BYTES = 64 * 1024;

/** The head; null if the file is not named like a rollout, holds no records, or begins with a whole head. */
export async function readTornHead(path: string, bytes: readonly Uint8Array[]): Promise<SessionHead | null> {
  const [id, thread] = [sessionIdOfPath(path), threadIdOfPath(path)];
  const records = bytes.map(parseRecord).filter((record) => record !== null);
  const first = records.find(({ at, kind }) => at !== null && kind.type !== "session_meta");
  if (id === null || thread === null || first === undefined) return null;
  const line = await firstLine(path);
  if (asFields(parseJson(line))?.type === "session_meta") return null;
  const rest = new Fragment(line);
  const isContinued = id !== thread;
  return {
    tool: "codex",
    sessionId: id,
    ...(isContinued && { thread }),
    version: rest.text("cli_version"),
    startedAt: first.at,
    cwd: rest.text("cwd") ?? cwdOf(records),
    git: { commit: rest.text("commit_hash"), branch: rest.text("branch"), repositoryUrl: rest.text("repository_url") },
    forkedFrom: isContinued ? thread : rest.text("forked_from_id"),
    parent: rest.text("parent_thread_id") ?? (rest.isOfSubagent || records.some(isOfSubagent) ? "unknown" : null),
  };
}

async function firstLine(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readChunks(path, { to: START_BYTES })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString().split("\n", 1)[0] ?? "";
}

/** The beginning of a record that was cut off. */
class Fragment {
  readonly #text: string;

  constructor(line: string) {
    const next = line.indexOf(OPENING, 1);
    const text = next === -1 ? line : line.slice(0, next);
    this.#text = text.includes('"type":"session_meta"') ? text : "";
  }

  /** The complete value of a key. */
  text(key: string): string | null {
    const literal = new RegExp(`"${key}":("(?:[^"\\\\]|\\\\.)*")[,}]`).exec(this.#text)?.[1];
    const value = literal === undefined ? null : parseJson(literal);
    return typeof value === "string" ? value : null;
  }

  get isOfSubagent(): boolean {
    return /"source":\{"subagent"|"thread_source":"subagent"/.test(this.#text);
  }
}

function cwdOf(records: readonly RolloutRecord[]): string | null {
  const context = records.find(
    ({ kind, payload }) => kind.type === "turn_context" && textField(payload, "cwd") !== null,
  );
  return context === undefined ? null : textField(context.payload, "cwd");
}

/** Whether another agent began the turn of a record (0.169). */
function isOfSubagent({ payload }: RolloutRecord): boolean {
  const attribution = fieldsField(payload, "turn_attribution");
  return attribution !== null && textField(attribution, "parent_turn_id") !== null;
}
