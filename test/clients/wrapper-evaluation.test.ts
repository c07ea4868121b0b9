// While a model evaluates a wrapped run, the user may interrupt it or leave it to the background. The run gets one entry.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../wait-until.ts";
import { NEWEST_CODEX } from "./clients.ts";
import { DESCRIPTION, isEvaluation } from "./evaluation.ts";
import type { Step } from "./script.ts";
import { Terminal } from "./terminal.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const MAKE = { "make.mjs": 'import fs from "node:fs"; fs.writeFileSync("made.txt", "x");' };

let sandbox: WrapperSandbox;
/** Resolved when the model may answer the evaluator. */
let mayAnswer: PromiseWithResolvers<void>;
let isAsked: boolean;

function answer(body: unknown): Step {
  if (isEvaluation(body)) {
    isAsked = true;
    return { say: JSON.stringify(DESCRIPTION), after: mayAnswer.promise };
  }
  const isDone = JSON.stringify(body).includes("_call_output");
  return isDone ? { say: "Made." } : { run: "node make.mjs", after: sandbox.waitForSnapshots() };
}

beforeEach(async () => {
  mayAnswer = Promise.withResolvers();
  isAsked = false;
  sandbox = await WrapperSandbox.create(NEWEST_CODEX, { script: answer, files: MAKE });
  sandbox.env.CTX_CHANGELOG_EVALUATOR = "codex";
});
afterEach(async () => {
  mayAnswer.resolve();
  await sandbox[Symbol.asyncDispose]();
});

test("Ctrl-C postpones the evaluation, and the facts stay those of the end of the run", async () => {
  await using terminal = await Terminal.open({ cwd: sandbox.repository, env: sandbox.env });
  await terminal.enter(`${sandbox.commandLine("Make it", "make")}; echo "status $?"`);
  await terminal.waitFor(/summarizing the run with `codex`; press Ctrl-C to postpone the entry \(\d+ s\)/);
  await terminal.waitFor(() => isAsked);
  // The run has ended: later changes do not count.
  await Bun.write(join(sandbox.repository, "later.txt"), "by hand");
  await terminal.press("C-c");
  const screen = await terminal.waitFor("status 0");
  expect(screen).toContain("the entry is not written yet: run `ctx recover`");
  expect(screen).not.toContain("summarizing the run");
  expect(await sandbox.entries()).toEqual([]);
  expect(await sandbox.pending()).toHaveLength(1);

  mayAnswer.resolve();
  expect(await sandbox.recover()).toMatchObject([{ status: "finished" }]);
  await expectEntry();
}, 120_000);

test("an entry is written in the background, and `ctx recover` skips the run meanwhile", async () => {
  sandbox.env.CTX_CHANGELOG_BACKGROUND = "1";
  const { code, stderr } = await sandbox.exec("Make it", "make");
  expect(code).toBe(0);
  expect(stderr).toContain("1 file touched");
  expect(stderr).toContain("writing the entry in the background");
  await waitUntil(() => isAsked, { what: "the question to the model" });
  expect(await sandbox.entries()).toEqual([]);
  expect((await sandbox.ctx("recover")).stderr).toContain("may still be running: skipped");
  // The next wrapped run does not report it as unfinished.
  sandbox.env.CTX_CHANGELOG = "0";
  expect((await sandbox.exec("Another", "make")).stderr).not.toContain("ctx recover");

  mayAnswer.resolve();
  await waitUntil(async () => (await sandbox.pending()).length === 0, { what: "the end of the run" });
  await expectEntry();
}, 120_000);

async function expectEntry(): Promise<void> {
  const entries = await sandbox.entries();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    summary: DESCRIPTION.summary,
    touched_files: { created: ["made.txt"], modified: [] },
  });
  expect(await sandbox.pending()).toEqual([]);
  expect(existsSync(join(sandbox.repository, ".changelog/ada/failures.jsonl"))).toBe(false);
}
