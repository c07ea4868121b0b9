type Replacer = (...args: unknown[]) => string;

/**
 * What `text.replace` gives for the same pattern, global instead of sticky, if all its matches begin at these places,
 * which ascend. The replacer gets the same arguments.
 */
export function replaceAt(text: string, places: readonly number[], pattern: RegExp, replacer: Replacer): string {
  let result = "";
  let from = 0;
  for (const at of places) {
    if (at < from) continue;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const groups = match.groups === undefined ? [] : [match.groups];
    result += text.slice(from, at) + replacer(...match, at, text, ...groups);
    from = at + match[0].length;
  }
  return from === 0 ? text : result + text.slice(from);
}
