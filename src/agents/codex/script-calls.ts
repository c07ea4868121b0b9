// Tool calls written in the JavaScript of code mode. Nothing is ever evaluated: only calls whose arguments are literals,
// or constants bound to literals, are understood; the others are reported as what they are, calls not understood.
import { asFields, type Fields } from "../fields.ts";
import { type Literal, readLiteral } from "./literals.ts";
import { type Token, tokenize } from "./script-tokens.ts";

export interface ScriptCall {
  /** `exec_command`, `apply_patch`, … */
  tool: string;
  /** The single argument of the call; null when it is no literal. */
  text: string | null;
  fields: Fields | null;
}

/** The `tools.…(…)` calls of a script, in the order in which they are written. */
export function scriptCalls(source: string): ScriptCall[] {
  const tokens = tokenize(source);
  const constants = new Map<string, Literal>();
  const bound = new Set<string>();
  const calls: ScriptCall[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== "word") continue;
    if (token.text === "const") bind(tokens, at, constants, bound);
    if (token.text !== "tools") continue;
    const call = readCall(tokens, at, constants);
    if (call !== null) calls.push(call);
  }
  return calls;
}

function bind(tokens: readonly Token[], at: number, constants: Map<string, Literal>, bound: Set<string>): void {
  const name = tokens[at + 1];
  if (name?.kind !== "word" || !is(tokens[at + 2], "=")) return;
  const value = readLiteral(tokens, at + 3, constants);
  const after = value === null ? undefined : tokens[value.end];
  // `const x = "a".repeat(2)` is no literal: only an end of statement may follow.
  const ends = after === undefined || is(after, ";") || is(after, ",") || (after.newline && after.kind === "word");
  // A name bound in two scopes may mean either.
  if (value !== null && ends && !bound.has(name.text)) constants.set(name.text, value.literal);
  else constants.delete(name.text);
  bound.add(name.text);
}

/** `tools.name(argument)` or `tools["name"](argument)`. */
function readCall(tokens: readonly Token[], at: number, constants: ReadonlyMap<string, Literal>): ScriptCall | null {
  let tool: string | undefined;
  let next = at + 1;
  if (is(tokens[next], ".")) {
    const name = tokens[next + 1];
    tool = name?.kind === "word" ? name.text : undefined;
    next += 2;
  } else if (is(tokens[next], "[") && is(tokens[next + 2], "]")) {
    const name = tokens[next + 1];
    tool = name?.kind === "text" ? name.text : undefined;
    next += 3;
  }
  if (tool === undefined || !is(tokens[next], "(")) return null;
  const value = readLiteral(tokens, next + 1, constants);
  const close = value === null ? undefined : tokens[value.end];
  const whole = is(close, ")") || (is(close, ",") && is(tokens[(value?.end ?? 0) + 1], ")"));
  const literal = value !== null && whole ? value.literal : null;
  return { tool, text: typeof literal === "string" ? literal : null, fields: asFields(literal) };
}

function is(token: Token | undefined, mark: string): boolean {
  return token?.kind === "mark" && token.text === mark;
}
