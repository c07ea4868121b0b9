// What a session was called, as far as the name of its directory tells.

const STAMP = /^\d{4}-\d{2}-\d{2}-\d{4}(?:_|$)/;
const UNNAMED = "session";

/**
 * The label in the name of a session directory; empty where it was named without one. A number at its end belongs to
 * the label, unless a directory without it shows that it only tells namesakes apart.
 */
export function labelOfFolder(name: string, siblings: ReadonlySet<string>): string {
  const base = name.replace(/_\d+$/, "");
  const own = base !== name && siblings.has(base) ? base : name;
  const label = own.replace(STAMP, "");
  return label === UNNAMED ? "" : label.replaceAll("_", " ").trim();
}
