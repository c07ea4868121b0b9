// The user's own secret patterns. re2js runs them in linear time; it is loaded only when the user has a rule.
import type { RE2JS } from "re2js";
import { messageOf } from "../system/errors.ts";
import { endOfPlaceholder } from "./placeholder.ts";
import { redactSecret, type SecretHandler } from "./replace-secrets.ts";
import { endOfWrapped } from "./wrapped-lines.ts";

export interface UserRule {
  kind: string;
  pattern: string;
}

export interface CompiledRule {
  kind: string;
  regex: RE2JS;
  /** Finds the text that every match begins with, if there is one: a native search is much faster than re2js. */
  literal: RegExp | null;
}

interface Match {
  start: number;
  end: number;
}

const MAX_PATTERN = 1_000;
/** The largest compiled pattern, in instructions of re2js: each may cost a step per character. `[a-z]{500}` has 502. */
const MAX_PROGRAM = 2_000;
const MIN_LITERAL = 3;
/**
 * A match up to this length is found wherever it begins. A longer one is always found only if its beginning matches by
 * itself.
 */
const SURE_MATCH = 1_024;
const MAX_WINDOW = 64 * 1024;

/** Alternatives to syntax that RE2 lacks, chosen by how the rejected part of the pattern begins. */
const ADVICE: readonly [part: RegExp, advice: string][] = [
  [/^\(\?(?:=|!)/, "RE2 has no lookahead: match the text itself, or end the pattern with `\\b`"],
  [/^\(\?<(?:=|!)/, "RE2 has no lookbehind: match the text itself, or begin the pattern with `\\b`"],
  [/^\\(?:[1-9]|k)/, "RE2 has no back references: write the repeated part again"],
  [/^\(\?>|[*+?}]\+$/, "RE2 never backtracks: write a group without `?>` and a repetition without a trailing `+`"],
  [/^\\u/, "write `\\x{0041}` for the character U+0041"],
  [/^\\Z/, "write `\\z` for the end of the text"],
  [/^\\h/, "write `[ \\t]` for spaces and tabs"],
  [/^\(\?#/, "RE2 has no comments: leave it out"],
  [/^\{/, "use repetitions of at most 1000"],
];

/** The compiled rules, or what is wrong with the first one that cannot be used. */
export async function compileUserRules(rules: readonly UserRule[]): Promise<CompiledRule[] | { problem: string }> {
  if (rules.length === 0) return [];
  const { RE2JS, RE2JSException, RE2JSSyntaxException } = await import("re2js");
  const compiled: CompiledRule[] = [];
  for (const { kind, pattern } of rules) {
    const invalid = (problem: string) => ({ problem: `the pattern of \`${kind}\` ${problem}` });
    if (pattern.length > MAX_PATTERN) return invalid(`is longer than ${MAX_PATTERN} characters`);
    try {
      const regex = RE2JS.compile(pattern);
      if (regex.matcher("").programSize() > MAX_PROGRAM) return invalid("is too large: use smaller repetitions");
      if (matchesEmpty(regex)) return invalid("matches the empty string: write at least one required character");
      compiled.push({ kind, regex, literal: literalPrefix(pattern) });
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error;
      const part = error instanceof RE2JSSyntaxException ? (error.input ?? "") : "";
      const reason = error instanceof RE2JSSyntaxException ? error.error : messageOf(error);
      const advice = ADVICE.find(([begins]) => begins.test(part))?.[1] ?? reason;
      return invalid(`is not valid at character ${positionOf(part, pattern)} (\`${part.slice(0, 20)}\`): ${advice}`);
    }
  }
  return compiled;
}

/** Counted from 1; an escaped character is skipped, unless the part begins with its backslash. */
function positionOf(part: string, pattern: string): number {
  for (const { index } of pattern.matchAll(/\\[\s\S]|[\s\S]/g)) if (pattern.startsWith(part, index)) return index + 1;
  return 1;
}

function matchesEmpty(regex: RE2JS): boolean {
  return ["", "a", "a b"].some((text) => {
    const matcher = regex.matcher(text);
    return matcher.find() && matcher.start() === matcher.end();
  });
}

/** Finds the literal text that every match begins with; null where the pattern begins otherwise, or has alternatives. */
function literalPrefix(pattern: string): RegExp | null {
  const shape = pattern.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]])*\]/g, "_");
  let depth = 0;
  for (const character of shape) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) return null;
  }
  const body = pattern.replace(/^\(\?[ims]+\)/, "").replace(/^(?:\\b|\\A|\^)/, "");
  // A character before a quantifier is repeated or optional.
  const literal = /^(?:(?:[\w@%=:;,/~<>"'#&! -]|\\[^\w\s])(?![*+?{]))*/.exec(body)?.[0] ?? "";
  const text = literal.replace(/\\(.)/g, "$1");
  if (text.length < MIN_LITERAL || pattern.includes("\\Q")) return null;
  return new RegExp(text.replace(/[^\w\s]/g, "\\$&"), "gi");
}

/** Replaces the matches of each rule in turn. A match inside a placeholder is ignored. */
export function redactByUserRules(text: string, rules: readonly CompiledRule[], onSecret: SecretHandler): string {
  let current = text;
  for (const rule of rules) {
    let result = "";
    let done = 0;
    let from = 0;
    for (let match = nextMatch(rule, current, from); match !== null; match = nextMatch(rule, current, from)) {
      const placeholderEnd = endOfPlaceholder(current, match.start);
      from = placeholderEnd ?? endOfWrapped(current, endOfPlaceholder(current, match.end - 1) ?? match.end);
      if (placeholderEnd !== null) continue;
      const secret = redactSecret(current.slice(match.start, from), rule.kind, onSecret);
      result += current.slice(done, match.start) + secret;
      done = from;
    }
    if (done > 0) current = result + current.slice(done);
  }
  return current;
}

/**
 * The first match at or after a position. It is searched in windows, because finding all matches in one go takes
 * quadratic time where each attempt reads far beyond its match. A match that reaches the end of its window is tried
 * again in a larger one.
 */
function nextMatch({ regex, literal }: CompiledRule, text: string, from: number): Match | null {
  let window = 2 * SURE_MATCH;
  for (let at = from; at < text.length; ) {
    if (literal !== null) {
      literal.lastIndex = at;
      const next = literal.exec(text);
      if (next === null) return null;
      at = next.index;
    }
    // Includes the character before, which decides whether `\b` and `^` match.
    const base = Math.max(0, at - 1);
    const limit = Math.min(text.length, at + window);
    const matcher = regex.matcher(text.slice(base, limit));
    if (!matcher.find(at - base)) {
      if (limit === text.length) return null;
      at = limit - SURE_MATCH;
      window = Math.min(window * 2, MAX_WINDOW);
      continue;
    }
    const [start, end] = [base + matcher.start(), base + matcher.end()];
    if (start === end) at = start + 1;
    else if (limit === text.length || (end < limit && start <= limit - SURE_MATCH)) return { start, end };
    else if (start === at) window *= 4;
    else [at, window] = [start, 2 * SURE_MATCH];
  }
  return null;
}
