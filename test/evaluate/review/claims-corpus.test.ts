// Precision and recall of the check of claims, on sentences about recorded runs that three writers who did not see the
// checker wrote and labeled. `runs.json` holds the digest of each run.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Digest } from "../../../src/digest/digest.ts";
import { reviewDescription } from "../../../src/evaluate/review/review.ts";
import { evidence } from "../../digest/sample.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures/claims");
const RUNS: Record<string, Digest> = JSON.parse(readFileSync(resolve(FIXTURES, "runs.json"), "utf8"));
interface Sentence {
  run: string;
  text: string;
  true: boolean;
}

function read(name: string): Sentence[] {
  const lines = readFileSync(resolve(FIXTURES, name), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

const SENTENCES = read("sentences.jsonl");
/** Of kinds that the others lack, written with the checker at hand. */
const MORE = read("more-sentences.jsonl");

const OWN = { summary: "Worked.", bullets: ["Worked."], tags: [], notes: null };

/** Whether the review keeps a bullet. */
function isKept(name: string, text: string): boolean {
  const digest = RUNS[name];
  if (digest === undefined) throw new Error(`no run ${name}`);
  const { facts } = digest;
  const run = evidence({
    touchedFiles: facts.touched_files,
    tests: facts.tests,
    commits: facts.commits,
    failedCommands: facts.failed_commands.map(({ command, exit_code }) => {
      return { command, exitCode: exit_code, outputTail: "" };
    }),
    commands: facts.commands,
    edits: facts.edits,
  });
  const description = { summary: "Worked on it.", bullets: [text], tags: [], notes: null };
  const review = reviewDescription(description, { digest, evidence: run, own: OWN });
  return review.ok && review.description.bullets[0] === text;
}

const wronglyKept = (all: readonly Sentence[]) => all.filter((one) => !one.true && isKept(one.run, one.text));
const wronglyDropped = (all: readonly Sentence[]) => all.filter((one) => one.true && !isKept(one.run, one.text));

test("no false sentence is kept", () => {
  expect(wronglyKept(SENTENCES)).toEqual([]);
});

test("at most 2 % of the true sentences are dropped", () => {
  const share = wronglyDropped(SENTENCES).length / SENTENCES.filter((one) => one.true).length;
  expect(share).toBeLessThanOrEqual(0.02);
});

test("other kinds of sentences are judged correctly", () => {
  expect(wronglyKept(MORE)).toEqual([]);
  expect(wronglyDropped(MORE)).toEqual([]);
});
