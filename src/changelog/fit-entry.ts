// Makes an entry storable, so that no run is lost for a long list, a long label or a path in somebody's home.
import { cutText } from "../evidence/plain-text.ts";
import { scrubPaths } from "../secrets/scrub-paths.ts";
import { type Entry, LIMITS } from "./entry.ts";
import { toUtc } from "./utc.ts";

/**
 * The entry with everything within `LIMITS` and no home path left; `notes` begin with the lists that were cut. Fewer
 * `items` make a shorter row.
 */
export function fitEntry(entry: Entry, items: number = LIMITS.items): Entry {
  const cuts: string[] = [];
  const list = <T>(name: string, all: readonly T[], max: number): T[] => {
    if (all.length > max) cuts.push(`${name}: the first ${max} of ${all.length} are listed`);
    return all.slice(0, max);
  };
  const files = entry.touched_files;
  const { output_dir, index_html, source_jsonl, source_match_json } = entry.transcript;
  const fitted: Entry = {
    ...entry,
    label: cutText(entry.label, LIMITS.label),
    start: toUtc(entry.start),
    end: toUtc(entry.end),
    session_dir: fitPath(entry.session_dir),
    transcript: {
      output_dir: fitPath(output_dir),
      index_html: fitPath(index_html),
      source_jsonl: fitPath(source_jsonl),
      source_match_json: fitPath(source_match_json),
    },
    summary: cutText(entry.summary, LIMITS.summary),
    bullets: list("bullets", entry.bullets, LIMITS.bullets).map((bullet) => cutText(bullet, LIMITS.bullet)),
    tags: list("tags", entry.tags, LIMITS.tags).map((tag) => cutText(tag, LIMITS.tag)),
    touched_files: {
      created: list("created files", files.created, items).map(fitPath),
      modified: list("modified files", files.modified, items).map(fitPath),
      deleted: list("deleted files", files.deleted, items).map(fitPath),
      moved: list("moved files", files.moved, items).map(({ from, to }) => ({
        from: fitPath(from),
        to: fitPath(to),
      })),
    },
    tests: list("tests", entry.tests, items).map((run) => ({ ...run, cmd: cutText(run.cmd, LIMITS.command) })),
    commits: list("commits", entry.commits, items).map((commit) => ({
      ...commit,
      message: cutText(commit.message, LIMITS.message),
    })),
  };
  const notes = [...cuts, entry.notes ?? ""].filter((note) => note !== "").join("\n");
  return { ...fitted, notes: notes === "" ? entry.notes : cutText(notes, LIMITS.notes) };
}

/** Scrubs until nothing is left to scrub: what was taken out, or cut off, may let the next thing be seen. */
function fitPath<P extends string | null>(path: P): P | string {
  if (path === null) return path;
  const fitted = cutText(scrubPaths(path, {}), LIMITS.path);
  return fitted === path ? fitted : fitPath(fitted);
}
