// Finds the secrets of a session wherever they occur again, also wrapped over several lines.
import { placeholder } from "./placeholder.ts";
import { WordScanner } from "./word-scanner.ts";

/** The most values remembered. No session has as many, but a hostile log may. */
const MAX_VALUES = 500;
const MIN_LENGTH = 8;
const MAX_LENGTH = 4_096;
/**
 * A value is searched for by its last characters, and by as many characters before them, because a line break may split
 * the last ones. The first characters of a value are not used: many keys share them.
 */
const WORD = 4;
/** How many values may share a searched word: each of them is compared wherever the word occurs. */
const MAX_PER_WORD = 8;

/** A line break, real or escaped inside a string, with the indentation after it; or a color code. */
const GAP = "(?:(?:\\r?\\n|(?:\\\\r)?\\\\n)[ \\t]{0,8}|\\u001b\\[[0-9;?]{0,32}[A-Za-z])";
const GAP_AT = new RegExp(GAP, "y");
/** A gap at the end of a text, with the plus sign of a diff that may begin the next line. */
const GAP_BEFORE = new RegExp(`${GAP}\\+?$`);
const MAX_GAP = 48;

interface Span {
  from: number;
  to: number;
}

export class KnownValues {
  readonly #kinds: Map<string, string>;
  readonly #words: Map<string, number>;
  /** Null after a value was added; rebuilt when it is needed. */
  #scanner: WordScanner | null = null;
  #values: string[] = [];

  constructor(known: KnownValues | null = null) {
    this.#kinds = new Map(known === null ? [] : known.#kinds);
    this.#words = new Map(known === null ? [] : known.#words);
  }

  get size(): number {
    return this.#kinds.size;
  }

  add(kind: string, value: string): void {
    if (value.length < MIN_LENGTH || value.length > MAX_LENGTH) return;
    if (this.#kinds.size >= MAX_VALUES || this.#kinds.has(value)) return;
    const words = wordsOf(value);
    if (words.some((word) => (this.#words.get(word) ?? 0) >= MAX_PER_WORD)) return;
    for (const word of words) this.#words.set(word, (this.#words.get(word) ?? 0) + 1);
    this.#kinds.set(value, kind);
    this.#scanner = null;
  }

  /** Replaces all values in a text. */
  replace(text: string): { text: string; count: number } {
    if (this.#kinds.size === 0 || text.length < MIN_LENGTH) return { text, count: 0 };
    const positions = this.#build().scan(text);
    if (positions === null) return { text, count: 0 };
    const spans: (Span & { kind: string })[] = [];
    for (const [number, starts] of positions) {
      const value = this.#values[number >> 1] ?? "";
      for (const at of starts) {
        const span = spanOf(text, at, value, value.length - ((number & 1) + 1) * WORD);
        if (span !== null) spans.push({ ...span, kind: this.#kinds.get(value) ?? "secret" });
      }
    }
    return replaceSpans(text, spans);
  }

  #build(): WordScanner {
    if (this.#scanner !== null) return this.#scanner;
    this.#values = [...this.#kinds.keys()];
    const words = this.#values.flatMap((value) => wordsOf(value).map((word) => [word]));
    this.#scanner = new WordScanner(words, null);
    return this.#scanner;
  }
}

function wordsOf(value: string): [string, string] {
  const end = value.slice(-WORD * 2).toLowerCase();
  return [end.slice(-WORD), end.slice(0, -WORD)];
}

/** The span of a value whose characters from `offset` on start at `at`; null if the text differs. */
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
    // The `n` of an escaped line feed does not belong to the value.
    if (text[from - 1] === value[index - 1] && text[from - 2] !== "\\") {
      from--;
      index--;
      continue;
    }
    const gap = GAP_BEFORE.exec(text.slice(Math.max(0, from - MAX_GAP), from))?.[0].length;
    if (gap === undefined) return null;
    from -= gap;
  }
  return from;
}

function replaceSpans(text: string, spans: (Span & { kind: string })[]): { text: string; count: number } {
  let result = "";
  let done = 0;
  let count = 0;
  // Of two that start at the same position, the longer comes first.
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
