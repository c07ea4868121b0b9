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
const SENTENCES: { run: string; text: string; true: boolean }[] = readFileSync(
  resolve(FIXTURES, "sentences.jsonl"),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

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

test("no false sentence is kept", () => {
  expect(SENTENCES.filter((one) => !one.true && isKept(one.run, one.text))).toEqual([]);
});

test("at most 2 % of the true sentences are dropped", () => {
  const all = SENTENCES.filter((one) => one.true);
  const dropped = all.filter(({ run, text }) => !isKept(run, text));
  expect(dropped.length / all.length).toBeLessThanOrEqual(0.02);
});
