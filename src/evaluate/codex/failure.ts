// What a `codex` that gave no answer means, in a failure's words.
import { TextCleaner } from "../../evidence/digest-text.ts";
import type { RunResult } from "../../system/spawn.ts";
import { classifyExit, type Failure, type FailureClass, retryAtOf } from "../failure.ts";
import type { CodexOutput } from "./output.ts";

const MESSAGE_LENGTH = 500;
const STDERR_LINES = 20;
const STDERR_LENGTH = 2_000;

const HINTS: Partial<Record<FailureClass, string>> = {
  auth: "run `codex login`, or check the key of your model provider",
  not_found: "install codex, or name another evaluator",
};

interface Details {
  stderr?: string;
  /** The user's home folder, which the failure must not name. */
  home: string;
  /** What to do, where that is not what to do for the class. */
  hint?: string | undefined;
}

/** A failure with text fit for `failures.jsonl`: short, without secrets, home paths and control characters. */
export function failureOf(failureClass: FailureClass, message: string, details: Details): Failure {
  const { stderr = "", home, hint = HINTS[failureClass] } = details;
  const cleaner = new TextCleaner({ home });
  return {
    class: failureClass,
    message: cleaner.short(message.replace(/\s+/g, " "), MESSAGE_LENGTH) + (hint === undefined ? "" : ` (${hint})`),
    retryAt: retryAtOf(failureClass, message, new Date()),
    stderrTail: cleaner.tail(stderr, STDERR_LINES, STDERR_LENGTH),
  };
}

/** The failure a `codex` process ended with; `output` is null when it was asked for no events. */
export function failureOfRun(
  result: RunResult,
  output: Pick<CodexOutput, "error" | "lastError"> | null,
  home: string,
): Failure {
  const reported = output?.error ?? output?.lastError ?? null;
  const complaint = lastComplaint(result.stderr);
  const failureClass = classifyExit(result, reported, complaint);
  return failureOf(failureClass, messageOf(result, failureClass, reported ?? complaint), {
    stderr: result.stderr,
    home,
  });
}

function messageOf(result: RunResult, failureClass: FailureClass, complaint: string): string {
  const reason = complaint === "" ? "" : `: ${complaint}`;
  if (failureClass === "timeout")
    return `codex gave no answer within ${(result.durationMs / 1000).toFixed(0)} s${reason}`;
  if (failureClass === "not_found") return `codex cannot be run${reason}`;
  if (failureClass === "bad_output") return "codex ended without an answer";
  if (complaint !== "") return complaint;
  return result.signal === null ? `codex ended with status ${result.code}` : `codex was ended by ${result.signal}`;
}

/** The last line that is no warning; Codex warns about its isolated home. */
function lastComplaint(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^warning\b/i.test(line)) ?? "";
}
