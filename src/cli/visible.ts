/**
 * Text from logs, repositories and models made safe for a terminal: control characters, which could move the cursor
 * or forge output, and bidirectional overrides, which reorder it, become U+FFFD. Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
