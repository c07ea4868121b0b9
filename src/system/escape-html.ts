// Text as HTML that shows it. Bun has this in native code, and pages are made of little else.

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** The text as it may stand in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  if (typeof Bun !== "undefined") return Bun.escapeHTML(text);
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** What escaped text shows. What it holds of markup stays. */
export function unescapeHtml(escaped: string): string {
  if (!escaped.includes("&")) return escaped;
  // The ampersand last: what it begins once it is one was text.
  return escaped
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}
