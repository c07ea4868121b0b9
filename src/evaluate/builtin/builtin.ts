// The evaluator without a model: it writes an entry from the evidence alone, for runs that no model can evaluate. It
// never quotes a prompt.
import { TextCleaner } from "../../digest/clean-text.ts";
import type { DigestAbout } from "../../digest/collector.ts";
import type { Commit, Evidence } from "../../evidence/evidence.ts";
import { mapStrings } from "../../secrets/map-strings.ts";
import { plural } from "../../system/plural.ts";
import type { Evaluation } from "../evaluator.ts";
import { promptRepetition } from "../repetition.ts";
import { code, list, sentence, someOf } from "./english.ts";
import { failedEditSentence, failureSentence, fileClauses, fileSummary, testSentence } from "./sentences.ts";
import { tagsOf, withoutType } from "./tags.ts";

const TEXT_LENGTH = 200;
const LABEL_LENGTH = 80;
const COMMITS_NAMED = 5;
const SUBJECTS_IN_SUMMARY = 3;

type Facts = Pick<
  Evidence,
  "touchedFiles" | "tests" | "commits" | "failedCommands" | "failedEdits" | "commands" | "edits" | "mcpCalls"
>;

export function evaluateBuiltin(evidence: Evidence, about: DigestAbout): Evaluation {
  const cleaner = new TextCleaner(about.paths);
  const facts = clean(evidence, cleaner);
  const label = oneLine(cleaner.short(about.label, LABEL_LENGTH));
  const repeats = promptRepetition(evidence.prompts);
  const summaries = [
    commitSummary(facts),
    withLabel(label, workSummary(facts)),
    workSummary(facts),
    "no summary: it would have quoted the prompt",
  ];
  const bullets = [
    ...facts.commits.slice(0, COMMITS_NAMED).map((commit) => commitBullet(commit, repeats)),
    moreCommits(facts.commits),
    ...fileClauses(facts.touchedFiles).map(sentence),
    testSentence(facts.tests),
    failureSentence(facts),
    failedEditSentence(facts.failedEdits),
  ];
  const description = {
    summary: sentence(summaries.find((summary) => summary !== null && !repeats(summary)) ?? ""),
    bullets: bullets.filter((bullet): bullet is string => bullet !== null && !repeats(bullet)),
    tags: tagsOf(facts),
    notes: null,
  };
  return { description, evaluator: BUILTIN, redactions: cleaner.redactions };
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

function clean(evidence: Evidence, cleaner: TextCleaner): Facts {
  const { touchedFiles, tests, commits, failedCommands, failedEdits, commands, edits, mcpCalls } = evidence;
  const failed = failedCommands.map((failure) => ({ ...failure, outputTail: "" }));
  const uncleaned = { touchedFiles, tests, commits, failedCommands: failed, failedEdits, commands, edits, mcpCalls };
  return mapStrings(uncleaned, (text) => cleaner.short(text, TEXT_LENGTH));
}

/** The subject of a single commit and the changed files; the subjects of several commits. */
function commitSummary({ commits, touchedFiles }: Pick<Facts, "commits" | "touchedFiles">): string | null {
  const subjects = commits.map(({ message }) => oneLine(withoutType(message))).filter((subject) => subject !== "");
  const [only] = subjects;
  if (only === undefined) return null;
  const files = fileSummary(touchedFiles);
  if (commits.length === 1) return files === "" ? only : withLabel(only, files);
  const shown = subjects.slice(0, SUBJECTS_IN_SUMMARY).map((subject) => subject.replace(/[.;]+$/, ""));
  const rest = commits.length - shown.length;
  return `Made ${plural(commits.length, "commit")}: ${shown.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}

function workSummary({ touchedFiles, tests, commands, mcpCalls }: Facts): string {
  const files = fileSummary(touchedFiles);
  if (files !== "") return files;
  // The effect of an MCP tool is unknown.
  if (mcpCalls > 0) {
    const ran = commands > 0 ? ` and ran ${plural(commands, "command")}` : "";
    return `made ${plural(mcpCalls, "MCP call")}${ran}`;
  }
  if (tests.length > 0) return `ran tests and changed no files: ${resultCounts(tests)}`;
  if (commands > 0) return `ran ${plural(commands, "command")} and changed no files`;
  return "no command ran and no file changed";
}

function resultCounts(tests: Facts["tests"]): string {
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

function commitBullet({ hash, message, path }: Commit, repeats: (text: string) => boolean): string {
  const subject = oneLine(message);
  const made = path === undefined ? `Committed ${code(hash)}` : `Committed ${code(hash)} in ${code(path)}`;
  return subject === "" || repeats(subject) ? `${made}.` : sentence(`${made}: ${subject}`);
}

function moreCommits(commits: readonly Commit[]): string | null {
  const rest = commits.slice(COMMITS_NAMED);
  if (rest.length === 0) return null;
  const hashes = rest.map(({ hash }) => code(hash));
  return `Made ${plural(rest.length, "more commit")}: ${someOf(hashes, 10, "commit")}.`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
