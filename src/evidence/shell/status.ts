// Where a script itself speaks of an exit status: `exit $?`, `rc=$?`, `echo "exit: ${PIPESTATUS[0]}"`.
import type { CommandArgument, Word, WordPart } from "unbash";
import type { Course } from "./courses.ts";
import type { ShellWord } from "./words.ts";

/** What a `$?`-like expansion stands for. */
export type StatusSource = { of: "last" } | { of: "head" } | { of: "saved"; name: string };

/** The status a word consists of, quotes aside; null where it is anything else. */
export function statusSource(word: Word | undefined): StatusSource | null {
  const parts = flatten(word?.parts ?? []);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? sourceOfPart(only) : null;
}

/** Whether that status is a failure in this course of events; undefined where the course does not know. */
export function sourceFailed(course: Course, source: StatusSource): boolean | undefined {
  if (source.of === "last") return course.failed;
  if (source.of === "head") return course.headFailed;
  return course.saved.get(source.name);
}

/** What an `echo` that prints a status turned out to print. Two different answers are no answer. */
export function echoedStatus(
  args: readonly CommandArgument[],
  output: string,
): { source: StatusSource; failed: boolean } | null {
  let source: StatusSource | null = null;
  let template = "";
  for (const arg of args) {
    if (arg.type !== "Word") return null;
    if (/^-[neE]+$/.test(arg.text)) continue;
    template += template === "" ? "" : " ";
    if (arg.parts === undefined) template += arg.value;
    for (const part of flatten(arg.parts ?? [])) {
      const found: StatusSource | null = source === null ? sourceOfPart(part) : null;
      if (found !== null) source = found;
      template += found === null ? literal(part) : STATUS;
    }
  }
  if (source === null) return null;
  const line = template.split(/\\n|\n/).find((segment) => segment.includes(STATUS));
  if (line === undefined) return null;
  const pattern = line
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll(STATUS, "(\\d{1,3})")
    .replaceAll(ANYTHING, ".*");
  const answers = new Set<boolean>();
  for (const match of output.matchAll(new RegExp(`^${pattern}\\s*$`, "gm"))) answers.add(Number(match[1]) !== 0);
  const [failed] = answers;
  return answers.size === 1 && failed !== undefined ? { source, failed } : null;
}

/** Whether the output holds what an `echo` says: `npm test && echo ok || echo bad` tells how it went. */
export function mayHavePrinted(args: readonly ShellWord[], output: string): boolean {
  if (args.some(({ value }) => value === null || /^-|\\/.test(value))) return true;
  return output.includes(
    args
      .map(({ value }) => value)
      .join(" ")
      .trim(),
  );
}

const STATUS = "\u0000";
const ANYTHING = "\u0001";

function literal(part: WordPart): string {
  return part.type === "Literal" || part.type === "SingleQuoted" || part.type === "AnsiCQuoted" ? part.value : ANYTHING;
}

function flatten(parts: readonly WordPart[]): WordPart[] {
  return parts.flatMap((part) => (part.type === "DoubleQuoted" ? flatten(part.parts) : [part]));
}

function sourceOfPart(part: WordPart): StatusSource | null {
  if (part.type === "SimpleExpansion") return named(part.text.slice(1));
  if (part.type !== "ParameterExpansion" || part.operation !== undefined || part.prefix !== undefined) return null;
  if (part.index === undefined) return named(part.parameter);
  // Bash counts from 0, zsh (in lower case) from 1.
  const head = part.parameter === "PIPESTATUS" ? "0" : part.parameter === "pipestatus" ? "1" : null;
  return part.index.value === head ? { of: "head" } : null;
}

function named(name: string): StatusSource | null {
  if (name === "?") return { of: "last" };
  return /^[A-Za-z_]\w*$/.test(name) ? { of: "saved", name } : null;
}
