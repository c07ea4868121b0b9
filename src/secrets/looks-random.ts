// Whether a value was drawn by lot, or is made of words, a path, a version, a digest.

const SHORTEST = 16;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Digests and ids of commits are hex, and harmless. */
const HEX = /^(?:0x|sha\d{1,3}[-:])?[0-9a-f]+$/i;
const INTEGRITY = /^(?:sha(?:1|256|384|512)|md5)[-:]/i;
const DATE = /^\d{4}-\d\d-\d\d/;
/** A word, a number, or a digest at the end of a name. */
const WORD = /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+|[0-9a-f]{7,})$/;
const CODE = /[(){}[\]<>;,]|\.(?:ts|js|py|go|rs|md|json|html|css|txt|ya?ml|toml|sh|lock)$/;

/** What share of neighbours differ in kind: every second in random text, every tenth in `camelCaseNames`. */
const LEAST_CHANGES = 0.18;
/** In bits for each character; of sixteen different characters it is four. */
const LEAST_ENTROPY = 3;

export function looksRandom(value: string): boolean {
  if (value.length < SHORTEST || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (UUID.test(value) || HEX.test(value) || INTEGRITY.test(value) || DATE.test(value) || CODE.test(value))
    return false;
  if (isMadeOfWords(value)) return false;
  return changes(value.replace(/[^A-Za-z0-9]+/g, "")) >= LEAST_CHANGES && entropy(value) >= LEAST_ENTROPY;
}

/** Whether most of it is words, numbers and digests: `refresh-token-v2`. */
export function isMadeOfWords(value: string): boolean {
  const pieces = value.split(/[^A-Za-z0-9]+/);
  const inWords = pieces.reduce((sum, piece) => sum + (WORD.test(piece) ? piece.length : 0), 0);
  return inWords * 2 > pieces.join("").length;
}

function changes(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at++) if (kindOf(text, at) !== kindOf(text, at - 1)) count++;
  return count / text.length;
}

function kindOf(text: string, at: number): number {
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
