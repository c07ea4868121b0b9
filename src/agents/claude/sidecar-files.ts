// What Claude Code keeps beside a log: `<session>/subagents/agent-<id>.jsonl` with `.meta.json`, and outputs too large
// for the log in `<session>/tool-results/`. Older versions put `agent-<id>.jsonl` beside the log itself. A copy of the
// log has them in the same places.
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { ifReadable } from "../../system/errors.ts";
import { parseJson } from "../../system/json.ts";
import { readEnd, readSmallFile, readStart } from "../../system/regular-file.ts";
import { asFields, textField } from "../fields.ts";

/** The log of a subagent. */
export interface AgentLog {
  id: string;
  path: string;
  /** The call that began it, where that is told. */
  call: string | null;
}

const AGENT = /^agent-([\w-]{1,200})\.jsonl$/;
const MAX_META_BYTES = 64 * 1024;
/** More of an output is left out at its front: how a command went it tells at its end. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Where a line tells whose it is. */
const OWNER_BYTES = 4096;

/** The logs of a session's subagents, sorted, but for those beside the log itself. */
export function listAgentLogs(log: string): AgentLog[] {
  const folder = join(folderOf(log), "subagents");
  return namesBelow(folder).flatMap((name) => {
    const id = AGENT.exec(basename(name))?.[1];
    if (id === undefined) return [];
    const path = join(folder, name);
    const meta = asFields(parseJson(readSmallFile(path.replace(/\.jsonl$/, ".meta.json"), MAX_META_BYTES) ?? ""));
    return { id, path, call: meta === null ? null : textField(meta, "toolUseId") };
  });
}

/** The log of a subagent beside the session's own, as older versions have it; null where it is another session's. */
export function findAgentBeside(log: string, id: string): AgentLog | null {
  const name = `agent-${id}.jsonl`;
  return AGENT.test(name) && isOfSession(log, name) ? { id, path: join(dirname(log), name), call: null } : null;
}

/** The end of an output that was too large for the log, by the path the log has. */
export function readPersisted(log: string, path: string): string | null {
  return readEnd(join(folderOf(log), "tool-results", path.replace(/^.*[\\/]/, "")), MAX_OUTPUT_BYTES);
}

/** Everything a log is not whole without, as paths relative to the log's folder. */
export function companionsOf(log: string): string[] {
  const session = basename(folderOf(log));
  const kept = ["subagents", "tool-results"].flatMap((folder) =>
    namesBelow(join(folderOf(log), folder)).map((name) => join(session, folder, name)),
  );
  return [...kept, ...agentsBeside(log)];
}

function agentsBeside(log: string): string[] {
  return (readableNames(dirname(log)) ?? []).filter((name) => AGENT.test(name) && isOfSession(log, name));
}

function isOfSession(log: string, name: string): boolean {
  const start = readStart(join(dirname(log), name), OWNER_BYTES) ?? "";
  return start.toLowerCase().includes(`"sessionid":"${basename(folderOf(log)).toLowerCase()}"`);
}

function folderOf(log: string): string {
  return log.replace(/\.jsonl(?:\.zst)?$/, "");
}

/** The files in a folder and below it, links left out. */
function namesBelow(folder: string): string[] {
  const entries = ifReadable(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isFile()) return entry.name;
      return entry.isDirectory() ? namesBelow(join(folder, entry.name)).map((name) => join(entry.name, name)) : [];
    });
}
