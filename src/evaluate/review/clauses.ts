// Splits a text into clauses of words, so that a claim is read together with its own negation and tense only.

export interface Word {
  /** In lower case; the content of a code span without backticks. */
  text: string;
  kind: "word" | "code" | "quote" | "number";
}

export interface Clause {
  words: Word[];
  /** What stands before the clause: a conjunction, a punctuation mark, or nothing at the beginning of a text. */
  lead: string;
  /** Counts sentences, from zero. */
  sentence: number;
}

const TOKEN =
  /`([^`]*)`|["“]([^"”]{1,300})["”]|(?<![\w-])((?=[\w-]*\d)(?=[\w-]*[a-z])[0-9a-f]{7,}(?:-[0-9a-f]+)*|\d{4}-\d{2}-\d{2})(?![\w-])|(\d+(?:[.,]\d+)*(?:e\d+)?%?)|((?:\p{L}[\p{L}\p{N}]*(?:['’]\p{L}+)?))|([.!?](?=\s|$)|[;:,()\u2013\u2014\u2192]|-(?=\s))/giu;

/** `opened #12`: a pull request. */
const REFERENCE = /\b(opened|merged|raised|created|via|approved|closed as)\s+#(\d+)/gi;

/** Words that begin a clause of their own. */
const CONJUNCTIONS = new Set(
  "and but while whereas though although so then because since after before once until unless if when whenever where whether which who that with plus yet except despite via leaving meaning nor or as even however instead".split(
    " ",
  ),
);

function tokensOf(text: string): (Word | { mark: string })[] {
  const words: (Word | { mark: string })[] = [];
  for (const [, code, quote, hash, number, word, mark] of text
    .normalize("NFKC")
    .replace(/\bas well\b/gi, "too")
    .replace(/\bfree of\b/gi, "without")
    .replace(/\byet to\b/gi, "still to")
    .replace(/\bany ?(?:longer|more)\b/gi, "no longer")
    .replace(/\bfor later(?=[.,;]|$)/gi, "pending")
    .replace(/(\d) %/g, "$1%")
    .replace(REFERENCE, "$1 pr $2")
    .matchAll(TOKEN)) {
    if (code !== undefined) words.push({ text: code, kind: "code" });
    else if (hash !== undefined) words.push({ text: hash.toLowerCase(), kind: "code" });
    else if (quote !== undefined) words.push({ text: quote, kind: "quote" });
    else if (number !== undefined) words.push({ text: number, kind: "number" });
    else if (word !== undefined) words.push({ text: word.toLowerCase().replace("’", "'"), kind: "word" });
    else if (mark !== undefined) words.push({ mark });
  }
  return words;
}

/** The clauses of a text, in order. */
export function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = [];
  let current: Clause = { words: [], lead: "", sentence: 0 };
  let sentence = 0;
  const end = (lead: string) => {
    if (current.words.length > 0) clauses.push(current);
    else if (current.lead !== "" && !/^[,(]$/.test(current.lead) && /^[,(]$/.test(lead)) return;
    // `so that` tells a result.
    const isResult = current.words.length === 0 && current.lead === "so" && lead === "that";
    current = { words: [], lead: isResult ? "so" : lead, sentence };
  };
  for (const word of tokensOf(text)) {
    if ("mark" in word) {
      if (/[.!?;]/.test(word.mark)) sentence++;
      end(word.mark);
    } else if (word.kind === "word" && CONJUNCTIONS.has(word.text)) end(word.text);
    else current.words.push(word);
  }
  end("");
  return clauses;
}
