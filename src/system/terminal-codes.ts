// The codes in what a program printed that only a terminal obeys.

const ESCAPE = "\u001b";
/** A title, a link, what goes to the clipboard, or words to a device, to their end. */
const STRING = `(?:${ESCAPE}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u0090\\u0098\\u009c-\\u009f${ESCAPE}]{0,2048}(?:[\\u0007\\u009c]|${ESCAPE}\\\\)`;

/**
 * Any control sequence (ECMA-48); the first group holds the parameters of one that sets colours. Bounded against hostile
 * text: of a sequence that never ends no more than its beginning is taken for one.
 */
export const TERMINAL_CODE = new RegExp(
  `(?:${ESCAPE}\\[|\\u009b)(?:([0-9;:]{0,64})m|[0-?]{0,32}[ -/]{0,8}[@-~])|${STRING}|${ESCAPE}(?:[ -/]{1,4}[0-~]|[0-Z\\\\^-~])`,
  "g",
);

/** Any but tabs and line feeds. */
const CONTROL = /[^\t\n -~\u00a0-\uffff]/;

/** Whether a text holds a control character: without one it holds nothing that a terminal obeys. */
export function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

/** Text without them. Not by `stripVTControlCharacters`: in Bun, asking for it loads the inspector. */
export function stripTerminalCodes(text: string): string {
  return hasControls(text) ? text.replace(TERMINAL_CODE, "") : text;
}
