// Counts and measurements in a text, held against the numbers that the run shows.
import { type Clause, clausesOf } from "./clauses.ts";
import { NUMBER_WORDS } from "./lexicon.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

const UNITS =
  /^(?:ms|s|sec|secs|seconds?|minutes?|min|hours?|µs|us|ns|kb|mb|gb|kib|mib|bytes?|k|m|percent|fps|rps|qps)$/;
/** Nouns that a run counts. */
const COUNTED =
  /^(?:commits?|commands?|files?|edits?|runs?|tests?|cases?|suites?|specs?|failures?|errors?|warnings?|issues?|references?|mentions?|matches|hits?|occurrences?|lines?|pushes|tags?|releases?|branches|prs?|checks?|deployments?|items?|users?|customers?|insertions?|deletions?|assertions?|times|packages?|versions?|bugs?|findings?|problems?|violations?|conflicts?|attempts?|tries|reviewers?|approvals?)$/;

const CHANGING = /\b(?:chang|modif|touch|creat|add|delet|remov|mov|edit|updat|drop|renam|across)/;

/** Words that state a factor of time or size. */
const FACTORS: readonly (readonly [RegExp, number])[] = [
  [
    /\btwice as (?:fast|slow|large|small|quick)|\b(?:doubled|halved) (?:the )?(?:speed|time|size|memory|latency|throughput|runtime)|\b(?:speed|throughput|performance|latency|runtime|memory|size)(?: use)? (?:was |has |is |were )?(?:doubled|halved)\b|\bhalf the (?:time|size|memory)/i,
    2,
  ],
  [/\btripled (?:the )?(?:speed|throughput)|\ba third of the (?:time|size|memory)/i, 3],
  [/\border of magnitude|\btenfold/i, 10],
];

/** Whether every count and measurement of the text is one that the run shows. */
export function numbersAreProven(text: string, run: RunOutcomes): boolean {
  const known = knownNumbers(run);
  const factor = FACTORS.find(([pattern]) => pattern.test(text))?.[1];
  if (factor !== undefined && !isRatio(factor, run)) return false;
  return clausesOf(text).every((clause) => clause.words.every((_, at) => isKnown(clause, at, known, run)));
}

function isKnown({ words }: Clause, at: number, known: ReadonlySet<number>, run: RunOutcomes): boolean {
  const word = words[at];
  if (word === undefined || (word.kind !== "number" && word.kind !== "word")) return true;
  const isWord = word.kind === "word";
  const next = words[at + 1]?.text ?? "";
  const ordinal = ["second", "third", "fourth"].indexOf(word.text);
  if (ordinal !== -1 && /^(?:commits?|push|pushes)$/.test(next))
    return (expectedCounts(next === "push" ? "pushes" : next, run, "")?.[0] ?? 0) >= ordinal + 2;
  const value = isWord ? NUMBER_WORDS.get(word.text) : numberOf(word.text);
  if (value === undefined || (isWord && value < 2)) return true;
  const nouns = words.slice(at + 1, at + 4).map(({ text }) => text);
  const compares = words
    .slice(at + 1, at + 6)
    .some(({ text }) => /^(?:faster|slower|smaller|larger|bigger|less|quicker|speedup|improvement)$/.test(text));
  if (/^(?:x|fold)$/.test(next) || (next === "times" && compares)) return isRatio(value, run);
  if (/^(?:#|prs?|mrs?)$/.test(words[at - 1]?.text ?? "")) return known.has(value) || run.replies.includes(word.text);
  if (/^(?:0|100)%$/.test(word.text)) return true;
  if (word.text.endsWith("%") || next === "percent") return known.has(value) || isShare(value, run);
  const counted = nouns.findIndex((noun) => COUNTED.test(noun));
  if (/^(?:more|other|additional|further)$/.test(next)) return true;
  if (word.text.split(".").length > 2 || /^(?:v|version|versions|node|python)$/.test(words[at - 1]?.text ?? ""))
    return true;
  const noun = counted === -1 ? "" : (nouns[counted] ?? "");
  if (/^files?$/.test(noun) && !CHANGING.test(words.map(({ text }) => text).join(" "))) return true;
  const expected = expectedCounts(noun, run, words.map(({ text }) => text).join(" "));
  if (expected !== null && counted <= 1 && !/^(?:pr|issue|version|v)$/.test(words[at - 1]?.text ?? ""))
    return expected.includes(value);
  const isMeasured = UNITS.test(next) || word.text.includes(".") || counted !== -1;
  const isFinding =
    /s$/.test(next) &&
    words
      .slice(0, at)
      .some(({ text }) =>
        /^(?:broke|found|fixed|caught|revealed|uncovered|discovered|reported|repaired|surfaced)$/.test(text),
      );
  if (isFinding) return known.has(value);
  if (isWord ? counted === -1 : !isMeasured) return true;
  const scaled = next === "k" ? value * 1e3 : next === "m" ? value * 1e6 : value;
  const seconds = /^(?:s|secs?|seconds?)$/.test(next);
  if (seconds && [...known].some((one) => Math.abs(one / 1e3 - value) <= 0.05 * value)) return true;
  const isPlain = !UNITS.test(next) && counted === -1;
  return known.has(scaled) || (isPlain && run.replies.includes(word.text)) || (isWord && known.has(value));
}

function numberOf(text: string): number | undefined {
  const value = Number(text.replace(/%$/, "").replace(/,(?=\d{3}\b)/g, ""));
  return Number.isNaN(value) ? undefined : value;
}

/** What the facts say for this noun; null where they count no such thing. */
function expectedCounts(
  noun: string,
  { evidence, commands, tests, outcomes }: RunOutcomes,
  clause: string,
): number[] | null {
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
    if (/\b(?:deleted|removed|dropped)\b/.test(clause) && !/\b(?:created|added|modified|moved)\b/.test(clause))
      return [deleted.length];
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
  const checks = run.checks.map(({ result }) => result);
  const results = [...Map.groupBy(checks, (result) => result).values()].map((group) => group.length);
  return new Set([...written, checks.length, ...results, ...counts, ...facts, 0, 1]);
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
  const ok = run.commands.filter(({ outcome }) => outcome === "ok").length;
  const counts = [
    [ok, run.commands.length],
    ...run.tests.flatMap(({ count }) => (count === null ? [] : [[count.passed, count.total]])),
  ];
  const shares = counts.flatMap(([part = 0, whole = 0]) =>
    whole === 0 ? [] : [(100 * part) / whole, 100 - (100 * part) / whole],
  );
  if (shares.some((share) => Math.abs(share - value) <= 1)) return true;
  const all = measurements(run);
  return all.some((a) =>
    all.some((b) => b > 0 && (Math.abs(100 * (1 - a / b) - value) <= 1.5 || Math.abs((100 * a) / b - value) <= 1.5)),
  );
}
