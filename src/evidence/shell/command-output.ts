// Where a command's output goes, and what the output of a whole script tells about the exit statuses of its commands.
import type { Command, CommandArgument, Redirection, Word, WordPart } from "unbash";
import type { ExecPath, ExecPaths } from "./exec-paths.ts";
import { gitTraitsOf, traitsOf } from "./programs.ts";
import type { ShellWord } from "./words.ts";

/**
 * Which evidence of success to accept besides exit statuses. `no-error`: a command that always reports its errors
 * succeeded if the output holds none of its errors. `no-error-and-echo`: in addition, an `echo` ran only if the output
 * holds its text.
 */
export type Trust = "nothing" | "no-error" | "no-error-and-echo";

/** A file a command's output went to. */
export interface OutputFile {
  target: ShellWord;
  append: boolean;
}

/** The files that redirections write to, without devices and copies of descriptors (`2>&1`). */
export function outputFiles(redirects: readonly Redirection[], read: (word: Word) => ShellWord[]): OutputFile[] {
  const outputs: OutputFile[] = [];
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || redirect.target === undefined || !redirect.operator.includes(">")) continue;
    const [target] = read(redirect.target);
    if (target === undefined || target.value?.startsWith("/dev/")) continue;
    if (redirect.operator === ">&" && /^(\d+|-)$/.test(target.value ?? "")) continue;
    outputs.push({ target, append: redirect.operator === ">>" || redirect.operator === "&>>" });
  }
  return outputs;
}

/** Whether error messages are missing from the output that the log keeps. */
function silencesErrors(redirects: readonly Redirection[]): boolean {
  let outputElsewhere = false;
  let silenced = false;
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || !redirect.operator.includes(">")) continue;
    const number = redirect.descriptor?.type === "FileDescriptor" ? redirect.descriptor.value : 1;
    const copied = redirect.operator === ">&" && /^\d+$/.test(redirect.target?.value ?? "");
    if (redirect.operator.startsWith("&>") || (redirect.operator === ">&" && !copied)) return true;
    if (number === 2) silenced = copied ? outputElsewhere : true;
    else if (number === 1) outputElsewhere = !copied;
  }
  return silenced;
}

/** Options that make a git command answer with its exit status. */
const ANSWERING = /^(--exit-code|--quiet|-q|--verify|--check)$/;

/**
 * Whether a command surely succeeded because the output holds no error message of this command. If `cd web && npm test`
 * ends with exit status 1 and `cd` printed no error, the test failed and the folder is not missing.
 */
export function reportedNoError(
  { inner, program }: { inner: readonly ShellWord[]; program: string },
  redirects: readonly Redirection[],
  output: string,
): boolean {
  if (program === "true" || program === ":" || program === "echo" || program === "printf") return true;
  if (silencesErrors(redirects)) return false;
  if (traitsOf(program).reportsErrors) return !holdsMessageOf(program === "." ? "source" : program, output);
  if (program !== "git" || inner.some((word) => ANSWERING.test(word.source))) return false;
  const { reportsErrors = false } = gitTraitsOf(inner[1]?.value ?? "");
  return reportsErrors && !/^(fatal|error|usage|hint): |^ ! \[/m.test(output);
}

function holdsMessageOf(program: string, output: string): boolean {
  for (let at = output.indexOf(`${program}: `); at !== -1; at = output.indexOf(`${program}: `, at + 1)) {
    const before = output[at - 1];
    if (before === undefined || before === "\n" || before === " " || before === "/") return true;
  }
  return false;
}

/** What a `$?`-like expansion stands for: the last status, the first one of a pipeline, or a variable. */
export type StatusSource = { of: "last" } | { of: "head" } | { of: "saved"; name: string };

/** The status that a word expands to, whether it is quoted or not; null if the word is anything else. */
export function statusSource(word: Word | undefined): StatusSource | null {
  const parts = flatten(word?.parts ?? []);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? sourceOfPart(only) : null;
}

/** Whether that status is a failure on this path; undefined where it is unknown. */
export function sourceFailed(path: ExecPath, source: StatusSource): boolean | undefined {
  if (source.of === "last") return path.failed;
  if (source.of === "head") return path.headFailed;
  return path.saved.get(source.name);
}

/** The paths after `exit` or `return`: its status is a number, a status the script saved, or unknown. */
export function pathsAfterExit(
  flow: "exit" | "return",
  node: Command,
  words: readonly ShellWord[],
  path: ExecPath,
): ExecPaths {
  const argument = node.args[0];
  const source = argument?.type === "Word" ? statusSource(argument) : null;
  const known = argument === undefined ? path.failed : source === null ? undefined : sourceFailed(path, source);
  const number = words[1]?.value ?? "";
  const failed = known ?? (/^\d+$/.test(number) ? Number(number) !== 0 : null);
  return (failed === null ? [true, false] : [failed]).map((value) => ({ ...path, flow, failed: value }));
}

/** The status that an `echo "exit: $?"` printed; null if it printed none or printed different ones. */
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
  const pattern = RegExp.escape(line).replaceAll(STATUS, "(\\d{1,3})").replaceAll(ANYTHING, ".*");
  const answers = new Set<boolean>();
  for (const match of output.matchAll(new RegExp(`^${pattern}\\s*$`, "gm"))) answers.add(Number(match[1]) !== 0);
  const [failed] = answers;
  return answers.size === 1 && failed !== undefined ? { source, failed } : null;
}

/** Whether the output may hold the text of an `echo`: `npm test && echo ok || echo bad` shows whether the test passed. */
export function mayHavePrinted(args: readonly ShellWord[], output: string): boolean {
  if (args.some(({ value }) => value === null || /^-|\\/.test(value))) return true;
  const line = args.map(({ value }) => value).join(" ");
  return output.includes(line.trim());
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
  if (part.type === "SimpleExpansion") return sourceNamed(part.text.slice(1));
  if (part.type !== "ParameterExpansion" || part.operation !== undefined || part.prefix !== undefined) return null;
  if (part.index === undefined) return sourceNamed(part.parameter);
  // Bash counts from 0, zsh (in lower case) from 1.
  const head = part.parameter === "PIPESTATUS" ? "0" : part.parameter === "pipestatus" ? "1" : null;
  return part.index.value === head ? { of: "head" } : null;
}

function sourceNamed(name: string): StatusSource | null {
  if (name === "?") return { of: "last" };
  return /^[A-Za-z_]\w*$/.test(name) ? { of: "saved", name } : null;
}
