/** The files and folders that a path matches whose last segments (`glob`) are shell patterns. */
export function matchEntries(path: string, glob: readonly string[], files: readonly string[]): string[] {
  const segments = path.split("/");
  const patterns = glob.slice(-segments.length);
  const literals = segments.slice(0, segments.length - patterns.length);
  const tests = patterns.map(segmentPattern);
  const entries = new Set<string>();
  for (const file of files) {
    const parts = file.split("/");
    if (parts.length < segments.length) continue;
    const fits =
      literals.every((literal, index) => literal === parts[index]) &&
      tests.every((test, index) => test.test(parts[literals.length + index] ?? ""));
    if (fits) entries.add(parts.slice(0, segments.length).join("/"));
  }
  return [...entries];
}

/** `*`, `?` and `[…]` of one segment; a leading dot must be typed. */
function segmentPattern(pattern: string): RegExp {
  // Many stars make the matcher backtrack without end.
  if (pattern.split("*").length > MAX_STARS + 1) return MATCHES_NOTHING;
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? "";
    const close = char === "[" ? pattern.indexOf("]", index + 2) : -1;
    if (char === "\\") source += RegExp.escape(pattern[++index] ?? "");
    else if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (close !== -1) {
      const body = pattern.slice(index + 1, close);
      source += `[${body.replace(/^!/, "^").replace(/[\\\]&]/g, "\\$&")}]`;
      index = close;
    } else source += RegExp.escape(char);
  }
  const dot = /^[*?[]/.test(pattern) ? "(?!\\.)" : "";
  try {
    return new RegExp(`^${dot}${source}$`, "s");
  } catch {
    // `[z-a]` is not a valid class.
    return MATCHES_NOTHING;
  }
}

const MAX_STARS = 4;
const MATCHES_NOTHING = /(?!)/;
