// One pass over a text that finds every place where one of many rules could match, so that a rule costs nothing where
// the text holds none of its words. Most texts hold none of any rule's.

/** Where each rule could match, by its number: positions in ascending order. */
export type Places = ReadonlyMap<number, readonly number[]>;

interface Word {
  /** In lower case, as character codes. */
  codes: readonly number[];
  rule: number;
}

const ASCII = 128;

export class Scanner {
  /** The words that begin with two characters, by both: the first times 128 plus the second, in any case. */
  readonly #words: (readonly Word[] | undefined)[] = new Array(ASCII * ASCII).fill(undefined);
  /** Which third characters they have, a bit for each of 32 kinds: upper and lower case of a letter are one kind. */
  readonly #thirds = new Int32Array(ASCII * ASCII);

  /** For each rule the words one of which its match begins with, in lower case and of three characters at least. */
  constructor(rules: readonly (readonly string[])[]) {
    for (const [rule, words] of rules.entries()) for (const word of words) this.#add(word, rule);
  }

  /** Null where no rule can match. */
  scan(text: string): Places | null {
    const thirds = this.#thirds;
    let places: Map<number, number[]> | null = null;
    let first = ASCII;
    let second = ASCII;
    for (let at = 0; at < text.length; at++) {
      const third = text.charCodeAt(at);
      if ((first | second) < ASCII && ((thirds[first * ASCII + second] ?? 0) & (1 << third)) !== 0) {
        places = this.#look(text, at - 2, first * ASCII + second, places);
      }
      first = second;
      second = third;
    }
    return places;
  }

  #look(text: string, at: number, key: number, found: Map<number, number[]> | null): Map<number, number[]> | null {
    let places = found;
    for (const { codes, rule } of this.#words[key] ?? []) {
      if (!standsAt(text, at, codes)) continue;
      places ??= new Map();
      const known = places.get(rule);
      if (known === undefined) places.set(rule, [at]);
      // Two words of a rule may begin at one place.
      else if (known.at(-1) !== at) known.push(at);
    }
    return places;
  }

  #add(word: string, rule: number): void {
    const codes = [...word].map((character) => character.charCodeAt(0));
    const [first = 0, second = 0, third = 0] = codes;
    for (const one of spellings(first)) {
      for (const two of spellings(second)) {
        const key = one * ASCII + two;
        this.#words[key] = [...(this.#words[key] ?? []), { codes, rule }];
        this.#thirds[key] = (this.#thirds[key] ?? 0) | (1 << third);
      }
    }
  }
}

function standsAt(text: string, at: number, codes: readonly number[]): boolean {
  for (let index = 2; index < codes.length; index++) {
    if (lowered(text.charCodeAt(at + index)) !== codes[index]) return false;
  }
  return true;
}

function lowered(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function spellings(code: number): number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code];
}
