// The part of the ground truth that git does not show, from the scenario.
import type { Commit, TouchedFiles } from "../../src/evidence/evidence.ts";
import type { ScenarioRun } from "./scenario.ts";

export const NO_FILES: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };

export function mergeTouchedFiles(touched: TouchedFiles, more: Partial<TouchedFiles> = {}): TouchedFiles {
  const all = { ...NO_FILES, ...more };
  return {
    created: [...touched.created, ...all.created].sort(),
    modified: [...touched.modified, ...all.modified].sort(),
    deleted: [...touched.deleted, ...all.deleted].sort(),
    moved: [...touched.moved, ...all.moved],
  };
}

/** The expected facts with only the log as a source, where the scenario says that they differ. */
export function factsInLog(
  expect: { touched_files: TouchedFiles; commits: Commit[] },
  { touchedFiles, commits }: NonNullable<ScenarioRun["inLog"]>,
) {
  return {
    touched_files: touchedFiles === undefined ? expect.touched_files : { ...NO_FILES, ...touchedFiles },
    commits: commits === undefined ? expect.commits : expect.commits.filter(({ message }) => commits.includes(message)),
  };
}
