// Secrets recognized by the name they are assigned to: `password = …`, `"api_key": "…"`, `--token …`, `SECRET_KEY=…`.
import { hasPlaceholder, isPlaceholder } from "./placeholder.ts";
import { type Replacement, replaceSecrets, type SecretHandler } from "./replace-secrets.ts";

const NAMES: readonly [kind: string, source: string][] = [
  ["password", "passwords?|passwd|passphrase|passcode|(?<=[_-])(?:pass|pwd)(?![a-z])"],
  ["api-key", "api[_-]?keys?|apikey"],
  ["secret", "secret|private[_-]?key|access[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key"],
  ["token", "token|_auth(?![a-z])"],
];
/** What may follow the keyword in a name: `SECRET_KEY`, `token_2`, `passwordProd`. */
const SUFFIX =
  "(?:[_-]?(?:access[_-]?key|key|value|base64|b64|prod|production|dev|staging|live|test|old|new|\\d{1,3})){0,2}";
const NAME = `(?:${NAMES.map(([, source]) => source).join("|")})${SUFFIX}`;
/** A quote, escaped up to twice: JSON inside JSON. */
const QUOTE = "\\\\{0,3}[\"'`]";

/** Every match begins with one of these. */
export const KEYWORDS =
  "pass pwd apikey api_key api-key secret private access account encryption signing master token _auth".split(" ");

/** `name = value` in its many spellings. A quoted value ends at its quote, an unquoted one at the end of the word. */
const ASSIGNMENT = new RegExp(
  `(?<name>${NAME})(?<glue>(?:${QUOTE})?\\]?\\s{0,8}(?::=|=>|==?|:|\\\\u003d)(?!=)[^\\S\\n]{0,8})` +
    `(?:(?<open>${QUOTE})(?<quoted>[^"'\`\\n\\\\]*)|(?<bare>[^\\s"'\`,;&|<>(){}\\[\\]\\\\]+))`,
  "iy",
);
/** `--name value`, `--name "value"`. */
const FLAG = new RegExp(
  `(?<name>(?<![A-Za-z0-9])--?(?:[A-Za-z0-9]{1,20}-){0,3}(?:${NAME}))(?<glue>[^\\S\\n]{1,4})(?!-)` +
    `(?:(?<open>${QUOTE})(?<quoted>[^"'\`\\n\\\\]*)|(?<bare>[^\\s"'\`,;&|<>(){}\\[\\]\\\\]+))`,
  "gi",
);

const FLAG_AT = new RegExp(FLAG.source, "iy");

const KIND_OF = NAMES.map(([kind, source]) => [kind, new RegExp(source, "i")] as const);
const WHOLE_NAME = new RegExp(`(?:^|[^])(?:${NAME})$`, "i");

/**
 * References, templates and punctuation: `$TOKEN`, `${{ secrets.X }}`, `<token>`, `%s`, `***`, `{{x}}`,
 * `process.env.X`, `--next-flag`, `", $value`.
 */
const REFERENCE =
  /^(?:[$%<{*.…!:]|--|\+\s|[,;)](?:\s|$)|process\.env|os\.environ|env\.|import\.meta|secrets\.|https?:\/\/)/;
const PATH = /^(?:~|\.{1,2})?\/[a-z][\w.-]*\/|^~\/|^[A-Za-z]:\\/;

/** Words that may follow the name without being a value. */
const NOT_VALUES = new Set(
  `true false null none nil undefined string str number int integer bool boolean bytes object any unknown void never
  required optional missing empty invalid valid expired unset default changeme placeholder redacted hidden masked
  env environment prompt stdin file keyring keychain bearer basic self this name value key text type
  flag option argument parameter and or is are was to for with in from of the a an not no if when`.split(/\s+/),
);

/** Replaces the values that are assigned to names of secrets; `positions` are where keywords were found. */
export function redactAssignments(text: string, positions: readonly number[], onSecret: SecretHandler): string {
  const onValue: SecretHandler = (kind, value) => {
    // A value with a placeholder was already counted.
    if (!hasPlaceholder(value)) onSecret(kind, value);
  };
  const assigned = replaceSecrets(text, positions, { pattern: ASSIGNMENT, decide, onSecret: onValue });
  // The keyword of a flag follows a hyphen.
  if (assigned === text && !positions.some((at) => text[at - 1] === "-")) return assigned;
  const flags = [...assigned.matchAll(FLAG)].map(({ index }) => index);
  return replaceSecrets(assigned, flags, { pattern: FLAG_AT, decide, onSecret: onValue });
}

function decide({ groups = {} }: RegExpExecArray, rest: string): Replacement | null {
  const { name = "", glue = "", open = "", quoted, bare } = groups;
  const value = quoted ?? bare ?? "";
  const redactable = quoted === undefined ? isUnquotedSecret(name, glue, value, rest) : isSecret(name, value);
  const kind = kindOf(name);
  if (!redactable || (glue.includes("==") && kind !== "password")) return null;
  return { kind, keep: `${name}${glue}${open}` };
}

/** Whether field names are names of secrets: the same few names repeat. */
const fieldNames = new Map<string, boolean>();
/** Bounds for hostile logs, which may use a new, long name for each field. */
const MAX_NAMES = 2_000;
const MAX_NAME_LENGTH = 64;

function isSecretName(name: string): boolean {
  const known = fieldNames.get(name);
  if (known !== undefined) return known;
  const isName = WHOLE_NAME.test(name);
  if (name.length > MAX_NAME_LENGTH) return isName;
  if (fieldNames.size >= MAX_NAMES) fieldNames.clear();
  fieldNames.set(name, isName);
  return isName;
}

/** The kind of secret in a field; null if its name or value rules one out. */
export function kindOfField(name: string, value: string): string | null {
  return isSecretName(name) && isSecret(name, value) ? kindOf(name) : null;
}

function isSecret(name: string, value: string): boolean {
  const word = value.trim().replace(/[.,;:!?]+$/, "");
  if (word.length < 3 || isPlaceholder(word) || NOT_VALUES.has(word.toLowerCase())) return false;
  // `token=refresh_token` names a variable.
  if (word.toLowerCase().split(/[_.]/).at(-1) === name.toLowerCase()) return false;
  if (REFERENCE.test(word) || PATH.test(word)) return false;
  // A number after `token` is a count or a version.
  return !(/^[\d._]+$/.test(word) && kindOf(name) === "token");
}

/** An unquoted value may also be code or prose: its characters and context decide. */
function isUnquotedSecret(name: string, glue: string, value: string, rest: string): boolean {
  const spaced = /:|\s=|=\s/.test(glue);
  if (!isSecret(name, value) || (spaced && /^[([<{]/.test(rest))) return false;
  const identifier = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*[?!:]?$/.test(value);
  // `token: csrfToken2` passes a variable.
  if (spaced && kindOf(name) !== "password" && /^[a-z]+(?:[A-Z][a-z]+)+\d{0,3}$/.test(value)) return false;
  if (!identifier || (value.length >= 8 && /\d/.test(value))) return true;
  if (/^[([<{]/.test(rest) || value.includes(".")) return false;
  // `NAME=value` assigns; `name: value` and `name = value` (in a settings file) only at the end of a line.
  const atEnd = /^(?:[\n\r,}"'\\]|$|\s#)/.test(rest);
  return !spaced || (atEnd && (glue.includes(":") || kindOf(name) === "password"));
}

function kindOf(name: string): string {
  // `pass` and `pwd` only count after another word, which is not part of the match.
  return KIND_OF.find(([, pattern]) => pattern.test(`_${name}`))?.[0] ?? "secret";
}
