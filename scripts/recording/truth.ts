// The ground truth beside git's own account: what only the scenario knows.
import type { Commit, TouchedFiles } from "../../src/evidence/evidence.ts";
import type { ScenarioRun } from "./scenario.ts";

export const NOTHING: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };

/** Files of both lists. */
export function alongWith(touched: TouchedFiles, more: Partial<TouchedFiles> = {}): TouchedFiles {
  const all = { ...NOTHING, ...more };
  return {
    created: [...touched.created, ...all.created].sort(),
    modified: [...touched.modified, ...all.modified].sort(),
    deleted: [...touched.deleted, ...all.deleted].sort(),
    moved: [...touched.moved, ...all.moved],
  };
}

/** What one can know who has only the log, where the scenario says that it is not the same. */
export function knownFromLog(
  expect: { touched_files: TouchedFiles; commits: Commit[] },
  { touchedFiles, commits }: NonNullable<ScenarioRun["inLog"]>,
) {
  return {
    touched_files: touchedFiles === undefined ? expect.touched_files : { ...NOTHING, ...touchedFiles },
    commits: commits === undefined ? expect.commits : expect.commits.filter(({ message }) => commits.includes(message)),
  };
}
