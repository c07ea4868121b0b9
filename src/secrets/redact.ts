// Replaces secrets in texts and JSON values by `[REDACTED:<kind>]`.
import { kindOfField, redactAssignments } from "./assignments.ts";
import { redactEncoded } from "./percent-encoded.ts";
import { placeholder } from "./placeholder.ts";
import { redactPrivateKeys } from "./private-keys.ts";
import { isAllowed, replaceSecrets, type SecretHandler } from "./replace-secrets.ts";
import { EXTRA_DETECTORS, ruleSet, SECRET_RULES } from "./rule-set.ts";
import { redactByUserRules } from "./user-rules.ts";

export interface Redacted {
  text: string;
  count: number;
}

/** How often decoded text is decoded again: a URL that is a parameter of another URL, and so on. */
const MAX_DEPTH = 3;

const MAX_HARMLESS = 2_000;
const MAX_HARMLESS_LENGTH = 64;

/** Codes for colors and the cursor, real or escaped inside a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: codes begin with the escape character
const TERMINAL_CODE = /(?:\u001b|\\u001b|\\x1b)\[[0-9;?]{0,32}[A-Za-z]/gi;

/** The text with each secret replaced, and how many there were. Redacting twice changes nothing. */
export function redact(text: string, onSecret: SecretHandler = () => undefined): Redacted {
  return redactSecrets(text, onSecret) ?? { text, count: 0 };
}

/** `redact`; null when the text contains no secret, as nearly all do. */
export function redactSecrets(text: string, onSecret: SecretHandler): Redacted | null {
  const { harmless } = ruleSet();
  if (text.length > MAX_HARMLESS_LENGTH) return apply(text, onSecret, 0);
  if (harmless.has(text)) return null;
  const redacted = apply(text, onSecret, 0);
  if (redacted === null) {
    if (harmless.size >= MAX_HARMLESS) harmless.clear();
    harmless.add(text);
  }
  return redacted;
}

function apply(text: string, onSecret: SecretHandler, depth: number): Redacted | null {
  const { userRules, scanner } = ruleSet();
  let count = 0;
  const counting: SecretHandler = (kind, secret) => {
    count++;
    onSecret(kind, secret);
  };
  let result = userRules.length === 0 ? text : redactByUserRules(text, userRules, counting);
  let positions = scanner.scan(result);
  if (positions === null) return result === text ? null : { text: result, count };
  const hasColors = positions.has(EXTRA_DETECTORS.colors);
  const change = (changed: string): void => {
    if (changed === result) return;
    result = changed;
    positions = scanner.scan(result);
  };
  if (positions.has(EXTRA_DETECTORS.encoded) && depth < MAX_DEPTH) {
    change(
      redactEncoded(result, (decoded) => {
        const inner = apply(decoded, onSecret, depth + 1);
        count += inner?.count ?? 0;
        return inner?.text ?? decoded;
      }),
    );
  }
  if (positions?.has(EXTRA_DETECTORS.privateKeys)) change(redactPrivateKeys(result, counting));
  for (const [index, { kind, pattern, before, accepts }] of SECRET_RULES.entries()) {
    const ofRule = positions?.get(index);
    if (ofRule === undefined) continue;
    const decide = (match: RegExpExecArray) => {
      const keep = match.groups?.keep ?? "";
      return accepts !== undefined && !accepts(match[0].slice(keep.length)) ? null : { kind, keep };
    };
    change(replaceSecrets(result, ofRule, { pattern, before, decide, onSecret: counting }));
  }
  const names = positions?.get(EXTRA_DETECTORS.assignments);
  if (names !== undefined) result = redactAssignments(result, names, counting);
  const plain = hasColors && depth < MAX_DEPTH ? result.replace(TERMINAL_CODE, "") : result;
  // Color codes may split a secret: if they hide one, the text loses its colors.
  const revealed = plain === result ? null : apply(plain, counting, depth + 1);
  if (revealed !== null && revealed.count > 0) result = revealed.text;
  return count === 0 && result === text ? null : { text: result, count };
}

/**
 * Redacts every string of a JSON value, keys included, and the values of fields that are named like a secret. Parts
 * without a secret are returned as they are, not copied.
 */
export function redactDeep<T>(value: T): { value: T; count: number } {
  const ignore = () => undefined;
  return redactDeepBy(value, (text) => redactSecrets(text, ignore), ignore);
}

/** `redactText` returns null for a text that it does not change. */
export function redactDeepBy<T>(
  value: T,
  redactText: (text: string) => Redacted | null,
  onSecret: SecretHandler,
): { value: T; count: number } {
  let count = 0;
  const redactString = (text: string): string => {
    const redacted = redactText(text);
    if (redacted === null) return text;
    count += redacted.count;
    return redacted.text;
  };
  const visit = (node: unknown): unknown => {
    if (typeof node === "string") return redactString(node);
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return visitList(node);
    // Few objects contain a secret: the copy starts at the first change.
    let fields: [string, unknown][] | null = null;
    const keys = Object.keys(node);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? "";
      const field = (node as Record<string, unknown>)[key];
      const name = redactString(key);
      const changed = visitField(key, field);
      if (fields === null && (name !== key || changed !== field)) fields = Object.entries(node).slice(0, index);
      fields?.push([name, changed]);
    }
    return fields === null ? node : Object.fromEntries(fields);
  };
  const visitList = (list: readonly unknown[]): readonly unknown[] => {
    const changed = list.map(visit);
    return changed.some((item, index) => item !== list[index]) ? changed : list;
  };
  const visitField = (key: string, field: unknown): unknown => {
    if (typeof field !== "string") return visit(field);
    const kind = isAllowed(field) ? null : kindOfField(key, field);
    if (kind === null) return redactString(field);
    count++;
    onSecret(kind, field);
    return placeholder(kind);
  };
  return { value: visit(value) as T, count };
}
