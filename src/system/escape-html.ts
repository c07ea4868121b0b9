// Escapes text for HTML, in native code under Bun: rendering pages spends much of its time here.

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** Text that is safe in HTML content and in quoted attributes. */
export function escapeHtml(text: string): string {
  if (typeof Bun !== "undefined") return Bun.escapeHTML(text);
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Undoes `escapeHtml`; tags are left as they are. */
export function unescapeHtml(escaped: string): string {
  if (!escaped.includes("&")) return escaped;
  // The ampersand last, so that `&amp;lt;` becomes `&lt;`.
  return escaped
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&amp;", "&");
}
