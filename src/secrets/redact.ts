// Takes secrets out of text. Every string passes here before a model sees it and before it lands in `.changelog/`.
import { redactAssignments, redactField } from "./assignments.ts";
import { redactPrivateKeys } from "./private-keys.ts";
import { SECRET_RULES } from "./rules.ts";

interface Redacted {
  text: string;
  count: number;
}

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
  const keys = redactPrivateKeys(text);
  let { text: result, count } = keys;
  for (const { kind, pattern } of SECRET_RULES) {
    result = result.replace(pattern, (...args: unknown[]) => {
      count++;
      const groups = args.at(-1);
      const keep = typeof groups === "object" && groups !== null && "keep" in groups ? String(groups.keep) : "";
      return `${keep}[redacted:${kind}]`;
    });
  }
  const assignments = redactAssignments(result);
  return { text: assignments.text, count: count + assignments.count };
}

/** A JSON value with every string redacted, keys included; a field named like a secret loses its value. */
export function redactDeep<T>(value: T): { value: T; count: number } {
  let count = 0;
  const redactString = (text: string): string => {
    const done = redact(text);
    count += done.count;
    return done.text;
  };
  const visit = (node: unknown): unknown => {
    if (typeof node === "string") return redactString(node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, field]) => [redactString(key), visitField(key, field)]));
  };
  const visitField = (key: string, field: unknown): unknown => {
    const replaced = typeof field === "string" ? redactField(key, field) : null;
    if (replaced === null) return visit(field);
    count++;
    return replaced;
  };
  return { value: visit(value) as T, count };
}
