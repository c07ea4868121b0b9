// What a program that gave no answer means, in a failure's words.
import { TextCleaner } from "../digest/text.ts";
import type { RunResult } from "../system/spawn.ts";
import { classifyExit, type Failure, type FailureClass, retryAtOf } from "./failure.ts";
import type { CliEvaluator, CliReply } from "./program.ts";

const MESSAGE_LENGTH = 500;
const STDERR_LINES = 20;
const STDERR_LENGTH = 2_000;

interface Details {
  stderr?: string;
  /** The user's home folder, which the failure must not name. */
  home: string;
  /** What to do, where that is not what to do for the class. */
  hint?: string | undefined;
}

/** A failure with text fit for `failures.jsonl`: short, without secrets, home paths and control characters. */
export function failureOf(
  { hints }: Pick<CliEvaluator, "hints">,
  failureClass: FailureClass,
  message: string,
  details: Details,
): Failure {
  const { stderr = "", home, hint = hints[failureClass] } = details;
  const cleaner = new TextCleaner({ home });
  return {
    class: failureClass,
    message: cleaner.short(message.replace(/\s+/g, " "), MESSAGE_LENGTH) + (hint === undefined ? "" : ` (${hint})`),
    retryAt: retryAtOf(failureClass, message, new Date()),
    stderrTail: cleaner.tail(stderr, STDERR_LINES, STDERR_LENGTH),
  };
}

/** The failure a process ended with; `reply` is null when it was asked for none. */
export function failureOfRun(
  program: Pick<CliEvaluator, "name" | "hints">,
  result: RunResult,
  reply: Extract<CliReply, { answer: null }> | null,
  home: string,
): Failure {
  const reported = reply?.reported ?? null;
  const complaint = lastErrorLine(result.stderr);
  const byExit = classifyExit(result, reported, complaint);
  const failureClass = result.timedOut || result.notFound ? byExit : (reply?.failureClass ?? byExit);
  const message = messageOf(program.name, result, failureClass, { reported, complaint });
  return failureOf(program, failureClass, message, { stderr: result.stderr, home });
}

function messageOf(
  name: string,
  result: RunResult,
  failureClass: FailureClass,
  said: { reported: string | null; complaint: string },
): string {
  const told = said.reported ?? said.complaint;
  const reason = told === "" ? "" : `: ${told}`;
  if (failureClass === "timeout")
    return `${name} gave no answer within ${(result.durationMs / 1000).toFixed(0)} s${reason}`;
  if (failureClass === "not_found") return `${name} cannot be run${reason}`;
  if (failureClass === "bad_output") return said.reported ?? `${name} ended without an answer`;
  if (told !== "") return told;
  return result.signal === null ? `${name} ended with status ${result.code}` : `${name} was ended by ${result.signal}`;
}

/** The last line that is no warning; Codex warns about its isolated home. */
function lastErrorLine(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^warning\b/i.test(line)) ?? "";
}
