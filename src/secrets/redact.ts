// Takes secrets out of text. Every string passes here before a model sees it and before it lands in `.changelog/`.
import { NAMES_BEGIN, redactAssignments, redactField } from "./assignments.ts";
import { redactPrivateKeys } from "./private-keys.ts";
import { replaceAt } from "./replace-at.ts";
import { SECRET_RULES } from "./rules.ts";
import { Scanner } from "./scanner.ts";

interface Redacted {
  text: string;
  count: number;
}

/** The numbers that private keys and assignments have for the scanner, behind the rules. */
const PRIVATE_KEYS = SECRET_RULES.length;
const ASSIGNMENTS = PRIVATE_KEYS + 1;
const scanner = new Scanner([...SECRET_RULES.map(({ begins }) => begins), ["private key"], NAMES_BEGIN]);

/** Names of fields and short values are the same again and again: what they were redacted to, for the last of them. */
const known = new Map<string, Redacted>();
const MAX_KNOWN = 2_000;
const LONGEST_KNOWN = 64;

/** The text with each secret replaced by `[redacted:<kind>]`, and how many there were. Redacting twice changes nothing. */
export function redact(text: string): Redacted {
  if (text.length > LONGEST_KNOWN) return apply(text);
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= MAX_KNOWN) known.clear();
  const done = apply(text);
  known.set(text, done);
  return done;
}

function apply(text: string): Redacted {
  let places = scanner.scan(text);
  if (places === null) return { text, count: 0 };
  let result = text;
  let count = 0;
  const change = (done: string): void => {
    if (done === result) return;
    result = done;
    places = scanner.scan(result);
  };
  if (places.has(PRIVATE_KEYS)) {
    const keys = redactPrivateKeys(text);
    count += keys.count;
    change(keys.text);
  }
  for (const [rule, { kind, pattern }] of SECRET_RULES.entries()) {
    const own = places?.get(rule);
    if (own === undefined) continue;
    change(
      replaceAt(result, own, pattern, (...args) => {
        count++;
        const groups = args.at(-1);
        const keep = typeof groups === "object" && groups !== null && "keep" in groups ? String(groups.keep) : "";
        return `${keep}[redacted:${kind}]`;
      }),
    );
  }
  const names = places?.get(ASSIGNMENTS);
  if (names === undefined) return { text: result, count };
  const assignments = redactAssignments(result, names);
  return { text: assignments.text, count: count + assignments.count };
}

/**
 * A JSON value with every string redacted, keys included; a field named like a secret loses its value. What holds no
 * secret is returned as it is.
 */
export function redactDeep<T>(value: T): { value: T; count: number } {
  let count = 0;
  const redactString = (text: string): string => {
    const done = redact(text);
    count += done.count;
    return done.text;
  };
  const visit = (node: unknown): unknown => {
    if (typeof node === "string") return redactString(node);
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return visitList(node);
    let changed = false;
    const fields: [string, unknown][] = [];
    for (const [key, field] of Object.entries(node)) {
      const done: [string, unknown] = [redactString(key), visitField(key, field)];
      changed ||= done[0] !== key || done[1] !== field;
      fields.push(done);
    }
    return changed ? Object.fromEntries(fields) : node;
  };
  const visitList = (list: readonly unknown[]): readonly unknown[] => {
    const done = list.map(visit);
    return done.some((item, index) => item !== list[index]) ? done : list;
  };
  const visitField = (key: string, field: unknown): unknown => {
    const replaced = typeof field === "string" ? redactField(key, field) : null;
    if (replaced === null) return visit(field);
    count++;
    return replaced;
  };
  return { value: visit(value) as T, count };
}
