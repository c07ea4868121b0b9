// The sidecar files of a log: subagents' logs in `<session>/subagents/agent-<id>.jsonl` with a `.meta.json`, and outputs
// too large for the log in `<session>/tool-results/`. Older versions put `agent-<id>.jsonl` beside the log. A copy of the
// log has them in the same places.
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { ifReadable } from "../../system/errors.ts";
import { parseJson } from "../../system/json.ts";
import { readEnd, readSmallFile, readStart } from "../../system/regular-file.ts";
import { asFields, textField } from "../fields.ts";

/** The log of a subagent. */
export interface SubagentLog {
  id: string;
  path: string;
  /** The id of the call that started it; null where it is not recorded. */
  call: string | null;
}

const AGENT = /^agent-([\w-]{1,200})\.jsonl$/;
const MAX_META_BYTES = 64 * 1024;
/** Of a longer output, only the end is kept: it shows the outcome of the command. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** How many first bytes of a log are searched for its session id. */
const OWNER_BYTES = 4096;

/** The logs of a session's subagents, sorted, without those beside the log itself. */
export function listSubagentLogs(log: string): SubagentLog[] {
  const folder = join(sessionFolder(log), "subagents");
  return namesBelow(folder).flatMap((name) => {
    const id = AGENT.exec(basename(name))?.[1];
    if (id === undefined) return [];
    const path = join(folder, name);
    const meta = asFields(parseJson(readSmallFile(path.replace(/\.jsonl$/, ".meta.json"), MAX_META_BYTES) ?? ""));
    return { id, path, call: meta === null ? null : textField(meta, "toolUseId") };
  });
}

/** The log of a subagent beside the session's own (older versions); null when it belongs to another session. */
export function findSubagentLogBeside(log: string, id: string): SubagentLog | null {
  const name = `agent-${id}.jsonl`;
  return AGENT.test(name) && isOfSession(log, name) ? { id, path: join(dirname(log), name), call: null } : null;
}

/** The end of an output that was too large for the log, by the path in the log; null when the file is gone. */
export function readPersistedOutput(log: string, path: string): string | null {
  return readEnd(join(sessionFolder(log), "tool-results", path.replace(/^.*[\\/]/, "")), MAX_OUTPUT_BYTES);
}

/** All sidecar files of a log, as paths relative to the log's folder. */
export function sidecarFiles(log: string): string[] {
  const session = basename(sessionFolder(log));
  const kept = ["subagents", "tool-results"].flatMap((folder) =>
    namesBelow(join(sessionFolder(log), folder)).map((name) => join(session, folder, name)),
  );
  return [...kept, ...subagentLogsBeside(log)];
}

function subagentLogsBeside(log: string): string[] {
  return (readableNames(dirname(log)) ?? []).filter((name) => AGENT.test(name) && isOfSession(log, name));
}

function isOfSession(log: string, name: string): boolean {
  const start = readStart(join(dirname(log), name), OWNER_BYTES) ?? "";
  return start.toLowerCase().includes(`"sessionid":"${basename(sessionFolder(log)).toLowerCase()}"`);
}

function sessionFolder(log: string): string {
  return log.replace(/\.jsonl(?:\.zst)?$/, "");
}

/** The files in a folder and its subfolders, without symbolic links. */
function namesBelow(folder: string): string[] {
  const entries = ifReadable(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isFile()) return entry.name;
      return entry.isDirectory() ? namesBelow(join(folder, entry.name)).map((name) => join(entry.name, name)) : [];
    });
}
