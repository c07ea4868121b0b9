// The rules of this process: built-in ones and the user's.
import { KEYWORDS } from "./assignments.ts";
import { setAllowed } from "./replace-secrets.ts";
import { CLOUD_RULES } from "./rules/clouds.ts";
import { CODE_HOSTING_RULES } from "./rules/code-hosting.ts";
import { COMMAND_RULES } from "./rules/commands.ts";
import { KEYWORD_RULES } from "./rules/keyword-rules.ts";
import { MODEL_RULES } from "./rules/models.ts";
import { REQUEST_RULES } from "./rules/requests.ts";
import type { SecretRule } from "./rules/rule.ts";
import { SERVICE_RULES } from "./rules/services.ts";
import { type CompiledRule, compileUserRules, type UserRule } from "./user-rules.ts";
import { WordScanner } from "./word-scanner.ts";

export interface RuleSet {
  /** The user's own rules, which run first. */
  userRules: readonly CompiledRule[];
  /** Finds where a rule of `SECRET_RULES` or one of `EXTRA_DETECTORS` could match, numbered in this order. */
  scanner: WordScanner;
  /** Short texts that contain no secret: field names repeat often. */
  harmless: Set<string>;
}

/** Everything that has a format of its own. Where two rules match at the same position, the first one wins. */
export const SECRET_RULES: readonly SecretRule[] = [
  CLOUD_RULES,
  CODE_HOSTING_RULES,
  SERVICE_RULES,
  MODEL_RULES,
  REQUEST_RULES,
  COMMAND_RULES,
  KEYWORD_RULES,
].flat();

/** The scanner's numbers for the detectors that are not a `SecretRule`. */
export const EXTRA_DETECTORS = {
  privateKeys: SECRET_RULES.length,
  assignments: SECRET_RULES.length + 1,
  encoded: SECRET_RULES.length + 2,
  colors: SECRET_RULES.length + 3,
};
const EXTRA_WORDS: readonly (readonly string[])[] = [
  ["private key"],
  KEYWORDS,
  // An encoded `=`, `:`, space, quote, slash, plus, line feed, percent sign or tilde.
  "%3d %3a %20 %22 %27 %2f %2b %0a %25 %7e".split(" "),
  ["\u001b[?", "\\u001b[", "\\x1b["],
];

let current: RuleSet | null = null;
let userRules: readonly CompiledRule[] = [];

/** Built for the first text: most commands redact none. */
export function ruleSet(): RuleSet {
  current ??= {
    userRules,
    scanner: new WordScanner([...SECRET_RULES.map(({ begins }) => begins), ...EXTRA_WORDS]),
    harmless: new Set(),
  };
  return current;
}

export interface UserRules {
  /** Values that are not secrets, whatever they look like. */
  allow: readonly string[];
  rules: readonly UserRule[];
}

/** Replaces the user's rules. Returns the problem of an unusable rule, in which case nothing changes. */
export async function setUserRules({ allow, rules }: UserRules): Promise<string | null> {
  const compiled = await compileUserRules(rules);
  if ("problem" in compiled) return compiled.problem;
  userRules = compiled;
  setAllowed(allow);
  current = null;
  return null;
}
