// Patterns that people write themselves. A regular expression can take for ever on the wrong text, and a log is full of
// wrong text: what is taken here begins with letters of its own, has no groups, and one part of open length at most.
// Such a pattern is tried only where its beginning stands, and then takes a bounded number of steps.
import type { SecretRule } from "./rules/rule.ts";

export interface OwnRule {
  kind: string;
  pattern: string;
}

const CLASS = "\\[\\^?(?:[^\\]\\\\[]|\\\\.)+\\]";
const ESCAPE = "\\\\[dwDW.\\-_/+$^*?()\\[\\]{}|\\\\]";
const LITERAL = "[^\\\\\\[\\](){}|^$.*+?]";
const PART = new RegExp(`(${CLASS}|${ESCAPE}|${LITERAL})(\\{\\d{1,3}\\}|\\{\\d{1,3},\\d{0,3}\\}|[+*?])?`, "y");
const SHORTEST_BEGINNING = 3;
const LONGEST_PART = 256;

/** The rule of a pattern; a text that says what is wrong where it is not taken. */
export function compileOwnRule({ kind, pattern }: OwnRule): SecretRule | string {
  let source = "";
  let begins = "";
  let isBeginning = true;
  let open = 0;
  for (let at = 0; at < pattern.length; ) {
    PART.lastIndex = at;
    const [whole, part = "", repeat = ""] = PART.exec(pattern) ?? [];
    if (whole === undefined)
      return `\`${pattern.slice(at, at + 1)}\` is not taken here: write \`\\${pattern.charAt(at)}\``;
    at += whole.length;
    const literal = /^\\[^dwDW]$/.test(part) ? part.slice(1) : part.length === 1 ? part : null;
    isBeginning &&= literal !== null && repeat === "";
    if (isBeginning) begins += literal;
    if (repeat !== "" && !/^\{\d+\}$/.test(repeat)) open++;
    source += part + bounded(repeat);
  }
  if (begins.length < SHORTEST_BEGINNING || /[^ -~]|\?/.test(begins))
    return "it must begin with three letters or signs that stand for themselves";
  if (open > 1) return "only one part of it may be of open length";
  try {
    return { kind, begins: [begins.toLowerCase()], pattern: new RegExp(source, "y") };
  } catch {
    return "it is no regular expression";
  }
}

function bounded(repeat: string): string {
  if (repeat === "+") return `{1,${LONGEST_PART}}`;
  if (repeat === "*") return `{0,${LONGEST_PART}}`;
  return repeat.endsWith(",}") ? `${repeat.slice(0, -1)}${LONGEST_PART}}` : repeat;
}
