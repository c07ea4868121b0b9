// Claims that files are gone, kept, new or untouched.
import { citedPaths } from "./cited-names.ts";
import type { Clause } from "./clauses.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

export const DELETED =
  /^(?:delet(?:ed|es|ing)|remov(?:ed|es|ing)|dropped|drops|nuked|purged|erased|wiped|gone|binned|scrapped|ditched|axed)$/;
const KEPT = /^(?:kept|keeps|keep|stays|stayed|remains|remained|retained|preserved|exists|intact|survives|survived)$/;
const UNTOUCHED = /^(?:untouched|unchanged|unmodified|unedited|alone)$/;

interface Reading {
  denied(index: number): boolean;
  isUnreal(index: number): boolean;
}

/** Files that the clause says are gone, kept, new or untouched. */
export function filesAreProven(clause: Clause, run: RunOutcomes, { denied, isUnreal }: Reading): boolean {
  const { words } = clause;
  const { created, modified, deleted, moved } = run.evidence.touchedFiles;
  const gone = [...deleted, ...moved.map(({ from }) => from)];
  const is = (path: string, list: readonly string[]) => {
    const name = path.toLowerCase().replace(/^\.\//, "");
    return list.some(
      (one) =>
        one.toLowerCase() === name ||
        one.toLowerCase().endsWith(`/${name}`) ||
        one.toLowerCase().startsWith(name.replace(/\/?$/, "/")),
    );
  };
  const files = words.flatMap(({ text, kind }, index) =>
    kind !== "number" && citedPaths(text).length > 0 ? [{ path: text, index }] : [],
  );
  const verb = words.findIndex(
    ({ kind, text }) => kind === "word" && (DELETED.test(text) || /^(?:took|rid)$/.test(text)),
  );
  const isPassive = words.some(({ text }) => /^(?:is|are|was|were|gone|deleted|removed)$/.test(text));
  if (verb !== -1 && !isUnreal(verb)) {
    const objects = files.filter(({ index }) => {
      if (index < verb) return isPassive || verb === words.length - 1;
      return !words.slice(verb, index).some(({ text }) => /^(?:from|in|of|to|out|by|inside)$/.test(text));
    });
    for (const { path } of objects) {
      if (denied(verb) ? is(path, deleted) : !is(path, gone)) return false;
    }
    const branch = words.findIndex(({ text }) => text === "branch");
    if (
      branch !== -1 &&
      objects.length === 0 &&
      !denied(verb) &&
      !run.prove("branch_deleted").done &&
      !run.commands.some(({ text }) => /--delete-branch|branch -\w*[dD]/.test(text))
    )
      return false;
  }
  const kept = words.findIndex(({ kind, text }) => kind === "word" && (KEPT.test(text) || UNTOUCHED.test(text)));
  if (kept !== -1 && !denied(kept)) {
    const isUntouched = words.some(({ text }) => UNTOUCHED.test(text));
    for (const { path } of files) {
      if (is(path, deleted)) return false;
      if (isUntouched && is(path, [...created, ...modified, ...gone])) return false;
    }
  }
  const moving = words.findIndex(
    ({ kind, text }) => kind === "word" && /^(?:moved|moving|move|renamed|renaming|relocated|relocating)$/.test(text),
  );
  if (moving !== -1 && moved.length > 0 && denied(moving)) return false;
  for (const { path, index } of files) {
    const before = words.slice(Math.max(0, index - 3), index).map(({ text }) => text);
    if (
      before.some((word) => /^(?:new|created)$/.test(word)) &&
      !is(path, [...created, ...moved.map(({ to }) => to)]) &&
      is(path, modified)
    )
      return false;
  }
  return true;
}
