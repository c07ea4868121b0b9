// The English grammar that `builtin` needs.
import { plural } from "../../system/plural.ts";

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** `once`, `twice`, `3 times`. */
export function times(amount: number): string {
  return amount === 1 ? "once" : amount === 2 ? "twice" : `${amount} times`;
}

/** The first `max` of a list, and how many more there are. */
export function someOf(items: readonly string[], max: number, noun: string): string {
  if (items.length <= max) return list(items);
  return list([...items.slice(0, max), plural(items.length - max, `more ${noun}`)]);
}

/** A name, path or command, quoted for a sentence. */
export function code(text: string): string {
  return text.includes("`") ? `“${text}”` : `\`${text}\``;
}

/** A text with a capital letter and a full stop. A name such as `parseCart` keeps its case. */
export function sentence(text: string): string {
  const capital = text.trim().replace(/^\p{Ll}(?=\p{Ll}*(?:[\s,;:]|$))/u, (letter) => letter.toUpperCase());
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
