// Text that tries to take over the terminal it is shown on, and a look at what came out.

const TAGS = [..."obey"].map((letter) => String.fromCodePoint(0xe0000 + (letter.codePointAt(0) ?? 0))).join("");

/** Each of them does something to a terminal, or to what a person sees there. None holds a slash: they fit a file's name. */
export const TRICKS = {
  clear: "\u001b[2J\u001b[H",
  colour: "\u001b[31m",
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

/** All of them in one name; `before` and `after` tell where it was shown. */
export const NASTY = `before${Object.values(TRICKS).join("")}after`;

/** A line that looks like one of ours. */
export const FORGED = /^(?:error|warning): forged/m;

/** What a terminal would obey, and what nobody would see, in what was shown; our own line of progress is left out. */
export function tricksIn(shown: string): string[] {
  const found = shown
    .replaceAll("\r\u001b[K", "")
    .replaceAll("\r\n", "\n")
    .match(/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu);
  return (found ?? []).map((trick) => JSON.stringify(trick));
}
