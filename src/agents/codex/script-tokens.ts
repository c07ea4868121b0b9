// A tokenizer for the JavaScript of code mode: just enough to tell strings and comments from code.

export interface Token {
  kind: "word" | "text" | "number" | "mark";
  /** A string's value, a word's name, or the mark itself. A template with `${…}` is a mark: it is no literal. */
  text: string;
  /** What stands in the source of a template, for `String.raw`. */
  raw?: string;
  /** Whether a line break stands before the token. */
  newline: boolean;
}

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{L}$_][\p{L}\p{N}$_]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const QUOTED = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const REGEX = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" };

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let newline = false;
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0] ?? null;
    if (text !== null) at += text.length;
    return text;
  };
  const push = (token: Omit<Token, "newline">) => {
    tokens.push({ ...token, newline });
    newline = false;
  };
  while (at < source.length) {
    const space = take(SPACE);
    if (space !== null) {
      newline ||= space.includes("\n");
      continue;
    }
    const quoted = take(QUOTED);
    if (quoted !== null) {
      push({ kind: "text", text: unescapeText(quoted.slice(1, -1)) });
      continue;
    }
    if (source[at] === "`") {
      const template = readTemplate(source, at);
      at = template.end;
      push(template.raw === null ? { kind: "mark", text: "`" } : templateToken(template.raw));
      continue;
    }
    const number = take(NUMBER);
    if (number !== null) {
      push({ kind: "number", text: number.replaceAll("_", "") });
      continue;
    }
    const word = take(WORD);
    if (word !== null) {
      push({ kind: "word", text: word });
      continue;
    }
    const regex = startsExpression(tokens.at(-1)) ? take(REGEX) : null;
    push({ kind: "mark", text: regex ?? (source[at] as string) });
    if (regex === null) at += 1;
  }
  return tokens;
}

/** Whether a `/` here begins a regular expression and is no division. */
function startsExpression(before: Token | undefined): boolean {
  return before === undefined || (before.kind === "mark" && before.text !== ")" && before.text !== "]");
}

function templateToken(raw: string): Omit<Token, "newline"> {
  return { kind: "text", text: unescapeText(raw.replaceAll("\r\n", "\n")), raw };
}

/** The end of a template, and what stands in it; null when it holds `${…}`, where templates may stand in turn. */
function readTemplate(source: string, start: number): { raw: string | null; end: number } {
  /** For each open template the depth of braces in its open hole; 0 outside of holes. */
  const open = [0];
  let holes = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source[at];
    const depth = open.at(-1) ?? 0;
    if (char === "\\") at += 1;
    else if (depth === 0 && char === "`") {
      open.pop();
      if (open.length === 0) return { raw: holes ? null : source.slice(start + 1, at), end: at + 1 };
    } else if (depth === 0 && char === "$" && source[at + 1] === "{") {
      holes = true;
      open[open.length - 1] = 1;
      at += 1;
    } else if (depth > 0 && char === "`") open.push(0);
    else if (depth > 0 && char === "{") open[open.length - 1] = depth + 1;
    else if (depth > 0 && char === "}") open[open.length - 1] = depth - 1;
  }
  return { raw: null, end: source.length };
}

function unescapeText(text: string): string {
  return text.replace(
    /\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|\r?\n|([\s\S]))/g,
    (_, brace?: string, four?: string, two?: string, char?: string) => {
      const code = brace ?? four ?? two;
      if (code !== undefined) return codePoint(Number.parseInt(code, 16));
      return char === undefined ? "" : (ESCAPES[char] ?? char);
    },
  );
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
