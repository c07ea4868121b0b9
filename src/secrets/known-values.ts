// Values that were seen as secrets, found again wherever they stand: bare, in another spelling, broken into lines.
import { placeholder } from "./placeholder.ts";
import { Scanner } from "./scanner.ts";

/** More secrets than a session has, and less than a hostile log would like to be remembered. */
const MOST_VALUES = 500;
const SHORTEST = 8;
const LONGEST = 4_096;
/**
 * A value is looked for by its last characters and by as many before them, should a break stand among the last: how
 * keys begin they have in common.
 */
const WORD = 4;
/** Of values with one such word: each costs something wherever that stands. */
const MOST_OF_ONE_WORD = 8;

/** A line break as it is or inside a string, with the indentation after it, or the code of a colour. */
const GAP = "(?:(?:\\r?\\n|(?:\\\\r)?\\\\n)[ \\t]{0,8}|\\u001b\\[[0-9;?]{0,32}[A-Za-z])";
const GAP_AT = new RegExp(GAP, "y");
/** The next line may be one of a diff. */
const GAP_BEFORE = new RegExp(`${GAP}\\+?$`);
const LONGEST_GAP = 48;

interface Span {
  from: number;
  to: number;
}

export class KnownValues {
  readonly #kinds: Map<string, string>;
  readonly #words: Map<string, number>;
  /** Made anew when it is next needed after a value was added. */
  #scanner: Scanner | null = null;
  #values: string[] = [];

  constructor(before: KnownValues | null = null) {
    this.#kinds = new Map(before === null ? [] : before.#kinds);
    this.#words = new Map(before === null ? [] : before.#words);
  }

  get size(): number {
    return this.#kinds.size;
  }

  add(kind: string, value: string): void {
    if (value.length < SHORTEST || value.length > LONGEST) return;
    if (this.#kinds.size >= MOST_VALUES || this.#kinds.has(value)) return;
    const words = wordsOf(value);
    if (words.some((word) => (this.#words.get(word) ?? 0) >= MOST_OF_ONE_WORD)) return;
    for (const word of words) this.#words.set(word, (this.#words.get(word) ?? 0) + 1);
    this.#kinds.set(value, kind);
    this.#scanner = null;
  }

  /** The text without any of the values, and how many there were. */
  replace(text: string): { text: string; count: number } {
    if (this.#kinds.size === 0 || text.length < SHORTEST) return { text, count: 0 };
    const places = this.#open().scan(text);
    if (places === null) return { text, count: 0 };
    const spans: (Span & { kind: string })[] = [];
    for (const [number, starts] of places) {
      const value = this.#values[number >> 1] ?? "";
      for (const at of starts) {
        const span = spanOf(text, at, value, value.length - ((number & 1) + 1) * WORD);
        if (span !== null) spans.push({ ...span, kind: this.#kinds.get(value) ?? "secret" });
      }
    }
    return replaceSpans(text, spans);
  }

  #open(): Scanner {
    if (this.#scanner !== null) return this.#scanner;
    this.#values = [...this.#kinds.keys()];
    const words = this.#values.flatMap(wordsOf);
    this.#scanner = new Scanner(
      words.map((word) => [word]),
      null,
    );
    return this.#scanner;
  }
}

function wordsOf(value: string): [string, string] {
  const end = value.slice(-WORD * 2).toLowerCase();
  return [end.slice(-WORD), end.slice(0, -WORD)];
}

/** Where a value stands of which the part from `offset` on begins at `at`; null where it does not. */
function spanOf(text: string, at: number, value: string, offset: number): Span | null {
  const from = walkBack(text, at, value, offset);
  if (from === null) return null;
  let to = at;
  for (let index = offset; index < value.length; ) {
    if (text[to] === value[index]) {
      to++;
      index++;
      continue;
    }
    GAP_AT.lastIndex = to;
    const gap = GAP_AT.exec(text)?.[0].length;
    if (gap === undefined) return null;
    to += gap;
    if (text[to] === "+" && (value[index] !== "+" || text[to + 1] === "+")) to++;
  }
  return { from, to };
}

function walkBack(text: string, at: number, value: string, offset: number): number | null {
  let from = at;
  for (let index = offset; index > 0; ) {
    // The `n` of a line feed inside a string is none of the value.
    if (text[from - 1] === value[index - 1] && text[from - 2] !== "\\") {
      from--;
      index--;
      continue;
    }
    const gap = GAP_BEFORE.exec(text.slice(Math.max(0, from - LONGEST_GAP), from))?.[0].length;
    if (gap === undefined) return null;
    from -= gap;
  }
  return from;
}

function replaceSpans(text: string, spans: (Span & { kind: string })[]): { text: string; count: number } {
  let result = "";
  let done = 0;
  let count = 0;
  // Of two that begin at one place the longer holds the other.
  for (const { from, to, kind } of spans.sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (to <= done) continue;
    if (from >= done) {
      result += text.slice(done, from) + placeholder(kind);
      count++;
    }
    done = to;
  }
  return count === 0 ? { text, count } : { text: result + text.slice(done), count };
}
