// Why an evaluation failed. Structure decides first (how the program ended), the wording of its message second.
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
  /** A lower-case fragment for people, with what to do where we know it. */
  message: string;
  /** When a usage limit ends, ISO 8601 UTC, where the message tells. */
  retryAt: string | null;
  /** The end of what the evaluator printed to standard error; empty when nothing. */
  stderrTail: string;
}

/**
 * What the messages of each class have in common, in normalised text. Gathered from recorded outputs of Codex 0.42
 * to 0.169 and from its sources; codex gives no machine-readable code, and its wording changes between versions.
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

/**
 * Why a program that was asked gave no answer: `reported` is what it said in its events, `complaint` what it wrote
 * to standard error, which only counts where it reported nothing.
 */
export function classifyExit(
  { code, notFound, timedOut }: Pick<RunResult, "code" | "notFound" | "timedOut">,
  reported: string | null,
  complaint: string,
): FailureClass {
  if (notFound) return "not_found";
  if (timedOut) return "timeout";
  if (reported !== null) return classifyMessage(reported);
  // 126 and 127: the script that starts the program found no interpreter, or something it may not run.
  if (code === 126 || code === 127) return "not_found";
  return code === 0 ? "bad_output" : classifyMessage(complaint);
}

/** The class that the wording of a message tells. */
export function classifyMessage(message: string): FailureClass {
  const text = normalize(message);
  return WORDING.find(([, wording]) => wording.test(text))?.[0] ?? "other";
}

/** When to try again; only a usage limit says. */
export function retryAtOf(failureClass: FailureClass, message: string, now: Date): string | null {
  return failureClass === "usage_limit" ? parseRetryAt(normalize(message), now) : null;
}

/** Codex 0.169 writes curly apostrophes where 0.101 had straight ones. */
function normalize(message: string): string {
  return message
    .slice(0, 20_000)
    .replace(/[\u2018\u2019\u201b\u02bc]/g, "'")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
