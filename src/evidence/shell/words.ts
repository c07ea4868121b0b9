// Words of a shell command: what they say after quote removal, or that nobody can know without running it.
import type { Command, Redirection, Script, Word, WordPart } from "unbash";
import { quoteWord } from "../../system/shell-quote.ts";

/** A word of a command line. */
export interface ShellWord {
  /** As typed, quotes included. */
  source: string;
  /** After quote removal and brace expansion; null where an expansion or a glob decides what it becomes. */
  value: string | null;
  /** A word that matches file names: as a pattern with literal characters escaped, and as it stands. */
  glob?: { pattern: string; literal: string };
}

/** At most this many words come out of one brace expansion: `{1..9999999}` is a word nobody reads. */
const MAX_ALTERNATIVES = 64;

/** What a variable holds; null where nobody knows. */
export type Lookup = (name: string) => string | null;

/** One of the words a typed word may become: as it stands, and as a pattern. */
interface Alternative {
  text: string;
  pattern: string;
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

/** The values of a part, one or more; null where nobody knows them. */
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

/** Agents pass long commit messages as `"$(cat <<'EOF' … EOF)"`: a substitution whose result is in the source. */
function substitutedText(source: string, script: Script | undefined): string[] | null {
  if (/^\$\(\s*pwd\s*\)$/.test(source)) return ["."];
  if (/^\$\(\s*git rev-parse --show-toplevel\s*(2>\s*\/dev\/null\s*)?\)$/.test(source)) return [TOP_LEVEL];
  const command = script?.commands[0]?.command;
  if (script?.commands.length !== 1 || command?.type !== "Command") return null;
  if (command.name?.text !== "cat" || command.suffix.length !== 1) return null;
  const text = hereText(command.redirects);
  return text === null ? null : [text.replace(/\n+$/, "")];
}

/** The text a command reads from a here-document or here-string; null where there is none or it holds expansions. */
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

/** What `{a,b}` and `{1..3}` become; null for what is no plain list (quotes, expansions, globs inside). */
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

/** A word as a person would type it: `~`, which may stand for `$HOME`, and `^`, as in `HEAD^`, stay unquoted. */
export function quote(value: string): string {
  return quoteWord(value, /^[\w@%+=:,./~^-]+$/);
}

/** The scripts of the `$(…)` in a command's words and assignments: they run before it does. */
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
