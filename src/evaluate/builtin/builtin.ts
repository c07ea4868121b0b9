// The evaluator without a model: what the evidence says, in plain sentences. It serves where no model can be asked,
// and never quotes a prompt.

import { TextCleaner } from "../../digest/clean-text.ts";
import type { DigestAbout } from "../../digest/collector.ts";
import type { Commit, Evidence } from "../../evidence/evidence.ts";
import { mapStrings } from "../../secrets/map-strings.ts";
import type { Evaluation } from "../evaluator.ts";
import { promptRepetition } from "../repetition.ts";
import { code, count, list, sentence, someOf } from "./english.ts";
import { fileClauses, fileSummary } from "./files.ts";
import { failedEditSentence, failureSentence, testSentence } from "./sentences.ts";
import { tagsOf, withoutType } from "./tags.ts";

const TEXT_LENGTH = 200;
const LABEL_LENGTH = 80;
const COMMITS_NAMED = 5;
const SUBJECTS_IN_SUMMARY = 3;

type Told = Pick<
  Evidence,
  "touchedFiles" | "tests" | "commits" | "failedCommands" | "failedEdits" | "commands" | "edits"
>;

export function evaluateBuiltin(evidence: Evidence, about: DigestAbout): Evaluation {
  const cleaner = new TextCleaner(about.paths);
  const told = clean(evidence, cleaner);
  const label = oneLine(cleaner.short(about.label, LABEL_LENGTH));
  const repeats = promptRepetition(evidence.prompts);
  const summaries = [
    commitSummary(told),
    withLabel(label, workSummary(told)),
    workSummary(told),
    "a run that cannot be told without quoting its prompt",
  ];
  const bullets = [
    ...told.commits.slice(0, COMMITS_NAMED).map((commit) => commitBullet(commit, repeats)),
    moreCommits(told.commits),
    ...fileClauses(told.touchedFiles).map(sentence),
    testSentence(told.tests),
    failureSentence(told),
    failedEditSentence(told.failedEdits),
  ];
  const verdict = {
    summary: sentence(summaries.find((summary) => summary !== null && !repeats(summary)) ?? ""),
    bullets: bullets.filter((bullet): bullet is string => bullet !== null && !repeats(bullet)),
    tags: tagsOf(told),
    notes: null,
  };
  return { verdict, evaluator: BUILTIN, redactions: cleaner.redactions };
}

const BUILTIN: Evaluation["evaluator"] = {
  name: "builtin",
  model: null,
  version: null,
  digest: null,
  input_tokens: null,
  output_tokens: null,
  duration_ms: 0,
};

function clean(evidence: Evidence, cleaner: TextCleaner): Told {
  const { touchedFiles, tests, commits, failedCommands, failedEdits, commands, edits } = evidence;
  const failed = failedCommands.map((failure) => ({ ...failure, outputTail: "" }));
  const facts = { touchedFiles, tests, commits, failedCommands: failed, failedEdits, commands, edits };
  return mapStrings(facts, (text) => cleaner.short(text, TEXT_LENGTH));
}

/** One commit's subject and what came of the files; of several commits, the subjects. */
function commitSummary({ commits, touchedFiles }: Pick<Told, "commits" | "touchedFiles">): string | null {
  const subjects = commits.map(({ message }) => oneLine(withoutType(message))).filter((subject) => subject !== "");
  const [only] = subjects;
  if (only === undefined) return null;
  const files = fileSummary(touchedFiles);
  if (commits.length === 1) return files === "" ? only : withLabel(only, files);
  const shown = subjects.slice(0, SUBJECTS_IN_SUMMARY).map((subject) => subject.replace(/[.;]+$/, ""));
  const rest = commits.length - shown.length;
  return `Made ${count(commits.length, "commit")}: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}

function workSummary({ touchedFiles, tests, commands }: Told): string {
  const files = fileSummary(touchedFiles);
  if (files !== "") return files;
  if (tests.length > 0) return `ran tests and changed no files: ${resultsOf(tests)}`;
  if (commands > 0) return `ran ${count(commands, "command")} and changed no files`;
  return "no command ran and no file changed";
}

function resultsOf(tests: Told["tests"]): string {
  const amount = (wanted: string) => tests.filter(({ result }) => result === wanted).length;
  const results = [
    [amount("pass"), "passed"],
    [amount("fail"), "failed"],
    [amount("unknown"), "ended with an unknown result"],
  ] as const;
  return list(results.filter(([n]) => n > 0).map(([n, verb]) => `${n} ${verb}`));
}

function withLabel(label: string, summary: string): string | null {
  const name = label.replace(/[\s:.;,!?-]+$/, "");
  return name === "" ? null : `${name}: ${summary}`;
}

function commitBullet({ hash, message }: Commit, repeats: (text: string) => boolean): string {
  const subject = oneLine(message);
  return subject === "" || repeats(subject)
    ? `Committed ${code(hash)}.`
    : sentence(`Committed ${code(hash)}: ${subject}`);
}

function moreCommits(commits: readonly Commit[]): string | null {
  const rest = commits.slice(COMMITS_NAMED);
  if (rest.length === 0) return null;
  const hashes = rest.map(({ hash }) => code(hash));
  return `Made ${count(rest.length, "more commit")}: ${someOf(hashes, 10, "commit")}.`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
