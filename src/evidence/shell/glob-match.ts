// Shell patterns against the files that are known.

/** The entries, files or folders, that the last segments of a path match, among files as deep or deeper. */
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
  // Many stars make the matcher go back and forth without end.
  if (pattern.split("*").length > MAX_STARS + 1) return NOTHING;
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? "";
    const close = char === "[" ? pattern.indexOf("]", index + 2) : -1;
    if (char === "\\") source += escapeRegExp(pattern[++index] ?? "");
    else if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (close !== -1) {
      const body = pattern.slice(index + 1, close);
      source += `[${body.replace(/^!/, "^").replace(/[\\\]&]/g, "\\$&")}]`;
      index = close;
    } else source += escapeRegExp(char);
  }
  const dot = /^[*?[]/.test(pattern) ? "(?!\\.)" : "";
  try {
    return new RegExp(`^${dot}${source}$`, "s");
  } catch {
    // `[z-a]` is no class: such a pattern matches nothing.
    return NOTHING;
  }
}

const MAX_STARS = 4;
const NOTHING = /(?!)/;

function escapeRegExp(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
