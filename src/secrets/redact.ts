// Takes secrets out of text. Every string passes here before a model sees it and before it lands in `.changelog/`.
import { isAllowed } from "./allowed.ts";
import { stripAnsi } from "./ansi.ts";
import { redactAssignments, redactField } from "./assignments.ts";
import { redactEncoded } from "./encoded.ts";
import { placeholder } from "./placeholder.ts";
import { redactPrivateKeys } from "./private-keys.ts";
import { type Found, replaceSecrets } from "./replace-secrets.ts";
import { BESIDES, ruleSet } from "./rule-set.ts";

export interface Redacted {
  text: string;
  count: number;
}

/** How often what was decoded is decoded again: an address inside a parameter of an address inside a parameter. */
const DEEPEST = 3;

const MOST_HARMLESS = 2_000;
const LONGEST_HARMLESS = 64;

/** The text with each secret replaced by `[REDACTED:<kind>]`, and how many there were. Redacting twice changes nothing. */
export function redact(text: string, found: Found = () => undefined): Redacted {
  return redactSecrets(text, found) ?? { text, count: 0 };
}

/** What `redact` gives; null where there is nothing to take out, as in nearly every text. */
export function redactSecrets(text: string, found: Found): Redacted | null {
  const { harmless } = ruleSet();
  if (text.length > LONGEST_HARMLESS) return apply(text, found, 0);
  if (harmless.has(text)) return null;
  const done = apply(text, found, 0);
  if (done === null) {
    if (harmless.size >= MOST_HARMLESS) harmless.clear();
    harmless.add(text);
  }
  return done;
}

function apply(text: string, found: Found, depth: number): Redacted | null {
  const { rules, scanner } = ruleSet();
  const besides = rules.length;
  let places = scanner.scan(text);
  if (places === null) return null;
  const hasCodes = places.has(besides + BESIDES.codes);
  let result = text;
  let count = 0;
  const counting: Found = (kind, secret) => {
    count++;
    found(kind, secret);
  };
  const change = (done: string): void => {
    if (done === result) return;
    result = done;
    places = scanner.scan(result);
  };
  if (places.has(besides + BESIDES.encoded) && depth < DEEPEST) {
    change(
      redactEncoded(result, (decoded) => {
        const inner = apply(decoded, found, depth + 1);
        count += inner?.count ?? 0;
        return inner?.text ?? decoded;
      }),
    );
  }
  if (places?.has(besides + BESIDES.privateKeys)) change(redactPrivateKeys(result, counting));
  for (const [index, rule] of rules.entries()) {
    const own = places?.get(index);
    if (own === undefined) continue;
    const { kind, pattern, before, accepts } = rule;
    const decide = (match: RegExpExecArray) => {
      const keep = match.groups?.keep ?? "";
      if (accepts !== undefined && !accepts(match[0].slice(keep.length))) return null;
      return { kind, keep, text: placeholder(kind) };
    };
    change(replaceSecrets(result, own, { pattern, before, decide, found: counting }));
  }
  const names = places?.get(besides + BESIDES.assignments);
  if (names !== undefined) result = redactAssignments(result, names, counting);
  const uncoloured = hasCodes && depth < DEEPEST ? stripAnsi(result) : result;
  // Colours may stand in the middle of a secret: if they hide one, the text goes on without them.
  const plain = uncoloured === result ? null : apply(uncoloured, counting, depth + 1);
  if (plain !== null && plain.count > 0) result = plain.text;
  return count === 0 && result === text ? null : { text: result, count };
}

/**
 * A JSON value with every string redacted, keys included; a field named like a secret loses its value. What holds no
 * secret is returned as it is.
 */
export function redactDeep<T>(value: T): { value: T; count: number } {
  const found = () => undefined;
  return redactDeepBy(value, (text) => redactSecrets(text, found), found);
}

/** `redactText` gives null for a text that stays as it is. */
export function redactDeepBy<T>(
  value: T,
  redactText: (text: string) => Redacted | null,
  found: Found,
): { value: T; count: number } {
  let count = 0;
  const redactString = (text: string): string => {
    const done = redactText(text);
    if (done === null) return text;
    count += done.count;
    return done.text;
  };
  const visit = (node: unknown): unknown => {
    if (typeof node === "string") return redactString(node);
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return visitList(node);
    // Few values hold a secret: a new one is begun where the first is found.
    let fields: [string, unknown][] | null = null;
    const keys = Object.keys(node);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? "";
      const field = (node as Record<string, unknown>)[key];
      const name = redactString(key);
      const done = visitField(key, field);
      if (fields === null && (name !== key || done !== field)) fields = Object.entries(node).slice(0, index);
      fields?.push([name, done]);
    }
    return fields === null ? node : Object.fromEntries(fields);
  };
  const visitList = (list: readonly unknown[]): readonly unknown[] => {
    const done = list.map(visit);
    return done.some((item, index) => item !== list[index]) ? done : list;
  };
  const visitField = (key: string, field: unknown): unknown => {
    if (typeof field !== "string") return visit(field);
    const replaced = isAllowed(field) ? null : redactField(key, field);
    if (replaced === null) return redactString(field);
    count++;
    found(replaced.kind, field);
    return placeholder(replaced.kind);
  };
  return { value: visit(value) as T, count };
}
