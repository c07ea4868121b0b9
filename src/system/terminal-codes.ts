// Control sequences that programs print for the terminal.

const ESCAPE = "\u001b";
/** A string sequence up to its terminator: a window title, a link, clipboard content, or a device command. */
const STRING = `(?:${ESCAPE}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u0090\\u0098\\u009c-\\u009f${ESCAPE}]{0,2048}(?:[\\u0007\\u009c]|${ESCAPE}\\\\)`;

/**
 * Any control sequence (ECMA-48); the first group holds the parameters of a color sequence. Lengths are bounded against
 * hostile text: if a sequence has no end, only its introducer matches.
 */
export const TERMINAL_CODE = new RegExp(
  `(?:${ESCAPE}\\[|\\u009b)(?:([0-9;:]{0,64})m|[0-?]{0,32}[ -/]{0,8}[@-~])|${STRING}|${ESCAPE}(?:[ -/]{1,4}[0-~]|[0-Z\\\\^-~])`,
  "g",
);

/** Any control character except tab and line feed. */
const CONTROL = /[^\t\n -~\u00a0-\uffff]/;

/** Whether a text contains a control character: without one it contains no control sequence. */
export function hasControlChars(text: string): boolean {
  return CONTROL.test(text);
}

/** Removes control sequences. In Bun, `stripVTControlCharacters` would load the inspector. */
export function stripTerminalCodes(text: string): string {
  return hasControlChars(text) ? text.replace(TERMINAL_CODE, "") : text;
}
