// The facts of a digest: the evidence of the run, limited in number.
import type { Commit, Evidence, TestRun, TouchedFiles } from "../evidence/evidence.ts";
import type { OutcomeFact } from "./outcomes.ts";

/** A fact that a sentence can name; see fact-ids.ts. */
interface Numbered {
  id?: string;
}

export interface DigestFacts {
  touched_files: TouchedFiles;
  tests: (TestRun & Numbered)[];
  commits: (Commit & Numbered)[];
  failed_commands: ({ command: string; exit_code: number | null } & Numbered)[];
  failed_edits: number;
  /** Absent in a digest that was built without them. */
  outcomes?: (OutcomeFact & Numbered)[];
  models: string[];
  commands: number;
  edits: number;
}

/** How many of each kind were omitted. */
export type Omitted = Record<string, number>;

export function factsOf(evidence: Evidence, outcomes: OutcomeFact[]): DigestFacts {
  return {
    touched_files: evidence.touchedFiles,
    tests: evidence.tests,
    commits: evidence.commits,
    failed_commands: evidence.failedCommands.map(({ command, exitCode }) => ({ command, exit_code: exitCode })),
    failed_edits: evidence.failedEdits.length,
    outcomes,
    models: evidence.models,
    commands: evidence.commands,
    edits: evidence.edits,
  };
}

/** At most `max` of each list of facts, half from its start and half from its end. */
export function limitFacts(facts: DigestFacts, max: number): { facts: DigestFacts; omitted: Omitted } {
  const omitted: Omitted = {};
  const limit = <T>(name: string, list: T[]): T[] => {
    if (list.length <= max) return list;
    omitted[name] = (omitted[name] ?? 0) + list.length - max;
    const tail = Math.floor(max / 2);
    return [...list.slice(0, max - tail), ...list.slice(list.length - tail)];
  };
  const { created, modified, deleted, moved } = facts.touched_files;
  const limited: DigestFacts = {
    ...facts,
    touched_files: {
      created: limit("touched_files", created),
      modified: limit("touched_files", modified),
      deleted: limit("touched_files", deleted),
      moved: limit("touched_files", moved),
    },
    tests: limit("tests", facts.tests),
    commits: limit("commits", facts.commits),
    failed_commands: limit("failed_commands", facts.failed_commands),
    models: limit("models", facts.models),
    ...(facts.outcomes !== undefined && { outcomes: limit("outcomes", facts.outcomes) }),
  };
  return { facts: limited, omitted };
}

export function addCounts(a: Omitted, b: Omitted): Omitted {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
