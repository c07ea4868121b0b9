// The rules that hold in this process: ours, and those the person who runs it wrote down.
import { setAllowed } from "./allowed.ts";
import { NAMES_BEGIN } from "./assignments.ts";
import { compileOwnRule, type OwnRule } from "./own-pattern.ts";
import type { SecretRule } from "./rules/rule.ts";
import { SECRET_RULES } from "./rules.ts";
import { Scanner } from "./scanner.ts";

export interface RuleSet {
  rules: readonly SecretRule[];
  /** Numbers the rules first, then what is found by other means. */
  scanner: Scanner;
  /** What was looked at and holds no secret, if it is short: names of fields are the same again and again. */
  harmless: Set<string>;
}

/** What is found by other means than rules; a rule set numbers them behind its rules, in this order. */
export const BESIDES = { privateKeys: 0, assignments: 1, encoded: 2, codes: 3 } as const;
const BESIDES_BEGIN: readonly (readonly string[])[] = [
  ["private key"],
  NAMES_BEGIN,
  // An encoded `=`, `:`, space, quote, slash, plus, line feed, percent sign or tilde.
  ["%3d", "%3a", "%20", "%22", "%27", "%2f", "%2b", "%0a", "%25", "%7e"],
  ["\u001b[?", "\\u001b[", "\\x1b["],
];

export interface OwnRules {
  /** Values that are no secrets, whatever they look like. */
  allow: readonly string[];
  rules: readonly OwnRule[];
}

let current: RuleSet | null = null;
let own: readonly SecretRule[] = [];

/** Made when the first text comes: most commands look at none. */
export function ruleSet(): RuleSet {
  current ??= compile([...own, ...SECRET_RULES]);
  return current;
}

/** From here on these hold besides ours; returns what is wrong with those that cannot be taken, and then takes none. */
export function setOwnRules({ allow, rules }: OwnRules): string[] {
  const compiled = rules.map((rule) => ({ rule, result: compileOwnRule(rule) }));
  const problems = compiled.flatMap(({ rule, result }) =>
    typeof result === "string" ? [`the rule for \`${rule.kind}\` cannot be used: ${result}`] : [],
  );
  if (problems.length > 0) return problems;
  own = compiled.flatMap(({ result }) => (typeof result === "string" ? [] : [result]));
  setAllowed(allow);
  current = null;
  return [];
}

function compile(rules: readonly SecretRule[]): RuleSet {
  const words = [...rules.map(({ begins }) => begins), ...BESIDES_BEGIN];
  return { rules, scanner: new Scanner(words), harmless: new Set() };
}
