// Parses shell source, and reads words: their values after quote removal, where these are known without running them.
import { posix } from "node:path";
import { type Command, parse, type Redirection, type Script, type Word, type WordPart } from "unbash";
import { quoteWord } from "../../system/shell-quote.ts";

export interface ShellWord {
  /** As typed, quotes included. */
  source: string;
  /** After quote removal and brace expansion; null where an expansion or a glob decides what it becomes. */
  value: string | null;
  /** A word that matches file names: as a pattern with literal characters escaped, and as typed. */
  glob?: { pattern: string; literal: string };
}

/** The most words one brace expansion yields: `{1..9999999}` has no known value. */
const MAX_ALTERNATIVES = 64;

/** The value of a variable; null where it is unknown. */
export type Lookup = (name: string) => string | null;

/** One expansion of a typed word, as text and as a pattern. */
interface Alternative {
  text: string;
  pattern: string;
}

/** The parsed source; null where it has syntax errors. */
export function parseScript(source: string): Script | null {
  const script = parse(source);
  return script.errors === undefined || script.errors.length === 0 ? script : null;
}

/** The words one typed word becomes: several with braces, one otherwise. `$HOME` reads as `~` and `$PWD` as `.`. */
export function readWord(word: Word, lookup: Lookup = () => null): ShellWord[] {
  const { parts } = word;
  if (parts === undefined) return [{ source: word.text, value: word.value }];
  let alternatives: Alternative[] = [{ text: "", pattern: "" }];
  for (const part of parts) {
    const next =
      part.type === "Glob" ? [{ text: part.text, pattern: part.text }] : literal(partValues(part, lookup, false));
    if (next === null || alternatives.length * next.length > MAX_ALTERNATIVES)
      return [{ source: word.text, value: null }];
    alternatives = alternatives.flatMap((head) =>
      next.map((tail) => ({ text: head.text + tail.text, pattern: head.pattern + tail.pattern })),
    );
  }
  const isGlob = parts.some(({ type }) => type === "Glob");
  return alternatives.map(({ text, pattern }) => {
    const source = alternatives.length === 1 ? word.text : isGlob ? text : quote(text);
    return isGlob ? { source, value: null, glob: { pattern, literal: text } } : { source, value: text };
  });
}

function literal(values: string[] | null): Alternative[] | null {
  return values === null ? null : values.map((text) => ({ text, pattern: text.replace(/[\\*?[\]]/g, "\\$&") }));
}

/** The values of a part, one or more; null where they are unknown. */
function partValues(part: WordPart, lookup: Lookup, quoted: boolean): string[] | null {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [part.value];
    case "DoubleQuoted":
    case "LocaleString": {
      let text = "";
      for (const child of part.parts) {
        const values = partValues(child, lookup, true);
        if (values === null) return null;
        text += values[0] ?? "";
      }
      return [text];
    }
    case "SimpleExpansion":
      return variable(part.text.slice(1), lookup, quoted);
    case "ParameterExpansion":
      return part.operation === undefined && part.index === undefined && part.prefix === undefined
        ? variable(part.parameter, lookup, quoted)
        : null;
    case "CommandExpansion":
      return substitutedText(part.text, part.script);
    case "BraceExpansion":
      return braceAlternatives(part.text);
    default:
      return null;
  }
}

function variable(name: string, lookup: Lookup, quoted: boolean): string[] | null {
  const value = lookup(name) ?? (name === "HOME" ? "~" : name === "PWD" ? "." : null);
  // Unquoted, the value is split at spaces and its globs match files.
  return value === null || (!quoted && !/^[^\s*?[]+$/.test(value)) ? null : [value];
}

/** A path segment that no file can have: the top level of the repository that the path before it lies in. */
export const TOP_LEVEL = "\u0000top";

/** A path at `TOP_LEVEL`: the folder before it and the path below the top level; null for any other path. */
export function splitAtTopLevel(path: string): { folder: string; below: string } | null {
  const at = path.indexOf(`/${TOP_LEVEL}`);
  return at === -1 ? null : { folder: path.slice(0, at) || "/", below: path.slice(at + TOP_LEVEL.length + 2) };
}

/** A path resolved from a directory; null if either is unknown. `~` stands for the home directory. */
export function resolveFrom(directory: string | null, path: string): string | null {
  if (path.startsWith("/") || path === "~" || path.startsWith("~/")) return posix.normalize(path);
  // A log from Windows has paths that start with the drive.
  if (/^[A-Za-z]:[\\/]/.test(path)) return path;
  return directory === null || path.startsWith("~") ? null : posix.join(directory, path);
}

/** The result of a substitution whose text is in the source: agents pass commit messages as `"$(cat <<'EOF' … EOF)"`. */
function substitutedText(source: string, script: Script | undefined): string[] | null {
  if (/^\$\(\s*pwd\s*\)$/.test(source)) return ["."];
  if (/^\$\(\s*git rev-parse --show-toplevel\s*(2>\s*\/dev\/null\s*)?\)$/.test(source)) return [TOP_LEVEL];
  const command = script?.commands[0]?.command;
  if (script?.commands.length !== 1 || command?.type !== "Command") return null;
  if (command.name?.text !== "cat" || command.suffix.length !== 1) return null;
  const text = hereText(command.redirects);
  return text === null ? null : [text.replace(/\n+$/, "")];
}

/** The text of a command's here-document or here-string; null where there is none or it holds expansions. */
export function hereText(redirects: readonly Redirection[]): string | null {
  for (const redirect of redirects) {
    if (redirect.type === "HereDoc") {
      return redirect.body.parts?.some((part) => part.type !== "Literal") ? null : redirect.body.text;
    }
    if (redirect.type === "HereString" && redirect.target !== undefined) {
      return readWord(redirect.target)[0]?.value ?? null;
    }
  }
  return null;
}

/** What `{a,b}` and `{1..3}` become; null where there are quotes, expansions or globs inside. */
function braceAlternatives(text: string): string[] | null {
  const body = text.slice(1, -1);
  if (/["'$`\\*?[]/.test(body)) return null;
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(body);
  if (range !== null) return numberRange(Number(range[1]), Number(range[2]));
  const items = splitAtCommas(body);
  if (items.length < 2) return null;
  const alternatives: string[] = [];
  for (const item of items) {
    const open = item.indexOf("{");
    const close = item.lastIndexOf("}");
    if (open === -1) {
      alternatives.push(item);
      continue;
    }
    const inner = close > open ? braceAlternatives(item.slice(open, close + 1)) : null;
    if (inner === null) return null;
    alternatives.push(...inner.map((middle) => item.slice(0, open) + middle + item.slice(close + 1)));
    if (alternatives.length > MAX_ALTERNATIVES) return null;
  }
  return alternatives;
}

function numberRange(from: number, to: number): string[] | null {
  if (Math.abs(to - from) >= MAX_ALTERNATIVES) return null;
  const step = to < from ? -1 : 1;
  const numbers: string[] = [];
  for (let number = from; number !== to + step; number += step) numbers.push(String(number));
  return numbers;
}

function splitAtCommas(body: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < body.length; index++) {
    const char = body[index];
    if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (char === "," && depth === 0) {
      items.push(body.slice(start, index));
      start = index + 1;
    }
  }
  items.push(body.slice(start));
  return items;
}

/** A word as a person types it: `~`, which may stand for `$HOME`, and `^`, as in `HEAD^`, stay unquoted. */
export function quote(value: string): string {
  return quoteWord(value, /^[\w@%+=:,./~^-]+$/);
}

/** Whether one of these options is among the arguments; `-am` counts as `-a` and `-m`. */
export function hasOption(args: readonly ShellWord[], ...names: string[]): boolean {
  for (const { value } of args) {
    if (value === "--") return false;
    if (value === null || !value.startsWith("-")) continue;
    const end = value.indexOf("=");
    const name = end === -1 ? value : value.slice(0, end);
    if (names.includes(name)) return true;
    const isCluster = /^-[A-Za-z]{2,}$/.test(name);
    if (isCluster && names.some((one) => one.length === 2 && name.includes(one.charAt(1)))) return true;
  }
  return false;
}

/** The scripts of the `$(…)` in a command's words and assignments: they run before the command does. */
export function substitutions(command: Command): Script[] {
  const scripts: Script[] = [];
  const collect = (parts: readonly WordPart[] | undefined) => {
    for (const part of parts ?? []) {
      if (part.type === "DoubleQuoted" || part.type === "LocaleString") collect(part.parts);
      else if (part.type === "CommandExpansion" && part.script !== undefined) scripts.push(part.script);
    }
  };
  for (const part of [...command.prefix, ...command.args]) {
    if (part.type === "Word") collect(part.parts);
    else if (part.type === "Assignment" && part.value.type === "Word") collect(part.value.parts);
  }
  return scripts;
}
