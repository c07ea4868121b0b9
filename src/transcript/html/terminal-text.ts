// Output written for a terminal as HTML: colors and styles become spans, other control sequences are removed.
import { hasControlChars, TERMINAL_CODE } from "../../system/terminal-codes.ts";
import { type Html, html } from "./template.ts";

/** The eight basic colors. Bright ones are shown as these, and no others are supported. */
const COLORS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

interface Style {
  color: string | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Style = { color: null, bold: false, dim: false, italic: false, underline: false };

/** Returns the text itself if it has no control sequences. */
export function terminalText(output: string): Html | string {
  if (!hasControlChars(output)) return output;
  const text = lastStates(output);
  const spans: Html[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of text.matchAll(TERMINAL_CODE)) {
    spans.push(styled(text.slice(from, match.index), style));
    from = match.index + match[0].length;
    if (match[1] !== undefined) style = applyCodes(style, match[1]);
  }
  spans.push(styled(text.slice(from), style));
  return html`${spans}`;
}

/** Keeps only the last state of a line that was overwritten, by a progress bar for example. */
function lastStates(output: string): string {
  return output.includes("\r") ? output.split("\n").map(lastState).join("\n") : output;
}

function lastState(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

function styled(text: string, style: Style): Html {
  if (style === PLAIN || text === "") return html`${text}`;
  const { color, ...marks } = style;
  const names = Object.entries(marks).flatMap(([name, on]) => (on ? [`t-${name}`] : []));
  const classes = [...(color === null ? [] : [`t-${color}`]), ...names].join(" ");
  return classes === "" ? html`${text}` : html`<span class="${classes}">${text}</span>`;
}

function applyCodes(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    // A color by number or by RGB values: skip its parameters.
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, color: null };
  const normal = COLORS[code - 30] ?? COLORS[code - 90];
  return normal === undefined ? style : { ...style, color: normal };
}
