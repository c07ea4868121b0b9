// Secrets known by their name: `password = …`, `"api_key": "…"`, `--token …`, `SECRET_KEY=…`.
import { countPlaceholders, isPlaceholder, placeholder } from "./placeholder.ts";
import { type Found, type Replacement, replaceSecrets } from "./replace-secrets.ts";

const NAMES: readonly [kind: string, source: string][] = [
  ["password", "passwords?|passwd|passphrase|passcode|(?<=[_-])(?:pass|pwd)(?![a-z])"],
  ["api-key", "api[_-]?keys?|apikey"],
  ["secret", "secret|private[_-]?key|access[_-]?key|account[_-]?key|encryption[_-]?key|signing[_-]?key|master[_-]?key"],
  ["token", "token|_auth(?![a-z])"],
];
/** What may follow the name and leave it one: `SECRET_KEY`, `token_2`, `passwordProd`. */
const SUFFIX =
  "(?:[_-]?(?:access[_-]?key|key|value|base64|b64|prod|production|dev|staging|live|test|old|new|\\d{1,3})){0,2}";
const NAME = `(?:${NAMES.map(([, source]) => source).join("|")})${SUFFIX}`;
/** A quote, escaped up to twice: JSON inside JSON. */
const QUOTE = "\\\\{0,3}[\"'`]";

/** Every name begins with one of these. */
export const NAMES_BEGIN =
  "pass pwd apikey api_key api-key secret private access account encryption signing master token _auth".split(" ");

/** `name = value` in its many spellings. A quoted value ends at its quote, a bare one at the end of the word. */
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
 * References, templates and the rest of a sentence: `$TOKEN`, `${{ secrets.X }}`, `<token>`, `%s`, `***`, `{{x}}`,
 * `process.env.X`, `--next-flag`, `", $value`.
 */
const REFERENCE =
  /^(?:[$%<{*.…!:]|--|\+\s|[,;)](?:\s|$)|process\.env|os\.environ|env\.|import\.meta|secrets\.|https?:\/\/)/;
const PATH = /^(?:~|\.{1,2})?\/[a-z][\w.-]*\/|^~\/|^[A-Za-z]:\\/;

/** Words that stand where a value would and are none. */
const NO_VALUE = new Set(
  `true false null none nil undefined string str number int integer bool boolean bytes object any unknown void never
  required optional missing empty invalid valid expired unset default changeme placeholder redacted hidden masked
  env environment prompt stdin file keyring keychain bearer basic self this name value key text type
  flag option argument parameter and or is are was to for with in from of the a an not no if when`.split(/\s+/),
);

/** Replaces the values of assignments to names that hold secrets; `places` are where names may begin. */
export function redactAssignments(text: string, places: readonly number[], found: Found): string {
  const heard: Found = (kind, value) => {
    // What holds a placeholder was counted when that was put there.
    if (countPlaceholders(value) === 0) found(kind, value);
  };
  const assigned = replaceSecrets(text, places, { pattern: ASSIGNMENT, decide, found: heard });
  // A flag's name stands right behind a hyphen.
  if (assigned === text && !places.some((at) => text[at - 1] === "-")) return assigned;
  const flags = [...assigned.matchAll(FLAG)].map(({ index }) => index);
  return replaceSecrets(assigned, flags, { pattern: FLAG_AT, decide, found: heard });
}

function decide({ groups = {} }: RegExpExecArray, rest: string): Replacement | null {
  const { name = "", glue = "", open = "", quoted, bare } = groups;
  const value = quoted ?? bare ?? "";
  const redactable = quoted === undefined ? bareIsSecret(name, glue, value, rest) : isSecret(name, value);
  const kind = kindOf(name);
  if (!redactable || (glue.includes("==") && kind !== "password")) return null;
  return { kind, keep: `${name}${glue}${open}`, text: placeholder(kind) };
}

/** Which names say that they name a secret: those of fields are the same few again and again. */
const names = new Map<string, boolean>();
/** A hostile log may invent a name for each of its fields, and long ones. */
const MOST_NAMES = 2_000;
const LONGEST_NAME = 64;

function namesSecret(name: string): boolean {
  const known = names.get(name);
  if (known !== undefined) return known;
  const telling = WHOLE_NAME.test(name);
  if (name.length > LONGEST_NAME) return telling;
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, telling);
  return telling;
}

/** The kind of secret in a field whose name says that it holds one; null where name or value say otherwise. */
export function redactField(name: string, value: string): { kind: string } | null {
  return namesSecret(name) && isSecret(name, value) ? { kind: kindOf(name) } : null;
}

function isSecret(name: string, value: string): boolean {
  const word = value.trim().replace(/[.,;:!?]+$/, "");
  if (word.length < 3 || isPlaceholder(word) || NO_VALUE.has(word.toLowerCase())) return false;
  // `token=refresh_token` names a variable.
  if (word.toLowerCase().split(/[_.]/).at(-1) === name.toLowerCase()) return false;
  if (REFERENCE.test(word) || PATH.test(word)) return false;
  // Counts and versions of tokens are no tokens.
  return !(/^[\d._]+$/.test(word) && kindOf(name) === "token");
}

/** Without quotes a value may just as well be code or prose: what stands around it and what it is made of decides. */
function bareIsSecret(name: string, glue: string, value: string, rest: string): boolean {
  const spaced = /:|\s=|=\s/.test(glue);
  if (!isSecret(name, value) || (spaced && /^[([<{]/.test(rest))) return false;
  const identifier = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*[?!:]?$/.test(value);
  // `token: csrfToken2` hands a variable on.
  if (spaced && kindOf(name) !== "password" && /^[a-z]+(?:[A-Z][a-z]+)+\d{0,3}$/.test(value)) return false;
  if (!identifier || (value.length >= 8 && /\d/.test(value))) return true;
  if (/^[([<{]/.test(rest) || value.includes(".")) return false;
  // `NAME=value` assigns; `name: value` does where the line ends, and so does `name = value` in a file of settings.
  const atEnd = /^(?:[\n\r,}"'\\]|$|\s#)/.test(rest);
  return !spaced || (atEnd && (glue.includes(":") || kindOf(name) === "password"));
}

function kindOf(name: string): string {
  // Two names are only one behind another word, which is not in the match.
  return KIND_OF.find(([, pattern]) => pattern.test(`_${name}`))?.[0] ?? "secret";
}
