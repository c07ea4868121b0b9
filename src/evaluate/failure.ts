// Why an evaluation failed. How the process ended decides first, then the wording of its message.
import { TextCleaner } from "../digest/clean-text.ts";
import type { RunResult } from "../system/spawn.ts";
import { parseRetryAt } from "./retry-at.ts";

export const FAILURE_CLASSES = [
  "usage_limit",
  "context_overflow",
  "auth",
  "timeout",
  "not_found",
  "bad_output",
  "other",
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

export interface Failure {
  class: FailureClass;
  /** A lower-case fragment for people, with a hint in parentheses if there is one. */
  message: string;
  /** When a usage limit ends, ISO 8601 UTC; null if the message does not say. */
  retryAt: string | null;
  /** The last lines of standard error; may be empty. */
  stderrTail: string;
}

const MESSAGE_LENGTH = 500;
const STDERR_LINES = 20;
const STDERR_LENGTH = 2_000;
/** The part of a message that is classified. */
const CLASSIFIED_LENGTH = 20_000;

/**
 * The wording of each class, in normalized text. Collected from recorded outputs of Codex 0.42 to 0.169 and from its
 * sources: Codex has no machine-readable error code, and its wording changes between versions.
 */
const WORDING: readonly [FailureClass, RegExp][] = [
  [
    "context_overflow",
    /ran out of room in the model's context window|context_length_exceeded|context window exceeded|exceeds? the (?:model's )?(?:context window|maximum (?:context )?length)|maximum context length|(?:input|prompt) is too long|string_above_max_length|413 payload too large/,
  ],
  [
    "usage_limit",
    /hit your usage limit|usage[_ ]limit[_ ](?:reached|exceeded)|usage_not_included|status:? 429|429 too many requests|\brate[_ ]limit(?:[_ ](?:reached|exceeded|error))?\b|quota exceeded|insufficient_quota|exceeded your current quota|out of credits|credit balance is too low|spend(?:ing)? (?:cap|limit)|billing hard limit|purchase more credits/,
  ],
  [
    "auth",
    /status:? 40[13]\b|401 unauthorized|403 forbidden|incorrect api key|invalid[_ ]api[_ ]key|authentication_error|not logged in|log ?in again|sign in again|refresh[_ ]token|access token could not be refreshed|token (?:has )?expired|missing environment variable/,
  ],
];

interface Named {
  name: string;
  /** What the user can do, by class. */
  hints: Partial<Record<FailureClass, string>>;
}

/** A failure whose texts may go to `failures.jsonl`: short, without secrets, home paths and control characters. */
export function createFailure(
  { hints }: Pick<Named, "hints">,
  failureClass: FailureClass,
  message: string,
  /** `home` is the user's home folder; `hint` replaces that of the class. */
  { stderr = "", home, hint = hints[failureClass] }: { stderr?: string; home: string; hint?: string | undefined },
): Failure {
  const cleaner = new TextCleaner({ home });
  const isLimit = failureClass === "usage_limit";
  return {
    class: failureClass,
    message: cleaner.short(message.replace(/\s+/g, " "), MESSAGE_LENGTH) + (hint === undefined ? "" : ` (${hint})`),
    retryAt: isLimit ? parseRetryAt(normalize(message), new Date()) : null,
    stderrTail: cleaner.tail(stderr, STDERR_LINES, STDERR_LENGTH),
  };
}

/** The failure of a process that gave no answer; `reply` is null if it was not asked for one. */
export function failureOfRun(
  evaluator: Named,
  result: RunResult,
  reply: { reported: string | null; failureClass: FailureClass | null } | null,
  home: string,
): Failure {
  const reported = reply?.reported ?? null;
  const errorLine = lastErrorLine(result.stderr);
  const byExit = classifyExit(result, reported, errorLine);
  const failureClass = result.timedOut || result.notFound ? byExit : (reply?.failureClass ?? byExit);
  const message = messageOf(evaluator.name, result, failureClass, reported, errorLine);
  return createFailure(evaluator, failureClass, message, { stderr: result.stderr, home });
}

/** `reported` is what the tool said in its output; `errorLine`, from standard error, counts only without that. */
function classifyExit(
  { code, notFound, timedOut }: RunResult,
  reported: string | null,
  errorLine: string,
): FailureClass {
  if (notFound) return "not_found";
  if (timedOut) return "timeout";
  if (reported !== null) return classifyMessage(reported);
  // 126 and 127: a launcher script found no interpreter, or found a file that is not executable.
  if (code === 126 || code === 127) return "not_found";
  return code === 0 ? "bad_output" : classifyMessage(errorLine);
}

/** The class that the wording of a message indicates. */
export function classifyMessage(message: string): FailureClass {
  const text = normalize(message);
  return WORDING.find(([, wording]) => wording.test(text))?.[0] ?? "other";
}

function messageOf(
  name: string,
  { code, signal, durationMs }: RunResult,
  failureClass: FailureClass,
  reported: string | null,
  errorLine: string,
): string {
  const reason = reported ?? errorLine;
  const suffix = reason === "" ? "" : `: ${reason}`;
  if (failureClass === "timeout") return `${name} did not answer within ${(durationMs / 1000).toFixed(0)} s${suffix}`;
  if (failureClass === "not_found") return `${name} cannot be run${suffix}`;
  if (failureClass === "bad_output") return reported ?? `${name} exited without an answer`;
  if (reason !== "") return reason;
  return signal === null ? `${name} exited with status ${code}` : `${name} was killed by ${signal}`;
}

/** The last line that is not a warning: Codex warns about its isolated home. */
function lastErrorLine(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^warning\b/i.test(line)) ?? "";
}

/** Codex 0.169 writes curly apostrophes where 0.101 had straight ones. */
function normalize(message: string): string {
  return message
    .slice(0, CLASSIFIED_LENGTH)
    .replace(/[\u2018\u2019\u201b\u02bc]/g, "'")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
