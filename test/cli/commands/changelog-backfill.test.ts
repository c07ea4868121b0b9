// `ctx changelog backfill`; test/catch-up covers what it finds and records.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeSession } from "../../catch-up/backfill/made-session.ts";
import { answers, BackfillProject, failsWith } from "../../catch-up/backfill/project.ts";
import { CTX } from "../../program.ts";
import { waitForFile } from "../../wait-until.ts";

let project: BackfillProject;

beforeEach(async () => {
  project = await BackfillProject.create();
});
afterEach(() => project.remove());

function start(...words: string[]) {
  const argv = [...CTX, "changelog", "backfill", "--actor", "ada", ...words];
  return Bun.spawn(argv, { cwd: project.root, env: project.env, stdio: ["ignore", "pipe", "pipe"] });
}

async function backfill(...words: string[]) {
  const child = start(...words);
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { status: await child.exited, stdout, stderr };
}

async function makeSessions(count: number) {
  for (let hour = 1; hour <= count; hour += 1) {
    await project.addSessionDirectory(`2026-11-22-0${hour}15_Fix_cart`, makeSession(hour), { label: `Step ${hour}` });
  }
}

test("a dry run lists the runs to record and writes nothing", async () => {
  await makeSessions(2);
  const { status, stdout, stderr } = await backfill("--evaluator", "builtin", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^(record {2}[0-9a-f]{16} {2}2026-\S+ – 2026-\S+ {2}\/\S+ {2}Step \d\n){2}$/);
  expect(stderr).toBe("2 session directories: 2 runs of 2 sessions to record; no model is used\n");
  expect(existsSync(join(project.root, ".changelog"))).toBe(false);
  const { stdout: json } = await backfill("--evaluator", "codex", "--dry-run", "--json");
  expect(JSON.parse(json)).toMatchObject({
    runs: 2,
    estimatedTokens: expect.any(Number),
    planned: [{ label: "Step 1" }, {}],
  });
});

test("prints each run, then a table with the tokens used; a second backfill has nothing to record", async () => {
  await makeSessions(2);
  await project.useCodex(
    `echo '{"type":"turn.completed","usage":{"input_tokens":1200,"output_tokens":50}}'\n${answers}`,
  );
  const { status, stdout, stderr } = await backfill("--evaluator", "codex", "--max-concurrency", "1");
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(
    stderr.replace(/up to [\d,]+/, "up to N"),
  ).toBe(`2 session directories: 2 runs of 2 sessions to record; up to N tokens (estimate) will be sent to \`codex\`
1 of 2 runs: Step 1: recorded
2 of 2 runs: Step 2: recorded
recorded     2
upgraded     0
skipped      0
failed       0
tokens used  2,400 in, 100 out
`);
  const again = await backfill("--evaluator", "codex");
  expect(again.status).toBe(0);
  expect(again.stderr).toStartWith("2 session directories: nothing to record\n");
  expect(again.stderr).toContain("skipped   2 (2 already recorded)");
});

test("a usage limit exits 75 and says how many runs are recorded and when to continue", async () => {
  await makeSessions(3);
  await project.useCodex(`if [ -e "$PLACE/first" ]; then ${failsWith("You've hit your usage limit. Try again in 2 hours.")}
fi
touch "$PLACE/first"
${answers}`);
  const { status, stderr } = await backfill("--evaluator", "codex", "--max-concurrency", "1");
  expect(status).toBe(75);
  expect(stderr).toContain(
    "error: stopped at a usage limit: You've hit your usage limit. Try again in 2 hours.; 1 of 3 runs recorded",
  );
  expect(stderr).toMatch(/hint: run `ctx changelog backfill` again after 20\d\d-\S+Z\n$/);
});

test("a rejected login exits 1 and names the command to log in", async () => {
  await makeSessions(1);
  await project.useCodex(failsWith("unexpected status 401 Unauthorized"));
  const { status, stderr } = await backfill("--evaluator", "codex");
  expect(status).toBe(1);
  expect(stderr).toContain("run `codex login`");
});

test("equal failures are printed once with their count, and exit 1", async () => {
  await makeSessions(3);
  await project.useCodex(failsWith("boom at line 429"));
  const { status, stderr } = await backfill("--evaluator", "codex");
  expect(status).toBe(1);
  expect(stderr).toContain("warning: 3 runs failed (other), for example: boom at line 429\n");
  expect(stderr).toContain("error: 3 evaluations failed\n\nhint: retry with `--retry-failed`\n");
});

test("Ctrl-C stops it cleanly, and the next backfill continues", async () => {
  await makeSessions(3);
  await project.useCodex(`if mkdir "$PLACE/first"; then :; else touch "$PLACE/asked"; sleep 600; fi\n${answers}`);
  const child = start("--evaluator", "codex", "--max-concurrency", "1");
  await waitForFile(join(project.base, "asked"));
  child.kill("SIGINT");
  const stderr = await child.stderr.text();
  expect(await child.exited).toBe(130);
  expect(stderr).toContain("2 runs not recorded yet: run `ctx changelog backfill` to continue");
  expect(project.rows()).toHaveLength(1);
  expect(project.rows("ada", "failures.jsonl")).toEqual([]);
  await project.useCodex(answers);
  expect(await backfill("--evaluator", "codex")).toMatchObject({ status: 0 });
  expect(project.rows()).toHaveLength(3);
});

test("`--sessions-dir` may be repeated, and `--limit` must be a number", async () => {
  const directory = await project.addSessionDirectory("2026-11-22-0715_Fix_cart", makeSession(1));
  for (const name of ["one", "two"]) {
    const copy = join(project.base, name, "x");
    await Bun.write(join(copy, "export_runs.jsonl"), readFileSync(join(directory, "export_runs.jsonl")));
    writeFileSync(join(copy, makeSession(1).logName), makeSession(1).log);
  }
  const named = ["--sessions-dir", "../one", "--sessions-dir=../two"];
  const { stderr } = await backfill("--evaluator", "builtin", "--dry-run", ...named);
  expect(stderr).toContain("3 session directories: 1 run of 1 session to record");
  expect(await backfill("--limit", "0")).toMatchObject({ status: 2 });
});

test("an unusable answer counts as a failed run, and the entry says so", async () => {
  await makeSessions(1);
  const said = "Fix the empty cart total crash, and add a checkout lock helper!";
  const answer = { summary: said, bullets: [said, "Removed src/auth.ts."], tags: [], notes: null };
  await project.useCodex(`cat > "$ANSWER" <<'END'\n${JSON.stringify(answer)}\nEND`);
  expect((await backfill("--evaluator", "codex")).status).toBe(1);
  expect(project.rows("ada", "failures.jsonl")).toMatchObject([
    {
      class: "bad_output",
      message: "no part of the answer can be used: it repeats a prompt, names a file that does not appear in the run",
    },
  ]);
  const notes = "The model's answer could not be used: see `failures.jsonl`.";
  expect(project.rows()).toMatchObject([{ evaluator: { name: "builtin" }, notes, commits: [{ hash: "b56f337" }] }]);
  // The failure is the run's own, so it is not retried by default.
  expect((await backfill("--evaluator", "codex")).stderr).toContain("nothing to record");
});
