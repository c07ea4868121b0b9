// How many tests a clause speaks of.
import type { Clause } from "./clauses.ts";
import { NUMBER_WORDS } from "./lexicon.ts";
import type { TestCount } from "./run-outcomes.ts";

export interface Quantity {
  amount: number;
  of: number | null;
}

/** `3 of 4`, `both`, `one`, `all 4`. */
export function quantityOf({ words }: Clause): Quantity | null {
  const numbers = words.flatMap(({ kind, text }, index): { value: number; index: number }[] => {
    const value =
      kind === "number" && /^\d+$/.test(text)
        ? Number(text)
        : kind === "word"
          ? (NUMBER_WORDS.get(text) ?? (text === "both" ? 2 : undefined))
          : undefined;
    const next = words[index + 1]?.text ?? "";
    const before = words[index - 1]?.text ?? "";
    if (value === undefined || /^(?:exit|exits|exited|status|code|wants?|expects?|after|by|from|than)$/.test(before))
      return [];
    return /^(?:ms|s|seconds?|minutes?|percent|%|commits?|files?|commands?|lines?|edits?)$/.test(next)
      ? []
      : [{ value, index }];
  });
  const [first, second] = numbers;
  if (first === undefined) return null;
  const isRatio =
    second !== undefined && words.slice(first.index + 1, second.index).some(({ text }) => /^(?:of|out)$/.test(text));
  return { amount: first.value, of: isRatio ? second.value : null };
}

export function fits({ amount, of }: Quantity, count: TestCount, wanted: number): boolean {
  return amount === wanted && (of === null || of === count.total);
}
