// One pass over a text that finds every place where one of many rules could match, so that a rule costs nothing where
// the text holds none of its words. Most texts hold none of any rule's. What a character costs does not depend on how
// many words there are: they are one automaton (Aho and Corasick's), which takes a step for each.

/** Where each rule could match, by its number: positions in ascending order. */
export type Places = ReadonlyMap<number, readonly number[]>;

interface Word {
  /** In lower case, as character codes. */
  codes: readonly number[];
  /** Where those stand that the automaton does not know, but for those that may be any. */
  unread: readonly number[];
  /** How many of them the automaton knows: those before the first that may be any, or is not ASCII. */
  read: number;
  rule: number;
}

interface Node {
  next: Map<number, Node>;
  /** Where to go on when the next character does not fit: the longest end of what was read that begins a word. */
  fallback: Node | null;
  words: Word[];
  id: number;
}

const ASCII = 128;

export class Scanner {
  /** What kind each character is: those that are in no word are one. */
  readonly #kinds = new Uint8Array(ASCII);
  /** The next state by state and kind, times the number of kinds; inverted where words end. */
  readonly #steps: Int32Array;
  readonly #words: readonly (readonly Word[])[];
  readonly #width: number;

  /** For each rule the words one of which its match begins with, in lower case; `any` stands for any character. */
  constructor(rules: readonly (readonly string[])[], any: "?" | null = "?") {
    const anyCode = any === null ? Number.NaN : any.charCodeAt(0);
    const words = rules.flatMap((texts, rule) => texts.map((text) => toWord(text, rule, anyCode)));
    const nodes = plant(words);
    this.#width = this.#sort(words) + 1;
    this.#words = nodes.map((node) => node.words);
    this.#steps = new Int32Array(nodes.length * this.#width);
    for (const node of nodes) this.#connect(node);
  }

  /** Null where no rule can match. */
  scan(text: string): Places | null {
    const [kinds, steps] = [this.#kinds, this.#steps];
    let places: Map<number, number[]> | null = null;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const step = steps[state + (code < ASCII ? (kinds[code] ?? 0) : 0)] ?? 0;
      if (step >= 0) {
        state = step;
        continue;
      }
      state = ~step;
      places = this.#look(text, at + 1, state / this.#width, places);
    }
    return places;
  }

  #look(text: string, end: number, state: number, found: Map<number, number[]> | null): Map<number, number[]> | null {
    let places = found;
    for (const word of this.#words[state] ?? []) {
      const { rule } = word;
      const at = end - word.read;
      if (word.read < word.codes.length && !standsAt(text, at, word)) continue;
      places ??= new Map();
      const known = places.get(rule);
      if (known === undefined) places.set(rule, [at]);
      else insert(known, at);
    }
    return places;
  }

  /** Gives each character of the words a kind, upper and lower case of a letter the same; returns how many there are. */
  #sort(words: readonly Word[]): number {
    let count = 0;
    for (const code of words.flatMap(({ codes, read }) => codes.slice(0, read))) {
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
    // What stands nearer to the root is connected already.
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
  const read = first === -1 ? codes.length : first;
  const unread = codes.flatMap((code, index) => (index >= read && code !== any ? [index] : []));
  return { codes, read, unread, rule };
}

/** Whether the rest of a word stands there too, of which the beginning was read. */
function standsAt(text: string, at: number, { codes, unread }: Word): boolean {
  for (let index = 0; index < unread.length; index++) {
    const offset = unread[index] ?? 0;
    if (lowered(text.charCodeAt(at + offset)) !== codes[offset]) return false;
  }
  return at + codes.length <= text.length;
}

/** The words as a tree, its nodes in order of their depth, each with the words that end there. */
function plant(words: readonly Word[]): Node[] {
  const root: Node = { next: new Map(), fallback: null, words: [], id: 0 };
  for (const word of words) {
    let node = root;
    for (const code of word.codes.slice(0, word.read)) {
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

function lowered(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Words end in order; where they begin is only nearly so. */
function insert(places: number[], at: number): void {
  if ((places.at(-1) ?? 0) < at) {
    places.push(at);
    return;
  }
  let index = places.length;
  while (index > 0 && (places[index - 1] ?? 0) > at) index--;
  if (places[index - 1] !== at) places.splice(index, 0, at);
}
