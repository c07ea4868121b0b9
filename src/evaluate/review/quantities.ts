// Counts and measurements in a text, held against the numbers that the run shows.
import { type Clause, clausesOf } from "./clauses.ts";
import { NUMBER_WORDS } from "./lexicon.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

const UNITS =
  /^(?:ms|s|sec|secs|seconds?|minutes?|min|hours?|µs|us|ns|kb|mb|gb|kib|mib|bytes?|k|m|percent|fps|rps|qps)$/;
/** Nouns that a run counts. */
const COUNTED =
  /^(?:commits?|commands?|files?|edits?|runs?|tests?|cases?|suites?|specs?|failures?|errors?|warnings?|issues?|references?|mentions?|matches|hits?|occurrences?|lines?|pushes|tags?|releases?|branches|prs?|checks?|deployments?|items?|users?|customers?|insertions?|deletions?|assertions?|times|packages?|versions?|bugs?|findings?|problems?|violations?|conflicts?|attempts?|tries|reviewers?|approvals?)$/;

/** Whether every count and measurement of the text is one that the run shows. */
export function numbersAreProven(text: string, run: RunOutcomes): boolean {
  const known = knownNumbers(run);
  return clausesOf(text).every((clause) => clause.words.every((_, at) => isKnown(clause, at, known, run)));
}

function isKnown({ words }: Clause, at: number, known: ReadonlySet<number>, run: RunOutcomes): boolean {
  const word = words[at];
  if (word === undefined || (word.kind !== "number" && word.kind !== "word")) return true;
  const isWord = word.kind === "word";
  const next = words[at + 1]?.text ?? "";
  const value = isWord ? NUMBER_WORDS.get(word.text) : numberOf(word.text);
  if (value === undefined || (isWord && value < 2)) return true;
  const nouns = words.slice(at + 1, at + 4).map(({ text }) => text);
  if (/^(?:x|times|fold)$/.test(next) && !/^times$/.test(next)) return isRatio(value, run);
  if (word.text.endsWith("%") || next === "percent") return known.has(value) || isShare(value, run);
  const counted = nouns.findIndex((noun) => COUNTED.test(noun));
  if (/^(?:more|other|additional|further)$/.test(next)) return true;
  if (word.text.split(".").length > 2 || /^(?:v|version|versions|node|python)$/.test(words[at - 1]?.text ?? ""))
    return true;
  const noun = counted === -1 ? "" : (nouns[counted] ?? "");
  const expected = expectedCounts(noun, run);
  if (expected !== null && counted <= 1 && !/^(?:pr|issue|version|v)$/.test(words[at - 1]?.text ?? ""))
    return expected.includes(value);
  const isMeasured = UNITS.test(next) || word.text.includes(".") || counted !== -1;
  if (isWord ? counted === -1 : !isMeasured) return true;
  const scaled = next === "k" ? value * 1e3 : next === "m" ? value * 1e6 : value;
  const isPlain = !UNITS.test(next) && counted === -1;
  return known.has(scaled) || (isPlain && run.replies.includes(word.text)) || (isWord && known.has(value));
}

function numberOf(text: string): number | undefined {
  const value = Number(text.replace(/%$/, "").replace(/,(?=\d{3}\b)/g, ""));
  return Number.isNaN(value) ? undefined : value;
}

/** What the facts say for this noun; null where they count no such thing. */
function expectedCounts(noun: string, { evidence, commands, tests, outcomes }: RunOutcomes): number[] | null {
  if (/^commits?$/.test(noun)) return [evidence.commits.length];
  if (/^commands?$/.test(noun)) {
    const amount = (wanted: string) => commands.filter(({ outcome }) => outcome === wanted).length;
    const distinct = new Set(evidence.failedCommands.map(({ command }) => command)).size;
    const besidesTests = new Set(
      evidence.failedCommands.flatMap(({ command }) =>
        tests.some((test) => command.includes(test.command)) ? [] : command,
      ),
    ).size;
    return [
      evidence.commands,
      commands.length,
      evidence.failedCommands.length,
      distinct,
      besidesTests,
      amount("ok"),
      amount("failed"),
    ];
  }
  if (/^edits?$/.test(noun)) return [evidence.edits, evidence.failedEdits.length];
  if (/^pushes$/.test(noun)) return [outcomes.filter(({ kind }) => kind === "pushed").length];
  if (/^runs$/.test(noun)) {
    const by = Map.groupBy(tests, ({ result }) => result);
    return [tests.length, ...[...by.values()].map((group) => group.length), commands.length];
  }
  if (/^files?$/.test(noun)) {
    const { created, modified, deleted, moved } = evidence.touchedFiles;
    const sizes = [created.length, modified.length, deleted.length, moved.length];
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return [...sizes, total, ...sizes.map((size) => total - size)];
  }
  return null;
}

/** Numbers in the texts and counts of the run. */
function knownNumbers(run: RunOutcomes): Set<number> {
  const { evidence, tests } = run;
  const texts = [run.words, ...evidence.commits.map(({ message }) => message)].join("\n").replace(/\d>&\d/g, " ");
  const written = [...texts.matchAll(/(?<![\w.])v?(\d+(?:,\d{3})*(?:\.\d+)*(?:e\d+)?)/g)].flatMap(([, text = ""]) => {
    const value = numberOf(text);
    return value === undefined ? [] : [value];
  });
  const counts = tests.flatMap(({ count }) => (count === null ? [] : [count.total, count.passed, count.failed]));
  const facts = [
    evidence.commits.length,
    evidence.commands,
    evidence.edits,
    tests.length,
    evidence.failedCommands.length,
  ];
  return new Set([...written, ...counts, ...facts, 0, 1]);
}

/** The measurements of the run: decimal numbers and numbers with a unit. */
function measurements({ words }: RunOutcomes): number[] {
  const found = words.matchAll(/(?<![\w.])(\d+(?:\.\d+)?)(?= ?(?:ms|s|sec|seconds|mb|kb|gb|bytes|%)\b)/g);
  return [...new Set([...found].map(([, text]) => Number(text)))].slice(0, 60);
}

function isRatio(value: number, run: RunOutcomes): boolean {
  const all = measurements(run);
  return all.some((a) => all.some((b) => b > 0 && Math.abs(a / b - value) <= 0.06 * value));
}

function isShare(value: number, run: RunOutcomes): boolean {
  const all = measurements(run);
  return all.some((a) =>
    all.some((b) => b > 0 && (Math.abs(100 * (1 - a / b) - value) <= 1.5 || Math.abs((100 * a) / b - value) <= 1.5)),
  );
}
