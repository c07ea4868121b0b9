// Turns a model's Markdown and HTML into the plain text of an entry: names in backticks, no other markup, no links.

export const LINK = "[link omitted]";

/** Addresses with a scheme, hosts that begin with `www.`, and SSH addresses of git. */
const URL_TEXT =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s`"'<>)\]}]*|\b(?:javascript|vbscript|livescript):\S+|\bdata:[a-z]+\/[^\s`"'<>)\]}]+|\bmailto:[^\s`"'<>)\]}]+|\btel:\+?\d[\d-]+|\bgit@[\w.-]+:[^\s`"'<>)\]}]+|(?<![\w.@/-])www\.[\w-]+\.[^\s`"'<>)\]}]+|(?<![:\w])\/\/[\w-]+\.[\w-]+[^\s`"'<>)\]}]*/gi;

/** `[text](target)`, `![text](target)`; then `[text][name]`; then `[name]: target`. */
const INLINE_LINK =
  /!?\[([^[\]]{0,400})\]\(\s{0,9}(?:<[^<>]{0,800}>|(?:[^()\s]|\([^()\s]{0,400}\)){0,800})(?:\s{1,9}["'(][^"')]{0,200}["')])?\s{0,9}\)/g;
const REFERENCE_LINK = /!?\[([^[\]]{1,400})\]\[[^[\]]{0,100}\]/g;
const DEFINITION = /^\s{0,3}\[[^[\]]{1,100}\]:\s+\S.*$/;
const LEFTOVER_IMAGE = /!(?=\[[^[\]]{0,400}\])/g;

/** HTML elements. Other names between `<` and `>` are generic types or components: `Map<string>`, `<Cart />`. */
const ELEMENTS =
  "a|abbr|address|applet|area|article|aside|audio|b|base|bdi|bdo|blockquote|body|br|button|canvas|center|code|dd|del|details|dialog|div|dl|dt|em|embed|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|marquee|math|meta|nav|noscript|ol|option|p|picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|video|wbr|xmp";
/** `<script …>` and `<style …>` with their contents. */
const ACTIVE = /<(script|style)\b[^>]{0,400}>[\s\S]*?(?:<\/\1\s{0,20}>|$)/gi;
const COMMENT = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[|\]\]>|<[!?][a-z][^>]{0,400}>/gi;
const WITH_ATTRIBUTES = /<\/?[a-z][\w:-]{0,60}(?:\s+|\/)[\w:@.-]{1,60}\s*=[^>]{0,800}(?:>|$)/gi;
const ELEMENT = new RegExp(`</?(?:${ELEMENTS}|[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?:\\s[^<>]{0,400})?/?>`, "gi");
const UNCLOSED = /<(?:a|iframe|img|script|svg|object|embed|form|link|meta|style)(?:\s[^<>]*)?$/i;

/** Removing markup can reveal more of it (`<scr<b>ipt>`): how many passes are made. */
const MAX_PASSES = 8;

/** The text without links and markup. Text in backticks stays, except links and tags with attributes. */
export function plainText(text: string): string {
  let plain = text;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = plain;
    plain = removeMarkup(before);
    if (plain === before) return plain;
  }
  // Only an attack nests markup so deeply.
  return plain.replace(/[<>[\]()`*_#]/g, "");
}

function removeMarkup(text: string): string {
  const bare = text
    .replace(/(`{3,}|~{3,})[a-z]{0,20}(?=\s|$)/gi, " ")
    .replace(/``+/g, "")
    .replace(WITH_ATTRIBUTES, "")
    .replace(DEFINITION, "")
    .replace(INLINE_LINK, textOfLink)
    .replace(REFERENCE_LINK, textOfLink)
    .replace(/<(?=[a-z][a-z0-9+.-]{1,20}:\S)/gi, "")
    .replace(URL_TEXT, LINK)
    .replace(/\[link omitted\]>/g, LINK);
  return outsideCode(bare, plainProse)
    .replace(/[ \n]*\n[ \n]*| {2,}/g, " ")
    .trim();
}

/** The link's text; the link unchanged inside backticks, where `a[i](x)` is a call. */
function textOfLink(link: string, text: string, at: number, all: string): string {
  return all.slice(0, at).split("`").length % 2 === 0 ? link : text;
}

function plainProse(text: string, isFirst: boolean): string {
  const plain = text
    .replace(ACTIVE, "")
    .replace(COMMENT, "")
    .replace(ELEMENT, "")
    .replace(UNCLOSED, "")
    .replace(LEFTOVER_IMAGE, "")
    .replace(/\*\*(\S(?:[^*]{0,400}?\S)?)\*\*/g, "$1")
    .replace(/__(\S[^_]{0,400}?\s[^_]{0,400}?\S|\S\S?)__(?!\w)/g, "$1")
    .replace(/~~(\S(?:[^~]{0,400}?\S)?)~~/g, "$1")
    .replace(/(?<![\w*/.])\*([\p{L}\p{N}](?:[^*]{0,400}?[\p{L}\p{N}.!?])?)\*(?![\w*/.])/gu, "$1")
    .replace(/(?<![\w])_([\p{L}\p{N}][^_]{0,400}?\s[^_]{0,400}?[\p{L}\p{N}.!?])_(?![\w])/gu, "$1")
    .replace(/&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,7}|#x[0-9a-f]{1,6});/gi, "");
  return isFirst ? plain.replace(/^\s*(?:#{1,6}\s+|>+\s*|\|\s*|(?:[-*+•]|\d{1,2}[.)])\s+|\[[ xX]\]\s+)+/, "") : plain;
}

/** Applies `change` to the text outside of backticks. An unpaired last backtick does not open code. */
function outsideCode(text: string, change: (text: string, isFirst: boolean) => string): string {
  const pieces = text.split("`");
  const isCode = (at: number) => at % 2 === 1 && at < pieces.length - 1;
  return pieces.map((piece, at) => (isCode(at) ? piece : change(piece, at === 0))).join("`");
}
