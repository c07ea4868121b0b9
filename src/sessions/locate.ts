// Which log a run left: by session id where it is known, else by place and time. Never a coin toss.

import { claudeHome, listClaudeLogs, sessionIdOfLog } from "../agents/claude/paths.ts";
import { codexHome, listRollouts, sessionIdOfPath } from "../agents/codex/paths.ts";
import { type LogSummary, lastTimestamp, mapParallel, readHeads } from "../agents/log-heads.ts";
import { TOOL_NAMES, type Tool } from "../agents/tools.ts";
import { instantOf } from "../events/timestamps.ts";
import { ExpectedError } from "../system/errors.ts";
import { knownCommits, PathCache, PLACE_RULES, type PlaceRule, worktreesOf } from "./path-cache.ts";
import { MARGIN_MS, overlaps, score } from "./score.ts";

export interface LocateQuery {
  tool: Tool;
  cwd: string;
  projectRoot: string;
  start: string | null;
  end: string | null;
  sessionId: string | null;
  /** The log, where it is known already. */
  bound?: BoundLog | undefined;
  env: Record<string, string | undefined>;
  home: string;
}

/**
 * How a run was tied to its log without guessing: it went on with that session, its id was chosen beforehand, the tool
 * held the log open, the tool's record of its own process named the session, or the log is the only one that appeared
 * meanwhile.
 */
export const BOUND_RULES = ["resumed", "session-id", "open-file", "process-record", "new-file"] as const;
export type BoundRule = (typeof BOUND_RULES)[number];

/** A log that is known to be the one. */
export interface BoundLog {
  path: string;
  rule: BoundRule;
}

/** A log that may be the one. */
export interface Candidate {
  path: string;
  sessionId: string;
  cwd: string | null;
  /** Times of its first and last record. */
  first: string | null;
  last: string | null;
  /** Smaller is better, in milliseconds; without a window, how much earlier than the newest it ended. */
  score: number;
}

/** What was chosen, by which rule, and how close the others came: `source_match.json`. */
export interface SourceMatch extends Candidate {
  tool: Tool;
  rule: BoundRule | PlaceRule;
  runnersUp: Candidate[];
  /** How many logs were looked at. */
  considered: number;
  /** What was asked for. */
  query: { cwd: string; projectRoot: string; start: string | null; end: string | null; sessionId: string | null };
}

const HOME_VARIABLES = { codex: "CODEX_HOME", claude: "CLAUDE_CONFIG_DIR" };
const MAX_RUNNERS_UP = 5;
const MAX_MISSES = 3;

/** Finds the log of a run. Nothing fitting, and several fitting equally well, are errors that name the logs. */
export async function locate(query: LocateQuery): Promise<SourceMatch> {
  if (query.bound !== undefined) return await asBound(query, query.bound);
  const { home, paths } = await listLogs(query);
  const sessionId = query.sessionId?.trim().toLowerCase() ?? null;
  return sessionId === null ? byPlaceAndTime(query, home, paths) : bySessionId(query, home, paths, sessionId);
}

/** Every log of the tool, and the folder of its own files. */
async function listLogs({ tool, env, home }: LocateQuery): Promise<{ home: string; paths: string[] }> {
  const folder = tool === "claude" ? claudeHome(env, home) : codexHome(env, home);
  return { home: folder, paths: tool === "claude" ? listClaudeLogs(folder) : await listRollouts(folder) };
}

async function asBound(query: LocateQuery, { path, rule }: BoundLog): Promise<SourceMatch> {
  const known = await readHeads(query.tool, [path]);
  if (known.length === 0) {
    throw new ExpectedError(`\`${path}\` is no ${TOOL_NAMES[query.tool]} session log, or is gone`);
  }
  return choose(query, rule, await measure(query.tool, known), known.length);
}

async function bySessionId(
  query: LocateQuery,
  home: string,
  paths: readonly string[],
  sessionId: string,
): Promise<SourceMatch> {
  const { tool } = query;
  const idOf = tool === "claude" ? sessionIdOfLog : sessionIdOfPath;
  const named = await readHeads(
    tool,
    paths.filter((path) => idOf(path)?.toLowerCase() === sessionId),
  );
  const known = named.length > 0 ? named : await readHeads(tool, paths);
  const found = known.filter(({ head }) => head.sessionId.toLowerCase() === sessionId);
  if (found.length === 0) {
    throw new ExpectedError(
      `no ${TOOL_NAMES[tool]} session \`${sessionId}\` among ${count(paths.length)} under \`${home}\``,
      {
        hint: "run `ctx find-source` without `--session-id` to see what is there",
      },
    );
  }
  return choose(query, "session-id", await measure(tool, found), paths.length);
}

async function byPlaceAndTime(query: LocateQuery, home: string, paths: readonly string[]): Promise<SourceMatch> {
  const known = (await readHeads(query.tool, paths)).filter(({ head }) => head.parent === null);
  const inTime = known.filter(({ head }) => overlaps({ first: head.startedAt, last: null }, query));
  const places = new PathCache();
  const roots = await worktreesOf(query.projectRoot);
  const rules = await mapParallel(known, ({ head }) => places.ruleOf(head.cwd, query.cwd, roots));
  const ruleOf = new Map(known.map((log, index) => [log, rules[index] ?? null]));
  for (const rule of PLACE_RULES) {
    const there =
      rule === "repository" ? await ofRepository(query, inTime) : inTime.filter((log) => ruleOf.get(log) === rule);
    const fitting = (await measure(query.tool, there)).filter((candidate) => overlaps(candidate, query));
    if (fitting.length > 0) return choose(query, rule, fitting, paths.length);
  }
  const here = known.filter((log) => ruleOf.get(log) !== null);
  throw await nothingFound(query, home, paths.length, here.length > 0 ? here : known);
}

/** The repository was moved or cloned elsewhere: the commit the session began at is still in it. */
async function ofRepository(query: LocateQuery, logs: readonly LogSummary[]): Promise<LogSummary[]> {
  const commits = logs.flatMap(({ head }) => head.git.commit ?? []);
  const known = await knownCommits(query.projectRoot, commits);
  return logs.filter(({ head }) => head.git.commit !== null && known.has(head.git.commit));
}

/** Reads how long the logs go. */
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
  // Copies of one session differ only in how far they go.
  const timed = query.bound === undefined && rule !== "session-id" && (query.start !== null || query.end !== null);
  const newest = Math.max(...found.map(({ last }) => instantOf(last) ?? 0));
  const [best, ...others] = found
    .map((candidate) => ({
      ...candidate,
      score: timed ? score(candidate, query) : newest - (instantOf(candidate.last) ?? 0),
    }))
    .sort((a, b) => a.score - b.score);
  if (best === undefined) throw new Error("nothing to choose from");
  const alike = others.filter((other) => other.score - best.score < (timed ? MARGIN_MS : 1));
  if (alike.length > 0) throw ambiguous([best, ...alike]);
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
    { hint: `name the right one with \`--session-id\`, for example \`--session-id ${candidates[0]?.sessionId}\`` },
  );
}

async function nothingFound(
  query: LocateQuery,
  home: string,
  considered: number,
  logs: readonly LogSummary[],
): Promise<ExpectedError> {
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
  const nearest = misses.length === 0 ? "" : `; the nearest of them:\n${misses.join("\n")}`;
  return new ExpectedError(
    `no ${TOOL_NAMES[query.tool]} session of \`${query.cwd}\`${window} among ${count(considered)} under \`${home}\`${nearest}`,
    {
      hint:
        misses.length === 0
          ? `set \`${HOME_VARIABLES[query.tool]}\` if ${TOOL_NAMES[query.tool]} keeps its files elsewhere`
          : "check `--cwd`, `--start` and `--end`, or name the session with `--session-id`",
    },
  );
}

function describeCandidate({ path, sessionId, cwd, first, last, score }: Candidate): string {
  return `  ${sessionId} in \`${cwd ?? "?"}\`, ${first ?? "?"} to ${last ?? "?"}, score ${score}: \`${path}\``;
}

function count(logs: number): string {
  return logs === 1 ? "1 log" : `${logs} logs`;
}
