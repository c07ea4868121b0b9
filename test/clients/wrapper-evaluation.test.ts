// While a model evaluates: the person may wait, leave, or have it done in the background. The entry comes once.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isEvaluation, VERDICT } from "./evaluation.ts";
import type { Step } from "./script.ts";
import { Terminal } from "./terminal.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const MAKE = { "make.mjs": 'import fs from "node:fs"; fs.writeFileSync("made.txt", "x");' };

let sandbox: WrapperSandbox;
/** Settled when the model may answer the evaluator. */
let thought: PromiseWithResolvers<void>;
let isAsked: boolean;

function answer(body: unknown): Step {
  if (isEvaluation(body)) {
    isAsked = true;
    return { say: JSON.stringify(VERDICT), after: thought.promise };
  }
  const isDone = JSON.stringify(body).includes("_call_output");
  return isDone ? { say: "Made." } : { run: "node make.mjs", after: sandbox.looked() };
}

beforeEach(async () => {
  thought = Promise.withResolvers();
  isAsked = false;
  sandbox = await WrapperSandbox.create("0.169.0", { script: answer, files: MAKE });
  sandbox.env.CTX_CHANGELOG_EVALUATOR = "codex";
});
afterEach(async () => {
  thought.resolve();
  await sandbox[Symbol.asyncDispose]();
});

test("Ctrl-C leaves the evaluation for later and gives the prompt back; the facts are those of the run's end", async () => {
  await using terminal = await Terminal.open({ cwd: sandbox.repository, env: sandbox.env });
  await terminal.enter(`${sandbox.commandLine("Make it", "make")}; echo "status $?"`);
  await terminal.waitFor(/summarizing the run with `codex`; press Ctrl-C to do it later \(\d+ s\)/);
  await terminal.waitFor(() => isAsked);
  // Whatever happens from here on is not the run's.
  await Bun.write(join(sandbox.repository, "later.txt"), "by hand");
  await terminal.press("C-c");
  const screen = await terminal.waitFor("status 0");
  expect(screen).toContain("entry pending: run `ctx recover`");
  expect(screen).not.toContain("summarizing the run");
  expect(await sandbox.entries()).toEqual([]);
  expect(await sandbox.pending()).toHaveLength(1);

  thought.resolve();
  expect(await sandbox.recover()).toMatchObject([{ status: "finished" }]);
  await expectEntry();
}, 120_000);

test("in the background the entry follows by itself, and nobody else is at it meanwhile", async () => {
  sandbox.env.CTX_CHANGELOG_BACKGROUND = "1";
  const { code, stderr } = await sandbox.exec("Make it", "make");
  expect(code).toBe(0);
  expect(stderr).toContain("1 file touched");
  expect(stderr).toContain("writing the entry in the background");
  await until(() => isAsked);
  expect(await sandbox.entries()).toEqual([]);
  expect((await sandbox.ctx("recover")).stderr).toContain("left alone");
  // The next start does not take it for something left behind.
  sandbox.env.CTX_CHANGELOG = "0";
  expect((await sandbox.exec("Another", "make")).stderr).not.toContain("ctx recover");

  thought.resolve();
  await until(async () => (await sandbox.pending()).length === 0);
  await expectEntry();
}, 120_000);

async function expectEntry(): Promise<void> {
  const entries = await sandbox.entries();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({
    summary: VERDICT.summary,
    touched_files: { created: ["made.txt"], modified: [] },
  });
  expect(await sandbox.pending()).toEqual([]);
  expect(existsSync(join(sandbox.repository, ".changelog/ada/failures.jsonl"))).toBe(false);
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await Bun.sleep(50);
}
