// While a model evaluates: the person may wait, leave, or have it done in the background. The entry comes once.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Entry, entrySchema } from "../../src/changelog/entry.ts";
import { run } from "../../src/system/spawn.ts";
import { codexPath } from "./clients.ts";
import { type CodexSandbox, prepareCodex, prepareRepository } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Step } from "./script.ts";
import { Terminal } from "./terminal.ts";

const MAIN = resolve(import.meta.dir, "../../src/main.ts");
const CODEX = codexPath("0.169.0");
const VERDICT = { summary: "Made a file.", bullets: ["The shop has a file now."], tags: ["feat"], notes: null };
/** What the digest begins with: only an evaluator asks with it. */
const EVALUATION = "ctx-digest-1";
const LONG_MS = 120_000;

let home: string;
let repository: string;
let sandbox: CodexSandbox;
let endpoint: ResponsesEndpoint;
/** How long the model thinks about an evaluation. */
let evaluationMs: number;

function answer(body: unknown): Step {
  const asked = JSON.stringify(body);
  if (asked.includes(EVALUATION)) return { say: JSON.stringify(VERDICT), delayMs: evaluationMs };
  // A model takes its time: the repository was looked at before it acts.
  return asked.includes("_call_output") ? { say: "Made." } : { run: "node make.mjs", delayMs: 1_000 };
}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-waiting-")));
  repository = join(home, "shop");
  evaluationMs = LONG_MS;
  endpoint = await startResponsesEndpoint(answer);
  sandbox = await prepareCodex({ home, url: endpoint.url, settings: 'model = "gpt-5.5"' });
  const make = 'import fs from "node:fs"; fs.writeFileSync("made.txt", "x");';
  await prepareRepository(sandbox, repository, { "make.mjs": make });
});
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true });
});

test("Ctrl-C leaves the evaluation for later and gives the prompt back; recover asks the model, and the facts are those of then", async () => {
  await using terminal = await Terminal.open({ cwd: repository, env: environment() });
  await terminal.enter(`${[...command()].join(" ")}; echo "status $?"`);
  await terminal.waitFor("`codex` puts the run into words; Ctrl-C leaves that for later (1 s)");
  // Whatever happens from here on is not the run's.
  await Bun.write(join(repository, "later.txt"), "by hand");
  await terminal.press("C-c");
  const screen = await terminal.waitFor("status 0");
  expect(screen).toContain("its entry is left for later: run `ctx recover`");
  expect(screen).not.toContain("puts the run into words");
  expect(await readEntries()).toEqual([]);
  expect(await pending()).toHaveLength(1);

  evaluationMs = 0;
  const { stderr } = await recover();
  expect(stderr).toContain("recorded an entry, written by codex");
  const [entry, ...others] = await readEntries();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ ...VERDICT, touched_files: { created: ["made.txt"], modified: [] } });
  expect(await pending()).toEqual([]);
  expect(existsSync(join(repository, ".changelog/ada/failures.jsonl"))).toBe(false);
}, 120_000);

test("in the background the entry follows by itself, and nobody else is at it meanwhile", async () => {
  evaluationMs = 3_000;
  const { code, stderr } = await ctx({ CTX_CHANGELOG_BACKGROUND: "1" });
  expect(code).toBe(0);
  expect(stderr).toContain("1 file touched");
  expect(stderr).toContain("its entry follows in the background");
  await until(() => endpoint.requests.some(({ body }) => JSON.stringify(body)?.includes(EVALUATION)));
  expect(await readEntries()).toEqual([]);
  expect((await recover()).stderr).toContain("left alone");
  const again = await run([process.execPath, MAIN, "y", "--codex", "--version"], place());
  expect(again.stderr).toBe("");

  await until(async () => (await pending()).length === 0);
  const entries = await readEntries();
  expect(entries).toHaveLength(1);
  expect(entries[0]).toMatchObject({ ...VERDICT, touched_files: { created: ["made.txt"] } });
}, 120_000);

function command(): [string, ...string[]] {
  const exec = ["exec", "--sandbox", "danger-full-access", "-m", "gpt-5.5", "make"];
  return [process.execPath, MAIN, "Make", "--codex", ...exec];
}

function environment(more: Record<string, string> = {}): Record<string, string> {
  const changelog = { CTX_CHANGELOG: "1", CTX_ACTOR: "ada" };
  return { ...sandbox.env, ...changelog, CTX_CODEX_CMD: CODEX, XDG_STATE_HOME: join(home, "state"), ...more };
}

function place(more: Record<string, string> = {}) {
  return { cwd: repository, env: environment(more) };
}

async function ctx(more: Record<string, string>) {
  return await run(command(), place(more));
}

async function recover() {
  return await run([process.execPath, MAIN, "recover"], place());
}

async function readEntries(): Promise<Entry[]> {
  const path = join(repository, ".changelog/ada/entries.jsonl");
  const lines = existsSync(path) ? (await readFile(path, "utf8")).split("\n").filter(Boolean) : [];
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}

async function pending(): Promise<string[]> {
  const names = await readdir(join(home, "state/ai-code-sessions/pending"));
  return names.filter((name) => name.endsWith(".json"));
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await Bun.sleep(50);
}
