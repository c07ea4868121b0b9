// A run with every kind of fact, for tests that kill `ctx` during it, and the check that it still has its one entry.
import { expect } from "bun:test";
import { gitIn } from "./codex-session.ts";
import { DESCRIPTION, isEvaluation } from "./evaluation.ts";
import type { Script, Step } from "./script.ts";
import { countCalls } from "./workers.ts";
import type { WrapperSandbox } from "./wrapper-sandbox.ts";

export const FILES = {
  "old.js": "export {};\n",
  "test/ok.test.js": 'import test from "node:test";\ntest("ok", () => {});\n',
};

const STEPS: Step[] = [
  { patch: "*** Begin Patch\n*** Add File: cart.js\n+export const total = 0;\n*** End Patch\n" },
  { run: "node --test test/ok.test.js" },
  { run: "rm old.js && git add --all && git commit --quiet --message 'feat(cart): totals'" },
  { run: "echo '# Shop with a cart' > README.md" },
  { say: "The cart has totals now." },
];

/** The number of requests one run makes. */
export const REQUESTS = STEPS.length;

/** A request of the run is identified by the number of tool calls before it. */
export type Request = number | "evaluator";

/** The model of the run and of its evaluator; `onRequest` is called before each answer. */
export function killedScript(onRequest: (request: Request) => void): Script {
  return (body) => {
    const calls = countCalls(body);
    onRequest(isEvaluation(body) ? "evaluator" : calls);
    return isEvaluation(body) ? { say: JSON.stringify(DESCRIPTION) } : (STEPS[calls] ?? { say: "Done." });
  };
}

/** Expects that the run has one complete entry and one session directory, and is no longer pending. */
export async function expectOneEntry(sandbox: WrapperSandbox, evaluator: "builtin" | "codex"): Promise<void> {
  const rows = await sandbox.entries();
  const [hash = "", message] = (await gitIn(sandbox.codex, sandbox.repository, "log", "-1", "--format=%h%n%s")).split(
    "\n",
  );
  expect(rows).toMatchObject([
    {
      label: "Fix cart",
      evaluator: { name: evaluator },
      touched_files: { created: ["cart.js"], modified: ["README.md"], deleted: ["old.js"], moved: [] },
      tests: [{ cmd: "node --test test/ok.test.js", result: "pass" }],
      commits: [{ hash, message }],
      continuation_of_run_id: null,
    },
  ]);
  expect(message).toBe("feat(cart): totals");
  expect(await sandbox.directories()).toEqual([expect.stringMatching(/_Fix_cart$/)]);
  expect(await sandbox.rollouts()).toEqual([expect.stringContaining(rows[0]?.session_id ?? "")]);
  expect(await sandbox.pending()).toEqual([]);
}
