/**
 * A value as JSON that can stand inside any text. `<` and `>` are escaped, so that no tag in it closes the markers
 * around it; `$` is, because Codex replaces `$name` in a prompt by the skill of that name, and `@`,
 * because Claude Code puts the file that `@path` names before it; so are the line separators of Unicode.
 */
export function digestJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>$@\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

export function digestBytes(value: unknown): number {
  return Buffer.byteLength(digestJson(value));
}
