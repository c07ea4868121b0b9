// Finds the log of a run: by session id if it is known, else by folder and time. If several logs fit equally well, that
// is an error.
import type { BoundLog, BoundRule } from "../agents/binding.ts";
import { mapParallel, readHeads } from "../agents/log-heads.ts";
import type { DamagedLog, LogSummary } from "../agents/log-reader.ts";
import { agentOf, readerOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { instantOf } from "../events/timestamps.ts";
import { debug } from "../system/debug.ts";
import { ExpectedError } from "../system/errors.ts";
import { plural } from "../system/plural.ts";
import { FOLDER_RULES, FolderMatcher, type FolderRule, knownCommits, worktreesOf } from "./folder-match.ts";
import { lastTimestamp } from "./read.ts";
import { MARGIN_MS, overlaps, score } from "./score.ts";

export interface LocateQuery {
  tool: Tool;
  cwd: string;
  projectRoot: string;
  start: string | null;
  end: string | null;
  sessionId: string | null;
  /** The log, if it is already known. */
  bound?: BoundLog | undefined;
  env: Record<string, string | undefined>;
  home: string;
}

/** A log that may be the run's. */
export interface Candidate {
  path: string;
  sessionId: string;
  cwd: string | null;
  /** Times of its first and last record. */
  first: string | null;
  last: string | null;
  /** In milliseconds, smaller is better. Without a window: how much earlier than the newest log it ended. */
  score: number;
}

/** The chosen log, the rule that chose it, and the scores of the others: `source_match.json`. */
export interface SourceMatch extends Candidate {
  tool: Tool;
  rule: BoundRule | FolderRule;
  runnersUp: Candidate[];
  /** How many logs were considered. */
  considered: number;
  /** Logs whose sessions are not known because they are damaged. */
  damaged?: DamagedLog[];
  query: { cwd: string; projectRoot: string; start: string | null; end: string | null; sessionId: string | null };
}

const MAX_RUNNERS_UP = 5;
const MAX_MISSES = 3;

/** Finds the log of a run. Throws an error that names the logs if none fits, or several fit equally well. */
export async function locate(query: LocateQuery): Promise<SourceMatch> {
  if (query.bound !== undefined) return await asBound(query, query.bound);
  const home = agentOf(query.tool).homeOf(query.env, query.home);
  const paths = await (await readerOf(query.tool)).listLogs(home);
  const sessionId = query.sessionId?.trim().toLowerCase() ?? null;
  const damaged: DamagedLog[] = [];
  try {
    const match = await (sessionId === null
      ? byFolderAndTime(query, home, paths, damaged)
      : bySessionId(query, home, paths, sessionId, damaged));
    return damaged.length === 0 ? match : { ...match, damaged };
  } catch (error) {
    if (!(error instanceof ExpectedError) || damaged.length === 0) throw error;
    throw withDamage(error, damaged);
  }
}

/** The log that was not found may be a damaged one. */
function withDamage({ message, hint, cause }: ExpectedError, damaged: readonly DamagedLog[]): ExpectedError {
  const lines = damaged.slice(0, MAX_MISSES).map(({ path, problem }) => `\n  skipped \`${path}\`: ${problem}`);
  const more = damaged.length > MAX_MISSES ? `\n  and ${damaged.length - MAX_MISSES} more damaged logs` : "";
  return new ExpectedError(`${message}${lines.join("")}${more}`, { ...(hint !== undefined && { hint }), cause });
}

async function asBound(query: LocateQuery, { path, rule }: BoundLog): Promise<SourceMatch> {
  const logs = await readHeads(await readerOf(query.tool), [path]);
  if (logs.length === 0) {
    throw new ExpectedError(`\`${path}\` is not a ${agentOf(query.tool).name} session log, or was removed`);
  }
  return choose(query, rule, await measure(query.tool, logs), logs.length);
}

async function bySessionId(
  query: LocateQuery,
  home: string,
  paths: readonly string[],
  sessionId: string,
  damaged: DamagedLog[],
): Promise<SourceMatch> {
  const { tool } = query;
  const reader = await readerOf(tool);
  const named = await readHeads(
    reader,
    paths.filter((path) => reader.sessionIdOfPath(path)?.toLowerCase() === sessionId),
  );
  const logs = named.length > 0 ? named : await readHeads(reader, paths, (log) => damaged.push(log));
  const found = logs.filter(({ head }) => head.sessionId.toLowerCase() === sessionId);
  if (found.length === 0) {
    throw new ExpectedError(
      `${agentOf(tool).name} session \`${sessionId}\` not found in ${plural(paths.length, "log")} under \`${home}\``,
      { hint: "leave out `--session-id` to find the session by folder and time" },
    );
  }
  return choose(query, "session-id", await measure(tool, found), paths.length);
}

async function byFolderAndTime(
  query: LocateQuery,
  home: string,
  paths: readonly string[],
  damaged: DamagedLog[],
): Promise<SourceMatch> {
  const reader = await readerOf(query.tool);
  const logs = (await readHeads(reader, paths, (log) => damaged.push(log))).filter(({ head }) => head.parent === null);
  const inTime = logs.filter(({ head }) => overlaps({ first: head.startedAt, last: null }, query));
  const matcher = new FolderMatcher();
  const roots = await worktreesOf(query.projectRoot);
  const rules = await mapParallel(logs, ({ head }) => matcher.ruleOf(head.cwd, query.cwd, roots));
  const ruleOf = new Map(logs.map((log, index) => [log, rules[index] ?? null]));
  for (const rule of FOLDER_RULES) {
    const there =
      rule === "repository" ? await ofRepository(query, inTime) : inTime.filter((log) => ruleOf.get(log) === rule);
    const fitting = (await measure(query.tool, there)).filter((candidate) => overlaps(candidate, query));
    if (fitting.length > 0) return choose(query, rule, fitting, paths.length);
  }
  const here = logs.filter((log) => ruleOf.get(log) !== null);
  throw await nothingFound(query, home, paths.length, here.length > 0 ? here : logs);
}

/** The sessions that started at a commit of this repository, which may have been moved or cloned elsewhere since. */
async function ofRepository(query: LocateQuery, logs: readonly LogSummary[]): Promise<LogSummary[]> {
  const commits = logs.flatMap(({ head }) => head.git.commit ?? []);
  const known = await knownCommits(query.projectRoot, commits);
  return logs.filter(({ head }) => head.git.commit !== null && known.has(head.git.commit));
}

/** Reads the times of the last records. */
async function measure(tool: Tool, logs: readonly LogSummary[]): Promise<Omit<Candidate, "score">[]> {
  return await mapParallel(logs, async ({ path, head }) => ({
    path,
    sessionId: head.sessionId,
    cwd: head.cwd,
    first: head.startedAt,
    last: await lastTimestamp(tool, path),
  }));
}

function choose(
  query: LocateQuery,
  rule: SourceMatch["rule"],
  found: readonly Omit<Candidate, "score">[],
  considered: number,
): SourceMatch {
  // Copies of one session differ only in when they end, so the most recent is chosen.
  const timed = query.bound === undefined && rule !== "session-id" && (query.start !== null || query.end !== null);
  const newest = Math.max(...found.map(({ last }) => instantOf(last) ?? 0));
  const [best, ...others] = found
    .map((candidate) => ({
      ...candidate,
      score: timed ? score(candidate, query) : newest - (instantOf(candidate.last) ?? 0),
    }))
    .sort((a, b) => a.score - b.score);
  if (best === undefined) throw new Error("no log to choose from");
  const alike = others.filter((other) => other.score - best.score < (timed ? MARGIN_MS : 1));
  if (alike.length > 0) throw ambiguous([best, ...alike]);
  debug("locate", () => {
    const runnersUp = others.map(({ path, score }) => `${path} (score ${score})`).join(", ") || "none";
    return `${best.path} by rule ${rule}, of ${considered} logs; runners-up: ${runnersUp}`;
  });
  const { cwd, projectRoot, start, end, sessionId } = query;
  return {
    tool: query.tool,
    ...best,
    rule,
    runnersUp: others.slice(0, MAX_RUNNERS_UP),
    considered,
    query: { cwd, projectRoot, start, end, sessionId },
  };
}

function ambiguous(candidates: readonly Candidate[]): ExpectedError {
  return new ExpectedError(
    `${candidates.length} sessions match equally well\n${candidates.map(describeCandidate).join("\n")}`,
    { hint: `choose one with \`--session-id\`, for example \`--session-id ${candidates[0]?.sessionId}\`` },
  );
}

async function nothingFound(
  query: LocateQuery,
  home: string,
  considered: number,
  logs: readonly LogSummary[],
): Promise<ExpectedError> {
  const { name, homeVariable } = agentOf(query.tool);
  const near = logs
    .map((log) => ({ log, distance: score({ first: log.head.startedAt, last: log.head.startedAt }, query) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_MISSES)
    .map(({ log }) => log);
  const misses = (await measure(query.tool, near)).map((miss) =>
    describeCandidate({ ...miss, score: score(miss, query) }),
  );
  const window =
    query.start === null && query.end === null ? "" : ` between ${query.start ?? "…"} and ${query.end ?? "…"}`;
  const nearest = misses.length === 0 ? "" : `; the nearest:\n${misses.join("\n")}`;
  return new ExpectedError(
    `no ${name} session of \`${query.cwd}\`${window} in ${plural(considered, "log")} under \`${home}\`${nearest}`,
    {
      hint:
        misses.length === 0
          ? `set \`${homeVariable}\` if ${name} keeps its files elsewhere`
          : "check `--cwd`, `--start` and `--end`, or choose the session with `--session-id`",
    },
  );
}

function describeCandidate({ path, sessionId, cwd, first, last, score }: Candidate): string {
  return `  ${sessionId} in \`${cwd ?? "?"}\`, ${first ?? "?"} to ${last ?? "?"}, score ${score}: \`${path}\``;
}
