// A backfill whose evaluator is the real Codex with a scripted model: it stops at a usage limit, continues where it
// stopped, and retries with a shorter digest when the context of the model overflows. `CTX_LIMITS=1` tries every form of
// a limit.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { run } from "../../src/system/spawn.ts";
import { makeSession } from "../catch-up/backfill/made-session.ts";
import { BackfillProject } from "../catch-up/backfill/project.ts";
import { CTX } from "../program.ts";
import { codexPath, NEWEST_CODEX } from "./clients.ts";
import { prepareCodex } from "./codex-session.ts";
import { DESCRIPTION } from "./evaluation.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Step } from "./script.ts";

const CONCURRENCY = 2;
const RUNS = 10;
const LIMIT_AT = 7;
const ANSWER: Step = { say: JSON.stringify({ ...DESCRIPTION, tags: ["feat"] }) };

let project: BackfillProject;
beforeEach(async () => {
  project = await BackfillProject.create();
});
afterEach(() => project.remove());

async function backfill(endpoint: ResponsesEndpoint, ...words: string[]) {
  const { env } = await prepareCodex({ home: project.base, url: endpoint.url, settings: 'model = "gpt-5.5"' });
  const argv = [...CTX, "changelog", "backfill", "--actor", "ada", "--evaluator", "codex"] as const;
  const codex = { CTX_CODEX_CMD: codexPath(NEWEST_CODEX) };
  return await run([...argv, "--max-concurrency", `${CONCURRENCY}`, ...words], {
    cwd: project.root,
    env: { ...env, ...codex },
  });
}

/** The sizes in bytes of the digests that the model got. */
function digestsOf({ requests }: ResponsesEndpoint): number[] {
  const asked = requests.filter(({ path }) => path.endsWith("/responses"));
  return asked.map(({ body }) => {
    const prompt = textsIn(body).find((text) => text.includes("ctx-digest-1")) ?? "";
    const digest = /<session-digest>\n(\{.*\})\n<\/session-digest>/s.exec(prompt)?.[1] ?? "";
    return Buffer.byteLength(digest);
  });
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const resets = (code: string, message: string): Step => ({
  status: 429,
  body: { error: { type: code, message, resets_at: 1_795_399_980 } },
});
const failed = (code: string, message: string): Step => ({ failed: { code, message } });
const LIMITS: [name: string, step: Step, resetsAt: string | null][] = [
  ["a usage limit", resets("usage_limit_reached", "The usage limit has been reached"), "2026-11-23T02:13:00.000Z"],
  ["a rate limit", { status: 429, body: {} }, null],
  ["a used-up quota", failed("insufficient_quota", "You exceeded your current quota"), null],
  ["a spend cap", failed("other", "Your workspace has reached its spend cap"), null],
  ["a straight quote", failed("other", "You've hit your usage limit."), null],
  ["a curly quote", failed("other", "You\u2019ve hit your usage limit."), null],
];

test.each(process.env.CTX_LIMITS === undefined ? LIMITS.slice(0, 1) : LIMITS)(
  "%s at the seventh call stops the backfill, and the next one records only the rest",
  async (_, limit, resetsAt) => {
    for (let hour = 0; hour < RUNS; hour += 1)
      await project.addSessionDirectory(`2026-11-22-06${hour}0_Line_429`, makeSession(hour));
    let calls = 0;
    const model = await startResponsesEndpoint(() => {
      calls += 1;
      return calls < LIMIT_AT ? ANSWER : limit;
    });
    const halted = await backfill(model);
    await model.stop();
    expect(halted.code).toBe(75);
    expect(calls).toBeGreaterThanOrEqual(LIMIT_AT);
    expect(calls).toBeLessThanOrEqual(LIMIT_AT + CONCURRENCY - 1);
    expect(halted.stderr).toContain(`${LIMIT_AT - 1} of ${RUNS} runs recorded`);
    if (resetsAt !== null) expect(halted.stderr).toContain(`again after ${resetsAt}`);
    expect(project.rows()).toHaveLength(LIMIT_AT - 1);
    expect(project.rows("ada", "failures.jsonl")).toEqual([]);

    const rest = await startResponsesEndpoint([ANSWER]);
    expect(await backfill(rest)).toMatchObject({ code: 0 });
    await rest.stop();
    expect(digestsOf(rest)).toHaveLength(RUNS - LIMIT_AT + 1);
    expect(new Set(project.rows().map(({ run_id }) => run_id)).size).toBe(RUNS);
    expect(project.rows()).toHaveLength(RUNS);
  },
  240_000,
);

const OVERFLOW: Step = { failed: { code: "context_length_exceeded", message: "too long" } };
/** The limits of a full digest and of the one for a retry. */
const FULL_BYTES = 120_000;
const BUDGET_BYTES = 24_000;

/** A session with far more text than a digest holds. */
function longSession() {
  const session = makeSession(1);
  const [run] = session.runs;
  const at = session.lastAt;
  for (let index = 0; index < 400; index += 1) {
    const message = `${index}: ${"Round the total of the cart once, at the end. ".repeat(30)}`;
    session.log += `${JSON.stringify({ timestamp: at, type: "event_msg", payload: { type: "user_message", message } })}\n`;
  }
  if (run !== undefined) run.to = Buffer.byteLength(session.log);
  return session;
}

test.each<[name: string, second: Step, expected: object]>([
  ["succeeds", ANSWER, { code: 0 }],
  ["fails as well", OVERFLOW, { code: 1, stderr: expect.stringContaining("context_overflow") }],
])(
  "after a context overflow a retry with a shorter digest %s",
  async (_, second, expected) => {
    await project.addSessionDirectory("2026-11-22-0715_Fix_cart", longSession());
    const model = await startResponsesEndpoint([OVERFLOW, second]);
    expect(await backfill(model)).toMatchObject(expected);
    await model.stop();
    const [full = 0, budget = 0, ...more] = digestsOf(model);
    expect(more).toEqual([]);
    expect(full).toBeLessThanOrEqual(FULL_BYTES);
    expect(full).toBeGreaterThan(FULL_BYTES * 0.9);
    expect(budget).toBeLessThanOrEqual(BUDGET_BYTES);
    expect(budget).toBeGreaterThan(BUDGET_BYTES * 0.8);
    const evaluator = second === ANSWER ? { name: "codex", digest: "budget" } : { name: "builtin", digest: null };
    expect(project.rows()).toMatchObject([{ evaluator }]);
    expect(project.rows("ada", "failures.jsonl")).toHaveLength(second === ANSWER ? 0 : 1);
  },
  120_000,
);
