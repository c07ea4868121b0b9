// Literal values in a script's tokens: strings, numbers, objects, lists, `+` of strings, `[…].join("…")`, constants.
import type { Token } from "./script-tokens.ts";

export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };

interface Read {
  literal: Literal;
  /** Index of the token after the literal. */
  end: number;
}

/** Deeper nesting than any tool takes: a hostile script must not exhaust the stack. */
const MAX_DEPTH = 50;
/** Longer than any patch: constants that double each other must not exhaust the memory. */
const MAX_TEXT = 4 * 1024 * 1024;

/** Reads the literal that begins at a token; null when something there is no literal. */
export function readLiteral(
  tokens: readonly Token[],
  at: number,
  constants: ReadonlyMap<string, Literal>,
  depth = 0,
): Read | null {
  let read = depth > MAX_DEPTH ? null : readTerm(tokens, at, constants, depth);
  while (read !== null && mark(tokens[read.end]) === "+") {
    const right = readTerm(tokens, read.end + 1, constants, depth);
    const literal = right === null ? null : joinTexts([read.literal, right.literal], "");
    read = right === null || literal === null ? null : { literal, end: right.end };
  }
  return read;
}

function readTerm(
  tokens: readonly Token[],
  at: number,
  constants: ReadonlyMap<string, Literal>,
  depth: number,
): Read | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === "text") return { literal: token.text, end: at + 1 };
  if (token.kind === "number") return { literal: Number(token.text), end: at + 1 };
  if (token.kind === "word") return readWord(tokens, at, token.text, constants);
  if (token.text === "-" && tokens[at + 1]?.kind === "number") {
    return { literal: -Number(tokens[at + 1]?.text), end: at + 2 };
  }
  if (token.text === "[") return readList(tokens, at + 1, constants, depth);
  if (token.text === "{") return readObject(tokens, at + 1, constants, depth);
  if (token.text !== "(") return null;
  const inner = readLiteral(tokens, at + 1, constants, depth + 1);
  return inner !== null && mark(tokens[inner.end]) === ")" ? { literal: inner.literal, end: inner.end + 1 } : null;
}

function readWord(
  tokens: readonly Token[],
  at: number,
  word: string,
  constants: ReadonlyMap<string, Literal>,
): Read | null {
  if (word === "true" || word === "false") return { literal: word === "true", end: at + 1 };
  if (word === "null" || word === "undefined") return { literal: null, end: at + 1 };
  const raw = tokens[at + 3];
  if (word === "String" && tokens[at + 2]?.text === "raw" && raw?.kind === "text" && raw.raw !== undefined) {
    return { literal: raw.raw, end: at + 4 };
  }
  const next = mark(tokens[at + 1]);
  // A method or a field of a constant is no constant.
  if (next === "." || next === "(" || next === "[") return null;
  const literal = constants.get(word);
  return literal === undefined ? null : { literal, end: at + 1 };
}

function readList(
  tokens: readonly Token[],
  start: number,
  constants: ReadonlyMap<string, Literal>,
  depth: number,
): Read | null {
  const list: Literal[] = [];
  let at = start;
  while (mark(tokens[at]) !== "]") {
    const item = readLiteral(tokens, at, constants, depth + 1);
    if (item === null) return null;
    list.push(item.literal);
    at = item.end;
    if (mark(tokens[at]) === ",") at += 1;
    else if (mark(tokens[at]) !== "]") return null;
  }
  const [dot, join, open, glue, close] = tokens.slice(at + 1, at + 6);
  const joins = mark(dot) === "." && join?.text === "join" && mark(open) === "(" && mark(close) === ")";
  if (!joins) return { literal: list, end: at + 1 };
  const literal = glue?.kind === "text" ? joinTexts(list, glue.text) : null;
  return literal === null ? null : { literal, end: at + 6 };
}

function readObject(
  tokens: readonly Token[],
  start: number,
  constants: ReadonlyMap<string, Literal>,
  depth: number,
): Read | null {
  const entries: [string, Literal][] = [];
  let at = start;
  while (mark(tokens[at]) !== "}") {
    const key = tokens[at];
    if (key === undefined || key.kind === "mark") return null;
    // `{cmd}` is short for `{cmd: cmd}`.
    const shorthand = key.kind === "word" && mark(tokens[at + 1]) !== ":";
    const value = readLiteral(tokens, shorthand ? at : at + 2, constants, depth + 1);
    if (value === null || (!shorthand && mark(tokens[at + 1]) !== ":")) return null;
    entries.push([key.text, value.literal]);
    at = value.end;
    if (mark(tokens[at]) === ",") at += 1;
    else if (mark(tokens[at]) !== "}") return null;
  }
  return { literal: Object.fromEntries(entries), end: at + 1 };
}

/** The texts in one; null when one of them is none, or all are too long together. */
function joinTexts(parts: readonly Literal[], glue: string): string | null {
  const texts = parts.filter((part) => typeof part === "string");
  const length = texts.reduce((sum, text) => sum + text.length + glue.length, 0);
  return texts.length === parts.length && length <= MAX_TEXT ? texts.join(glue) : null;
}

function mark(token: Token | undefined): string | null {
  return token?.kind === "mark" ? token.text : null;
}
