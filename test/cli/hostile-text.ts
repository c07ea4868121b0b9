// Text that attacks the terminal it is printed on, and a check of what was printed.

const TAGS = [..."obey"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");

/** Each of these texts affects a terminal or what it shows. None contains a slash, so that all fit in a file name. */
export const TRICKS = {
  clear: "\u001b[2J\u001b[H",
  color: "\u001b[31m",
  title: "\u001b]0;owned\u0007",
  clipboard: "\u001b]52;c;ZXZpbA==\u001b\\",
  link: "\u001b]8;;evil:x\u0007y\u001b]8;;\u0007",
  device: "\u001bP+q544e\u001b\\\u001b_x\u001b\\",
  reset: "\u001bc",
  c1: "\u009b31m\u009d0;owned\u009c\u0085",
  bell: "\u0007\u0008\u007f",
  line: "\r\nerror: forged\u2028warning: forged",
  bidi: "\u202egnp.\u2066x\u2069\u200f\u061c",
  unseen: `\u200b\ufeff\u2060\u00ad${TAGS}`,
  unfinished: "\u001b]0;",
} as const;

/** All texts in one name; `before` and `after` mark where the name was printed. */
export const NASTY = `before${Object.values(TRICKS).join("")}after`;

/** A line that looks like a message of `ctx`. */
export const FORGED = /^(?:error|warning): forged/m;

/** The control characters and invisible characters in printed text, except those of our own progress line. */
export function tricksIn(shown: string): string[] {
  const found = shown
    .replaceAll("\r\u001b[K", "")
    .replaceAll("\r\n", "\n")
    .match(/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu);
  return (found ?? []).map((trick) => JSON.stringify(trick));
}
