// Tells random values from words, paths, versions and digests.

const MIN_LENGTH = 16;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Digests and commit ids are hex, and not secret. */
const HEX = /^(?:0x|sha\d{1,3}[-:])?[0-9a-f]+$/i;
const INTEGRITY = /^(?:sha(?:1|256|384|512)|md5)[-:]/i;
const DATE = /^\d{4}-\d\d-\d\d/;
/** A word, a number, or a digest at the end of a name. */
const WORD = /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+|[0-9a-f]{7,})$/;
const CODE = /[(){}[\]<>;,]|\.(?:ts|js|py|go|rs|md|json|html|css|txt|ya?ml|toml|sh|lock)$/;

/**
 * Minimum share of neighboring characters that differ in kind (digit, upper case, lower case): 1/2 in random text, 1/10
 * in `camelCaseNames`.
 */
const MIN_CHANGES = 0.18;
/** Minimum entropy in bits per character; sixteen different characters have four. */
const MIN_ENTROPY = 3;

/** Whether a value of 16 characters or more looks randomly generated. */
export function looksRandom(value: string): boolean {
  if (value.length < MIN_LENGTH || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (UUID.test(value) || HEX.test(value) || INTEGRITY.test(value) || DATE.test(value) || CODE.test(value))
    return false;
  if (isMostlyWords(value)) return false;
  return kindChanges(value.replace(/[^A-Za-z0-9]+/g, "")) >= MIN_CHANGES && entropy(value) >= MIN_ENTROPY;
}

/** Whether words, numbers and digests make up more than half of a value: `refresh-token-v2`. */
export function isMostlyWords(value: string): boolean {
  const pieces = value.split(/[^A-Za-z0-9]+/);
  const inWords = pieces.reduce((sum, piece) => sum + (WORD.test(piece) ? piece.length : 0), 0);
  return inWords * 2 > pieces.join("").length;
}

function kindChanges(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at++) if (charKind(text, at) !== charKind(text, at - 1)) count++;
  return count / text.length;
}

function charKind(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 58) return 0;
  return code < 91 ? 1 : 2;
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
