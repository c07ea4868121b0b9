// The files a unified diff speaks of.

/** One file of a diff: null on the side where it does not exist. */
export interface DiffPaths {
  from: string | null;
  to: string | null;
}

/** Reads `--- a/x`, `+++ b/x`, `rename from`, `rename to`; `strip` leading parts are taken off, as `patch -p1` does. */
export function readUnifiedDiff(diff: string, strip: number): DiffPaths[] {
  const files: DiffPaths[] = [];
  const lines = diff.split("\n");
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? "";
    if (line.startsWith("--- ") && next.startsWith("+++ ") && (lines[index + 2] ?? "").startsWith("@@")) {
      files.push({ from: pathOf(line, strip), to: pathOf(next, strip) });
    } else if (line.startsWith("rename from ") && next.startsWith("rename to ")) {
      files.push({ from: line.slice("rename from ".length), to: next.slice("rename to ".length) });
    }
  }
  return files;
}

function pathOf(line: string, strip: number): string | null {
  const path = line.slice(4).replace(/\t.*$/, "").trim();
  if (path === "/dev/null") return null;
  return path.split("/").slice(strip).join("/");
}
