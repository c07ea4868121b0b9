// Markup that is safe by construction: text becomes markup only by being escaped, and there is no way around it but
// `trusted`, which nothing from a log may reach.

import { escapeHtml, unescapeHtml } from "../../system/escape-html.ts";

/** Finished markup. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What may stand in a template; null, undefined and false stand for nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** A template whose texts are escaped, in content and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let source = strings[0] ?? "";
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    // One sum of three, not two of two: each makes an object. What most parts are is told here, not in a function.
    if (part instanceof Html) source = source + part.source + strings[index + 1];
    else if (typeof part === "string") source = source + escapeText(part) + strings[index + 1];
    else source = source + render(part) + strings[index + 1];
  }
  return new Html(source);
}

/** Markup that was escaped elsewhere, by code of ours or by the Markdown library. */
export function trusted(source: string): Html {
  return new Html(source);
}

/** The text that markup shows: tags left out, what was escaped as it was. */
export function plainText({ source }: Html): string {
  return unescapeHtml(source.replace(TAG, ""));
}

function render(part: Part): string {
  if (part instanceof Html) return part.source;
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  if (part === null || part === undefined || part === false) return "";
  let source = "";
  for (const one of part) source += render(one);
  return source;
}

const TAG = /<[^>]*>/g;

/** Text of nothing but these is markup already. */
const HARMLESS = /^[\t\n !#-%(-;=?-~]*$/;

/** Text as it may stand in content and in quoted attributes. What would deceive the eye is made visible. */
function escapeText(text: string): string {
  return HARMLESS.test(text) ? text : escapeHtml(visibleText(text));
}

/**
 * Control characters and half characters, which HTML has no place for; marks that reorder what is read; tags, a text
 * that only machines read.
 */
const DECEIVING = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/** What may be deceiving, or half of a character that is: quick to look for, and mostly not there. */
const DOUBTFUL = /[^\t\n -~\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]/;

/** Text in which what cannot be seen shows as U+FFFD. Line feeds and tabs stay, as do joiners and direction marks. */
export function visibleText(text: string): string {
  return DOUBTFUL.test(text) ? text.replace(/\r\n?/g, "\n").replace(DECEIVING, "\ufffd") : text;
}
