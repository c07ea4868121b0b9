// Markup that is safe by construction: text is always escaped, except by `trusted`, which must not get text from a log.
import { escapeHtml, unescapeHtml } from "../../system/escape-html.ts";

/** Markup in which all text has already been escaped. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A value in a template. Null, undefined and false render as nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** A template tag that escapes text, for content and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let source = strings[0] ?? "";
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    // One sum of three terms, because each sum allocates. The two most frequent types are handled without a call.
    if (part instanceof Html) source = source + part.source + strings[index + 1];
    else if (typeof part === "string") source = source + escapeText(part) + strings[index + 1];
    else source = source + render(part) + strings[index + 1];
  }
  return new Html(source);
}

/** Marks as markup what this code or the Markdown library has already escaped. */
export function trusted(source: string): Html {
  return new Html(source);
}

/** The text that markup shows: without tags, and unescaped. */
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

/** Matches text that needs no escaping. */
const HARMLESS = /^[\t\n !#-%(-;=?-~]*$/;

/** Escapes text for content and for quoted attributes, and makes deceptive characters visible. */
function escapeText(text: string): string {
  return HARMLESS.test(text) ? text : escapeHtml(visibleText(text));
}

/**
 * Control characters and lone surrogates, which HTML does not allow; characters that reorder the displayed text; tag
 * characters, which are invisible but readable by machines.
 */
const DECEPTIVE = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/** Matches every UTF-16 code unit that may be part of a deceptive character. It is fast, and rarely matches. */
const SUSPICIOUS = /[^\t\n -~\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]/;

/** Replaces deceptive characters by U+FFFD. Line feeds, tabs, joiners and direction marks are kept. */
export function visibleText(text: string): string {
  return SUSPICIOUS.test(text) ? text.replace(/\r\n?/g, "\n").replace(DECEPTIVE, "\ufffd") : text;
}
