// The files that calls of MCP tools may have edited. The log does not say what such a tool does: a path among its
// arguments counts if git shows that the file changed and the file contains a text of the call.
import { join } from "node:path";
import type { ToolEvent } from "../../events/event.ts";
import { readStart } from "../../system/regular-file.ts";
import type { Repository } from "../git/repository.ts";
import type { ProjectPaths } from "./project-paths.ts";
import type { TimelineItem } from "./timeline.ts";

/** Both tools name the calls of MCP servers `mcp__<server>__<tool>`. */
const MCP_CALL = /^mcp__/;
const PATH_KEY = /path|file|uri|target|source|destination/i;
const PATH = /^(?:file:\/\/)?[^\s:*?"<>|][^\n:*?"<>|]{0,399}$/;
const MAX_PATHS = 20;
const MAX_DEPTH = 4;
/** Shorter texts are in many files. */
const MIN_TEXT = 2;
const MAX_TEXT = 64 * 1024;
const MAX_FILE = 1024 * 1024;

/** A file that a call named. */
export interface NamedByCall {
  /** Where its item is in the timeline. */
  index: number;
  /** The other texts of the call, one of which the file contains if the call wrote it. */
  texts: readonly string[];
}

export function isMcpCall({ name }: ToolEvent): boolean {
  return MCP_CALL.test(name);
}

/** The files that a call of an MCP tool names, with its other texts; none if it failed. */
export function filesNamedBy({ input, outcome }: ToolEvent): { path: string; texts: readonly string[] }[] {
  if (outcome !== "ok" && outcome !== "unknown") return [];
  const paths = new Set<string>();
  const texts: string[] = [];
  const visit = (value: unknown, key: string, depth: number) => {
    if (typeof value === "string") {
      if (PATH_KEY.test(key) && PATH.test(value)) paths.add(value.replace(/^file:\/\//, ""));
      else if (value.trim().length >= MIN_TEXT || value.endsWith("\n")) texts.push(value.slice(0, MAX_TEXT));
    } else if (Array.isArray(value)) {
      for (const one of value) visit(one, key, depth);
    } else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
      for (const [name, one] of Object.entries(value)) visit(one, name, depth + 1);
    }
  };
  visit(input, "", 0);
  return [...paths].slice(0, MAX_PATHS).map((path) => ({ path, texts }));
}

/** Such a file in the timeline: snapshots, or `proveEdits`, show whether it changed. */
export function mcpItem(path: string): TimelineItem {
  return { item: "operation", operation: { kind: "write", path }, grade: "unfinished" };
}

/** The timeline in which the edits count that git and the content of the files confirm. */
export async function proveEdits(
  timeline: readonly TimelineItem[],
  named: readonly NamedByCall[],
  repository: Repository,
  paths: ProjectPaths,
): Promise<readonly TimelineItem[]> {
  const located = named.flatMap((one) => {
    const item = timeline[one.index];
    if (item?.item !== "operation" || item.operation.kind !== "write") return [];
    const place = paths.locate(item.operation.path);
    return "inside" in place ? [{ ...one, item, inside: place.inside }] : [];
  });
  if (located.length === 0) return timeline;
  const changed = await repository.changedFiles([...new Set(located.map(({ inside }) => inside))]);
  const proven = new Map<number, TimelineItem>();
  for (const { index, item, inside, texts } of located) {
    if (!changed.has(inside)) continue;
    const content = readStart(join(repository.root, inside), MAX_FILE);
    const isWritten = content !== null && texts.some((text) => content.includes(text));
    if (isWritten) proven.set(index, { ...item, grade: "command" });
  }
  return timeline.map((item, index) => proven.get(index) ?? item);
}
