// Makes an entry storable, so that no run is lost for a long list, a long label or a path in somebody's home.
import { scrubPaths } from "../secrets/scrub-paths.ts";
import { type Entry, LIMITS } from "./entry.ts";
import { toUtc } from "./utc.ts";

/** The entry with everything within `LIMITS` and no home path left; `notes` begin with the lists that were cut. */
export function fitEntry(entry: Entry): Entry {
  const cuts: string[] = [];
  const list = <T>(name: string, items: readonly T[], max: number): T[] => {
    if (items.length > max) cuts.push(`${name}: the first ${max} of ${items.length} are listed`);
    return items.slice(0, max);
  };
  const files = entry.touched_files;
  const { output_dir, index_html, source_jsonl, source_match_json } = entry.transcript;
  const fitted: Entry = {
    ...entry,
    label: shorten(entry.label, LIMITS.label),
    start: toUtc(entry.start),
    end: toUtc(entry.end),
    session_dir: fitPath(entry.session_dir),
    transcript: {
      output_dir: fitPath(output_dir),
      index_html: fitPath(index_html),
      source_jsonl: fitPath(source_jsonl),
      source_match_json: fitPath(source_match_json),
    },
    summary: shorten(entry.summary, LIMITS.summary),
    bullets: list("bullets", entry.bullets, LIMITS.bullets).map((bullet) => shorten(bullet, LIMITS.bullet)),
    tags: list("tags", entry.tags, LIMITS.tags).map((tag) => shorten(tag, LIMITS.tag)),
    touched_files: {
      created: list("created files", files.created, LIMITS.items).map(fitPath),
      modified: list("modified files", files.modified, LIMITS.items).map(fitPath),
      deleted: list("deleted files", files.deleted, LIMITS.items).map(fitPath),
      moved: list("moved files", files.moved, LIMITS.items).map(({ from, to }) => ({
        from: fitPath(from),
        to: fitPath(to),
      })),
    },
    tests: list("tests", entry.tests, LIMITS.items).map((run) => ({ ...run, cmd: shorten(run.cmd, LIMITS.command) })),
    commits: list("commits", entry.commits, LIMITS.items).map((commit) => ({
      ...commit,
      message: shorten(commit.message, LIMITS.message),
    })),
  };
  const notes = [...cuts, entry.notes ?? ""].filter((note) => note !== "").join("\n");
  return { ...fitted, notes: notes === "" ? entry.notes : shorten(notes, LIMITS.notes) };
}

function fitPath<P extends string | null>(path: P): P | string {
  return path === null ? path : shorten(scrubPaths(path, {}), LIMITS.path);
}

/** Cuts a text, never through a character that takes two units. */
function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
