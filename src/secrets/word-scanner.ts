// Finds in one pass over a text every position where one of many rules could match, with the Aho-Corasick algorithm: the
// cost per character does not depend on the number of words. Most texts contain no word of any rule.

/** Where each rule could match, by its number: positions in ascending order. */
export type Positions = ReadonlyMap<number, readonly number[]>;
type PositionMap = Map<number, number[]>;

interface Word {
  /** The characters of the word, in lower case, as character codes. */
  codes: readonly number[];
  /** The indexes of the characters that the automaton does not match, except wildcards. */
  unmatched: readonly number[];
  /** How many characters the automaton matches: those before the first wildcard or non-ASCII character. */
  matched: number;
  rule: number;
}

interface Node {
  next: Map<number, Node>;
  /** Where to continue when the next character does not match: the longest suffix of the input that starts a word. */
  fallback: Node | null;
  words: Word[];
  id: number;
}

const ASCII = 128;

export class WordScanner {
  /** The kind of each ASCII character; 0 for those in no word. */
  readonly #kinds = new Uint8Array(ASCII);
  /** The next state, premultiplied by the number of kinds, for each state and kind; inverted where a word ends. */
  readonly #steps: Int32Array;
  readonly #words: readonly (readonly Word[])[];
  readonly #width: number;

  /** `rules`: for each rule, the words that its matches start with, in lower case. `any` is the wildcard character. */
  constructor(rules: readonly (readonly string[])[], any: "?" | null = "?") {
    const anyCode = any === null ? Number.NaN : any.charCodeAt(0);
    const words = rules.flatMap((texts, rule) => texts.map((text) => toWord(text, rule, anyCode)));
    const nodes = buildTree(words);
    this.#width = this.#assignKinds(words) + 1;
    this.#words = nodes.map((node) => node.words);
    this.#steps = new Int32Array(nodes.length * this.#width);
    for (const node of nodes) this.#connect(node);
  }

  /** Null when no rule can match. */
  scan(text: string): Positions | null {
    const [kinds, steps] = [this.#kinds, this.#steps];
    let positions: PositionMap | null = null;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const step = steps[state + (code < ASCII ? (kinds[code] ?? 0) : 0)] ?? 0;
      if (step >= 0) {
        state = step;
        continue;
      }
      state = ~step;
      positions = this.#addWords(text, at + 1, state / this.#width, positions);
    }
    return positions;
  }

  #addWords(text: string, end: number, state: number, found: PositionMap | null): PositionMap | null {
    let positions = found;
    for (const word of this.#words[state] ?? []) {
      const { rule } = word;
      const at = end - word.matched;
      if (word.matched < word.codes.length && !restMatches(text, at, word)) continue;
      positions ??= new Map();
      const known = positions.get(rule);
      if (known === undefined) positions.set(rule, [at]);
      else insert(known, at);
    }
    return positions;
  }

  /** Numbers the characters of the words, both cases of a letter alike; returns how many there are. */
  #assignKinds(words: readonly Word[]): number {
    let count = 0;
    for (const code of words.flatMap(({ codes, matched }) => codes.slice(0, matched))) {
      if (this.#kinds[code] !== 0) continue;
      count++;
      this.#kinds[code] = count;
      if (code >= 97 && code <= 122) this.#kinds[code - 32] = count;
    }
    return count;
  }

  #connect(node: Node): void {
    const [width, steps] = [this.#width, this.#steps];
    const row = node.id * width;
    // Nodes nearer to the root are already connected.
    const { fallback } = node;
    if (fallback !== null) steps.copyWithin(row, fallback.id * width, (fallback.id + 1) * width);
    for (const [code, next] of node.next) {
      const state = next.id * width;
      steps[row + (this.#kinds[code] ?? 0)] = next.words.length > 0 ? ~state : state;
    }
  }
}

function toWord(text: string, rule: number, any: number): Word {
  const codes = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const first = codes.findIndex((code) => code === any || code >= ASCII);
  const matched = first === -1 ? codes.length : first;
  const unmatched = codes.flatMap((code, index) => (index >= matched && code !== any ? [index] : []));
  return { codes, matched, unmatched, rule };
}

/** Whether the part of a word that the automaton does not match is in the text too. */
function restMatches(text: string, at: number, { codes, unmatched }: Word): boolean {
  for (let index = 0; index < unmatched.length; index++) {
    const offset = unmatched[index] ?? 0;
    if (toLower(text.charCodeAt(at + offset)) !== codes[offset]) return false;
  }
  return at + codes.length <= text.length;
}

/** The words as a tree: its nodes in breadth-first order, each with the words that end there. */
function buildTree(words: readonly Word[]): Node[] {
  const root: Node = { next: new Map(), fallback: null, words: [], id: 0 };
  for (const word of words) {
    let node = root;
    for (const code of word.codes.slice(0, word.matched)) {
      const next = node.next.get(code) ?? { next: new Map(), fallback: root, words: [], id: 0 };
      node.next.set(code, next);
      node = next;
    }
    node.words.push(word);
  }
  const nodes = [root];
  for (const node of nodes) {
    for (const [code, child] of node.next) {
      child.id = nodes.length;
      child.fallback = fallbackOf(node, code) ?? root;
      child.words.push(...child.fallback.words);
      nodes.push(child);
    }
  }
  return nodes;
}

function fallbackOf(parent: Node, code: number): Node | undefined {
  for (let node = parent.fallback; node !== null; node = node.fallback) {
    const next = node.next.get(code);
    if (next !== undefined) return next;
  }
  return undefined;
}

function toLower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Matches come in the order of their ends, so their starts are nearly sorted. */
function insert(positions: number[], at: number): void {
  if ((positions.at(-1) ?? 0) < at) {
    positions.push(at);
    return;
  }
  let index = positions.length;
  while (index > 0 && (positions[index - 1] ?? 0) > at) index--;
  if (positions[index - 1] !== at) positions.splice(index, 0, at);
}
