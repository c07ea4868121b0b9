// The real Codex inside the wrapper: each run is tied to the very log its own Codex wrote.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
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

const MAIN = resolve(import.meta.dir, "../../src/main.ts");
const ATTEMPTS = 8;

let home: string;
let repository: string;
let sandbox: CodexSandbox;
let endpoint: ResponsesEndpoint;

/** Each prompt names its worker; the model then makes a file of that name, and is done. */
function answer(body: unknown): Step {
  const asked = JSON.stringify(body);
  const worker = asked.match(/worker-\d+/g)?.at(-1) ?? "nobody";
  const called = asked.split(/"(?:function|custom_tool)_call_output"/).length - 1;
  const prompts = asked.split(/Make a file, worker-/).length - 1;
  return called >= prompts ? { say: `Made ${worker}.` } : { run: `echo made > ${worker}.txt` };
}

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-wrapper-")));
  repository = join(home, "shop");
  endpoint = await startResponsesEndpoint(answer);
  sandbox = await prepareCodex({ home, url: endpoint.url });
  await prepareRepository(sandbox, repository, { "README.md": "# Shop\n" });
});
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true });
});

for (const version of ["0.169.0", "0.101.0"]) {
  describe(`codex ${version}`, () => {
    test("several at once in one folder: each its own session, directory and entry", async () => {
      const workers = Array.from({ length: ATTEMPTS }, (_, index) => `worker-${index}`);
      const runs = await Promise.all(workers.map((worker) => ctx(version, worker, [`Make a file, ${worker}`])));
      expect(runs.map(({ code }) => code)).toEqual(workers.map(() => 0));

      const entries = await readEntries();
      const told = entries.map(({ label, touched_files }) => [label, touched_files.created]);
      expect(told.sort() as unknown).toEqual(workers.map((worker) => [worker, [`${worker}.txt`]]));
      expect(new Set(entries.map(({ session_id }) => session_id)).size).toBe(ATTEMPTS);
      for (const { session_dir, session_id } of entries) {
        const match = await readJson(join(repository, session_dir ?? "", "source_match.json"));
        expect(match).toMatchObject({ sessionId: session_id, rule: "open-file" });
      }
      expect(await readdir(join(repository, ".codex/sessions"))).toHaveLength(ATTEMPTS + 1);
      expect(await pending()).toEqual([]);
    }, 120_000);

    test("a session that goes on stays in its directory and gets a second entry of its second run", async () => {
      await ctx(version, "Fix cart", ["Make a file, worker-1"]);
      const [first] = await readEntries();
      const id = first?.session_id ?? "";
      for (const [index, words] of [[id], ["--last"]].entries()) {
        const { code } = await ctx(version, null, ["resume", ...words, `Make a file, worker-${index + 2}`]);
        expect(code).toBe(0);
      }
      const entries = await readEntries();
      expect(entries.map(({ touched_files }) => touched_files.created)).toEqual([
        ["worker-1.txt"],
        ["worker-2.txt"],
        ["worker-3.txt"],
      ]);
      expect(new Set(entries.map(({ session_dir, label }) => `${session_dir} ${label}`)).size).toBe(1);
      expect(entries.map((entry) => entry.continuation_of_run_id)).toEqual([
        null,
        ...entries.slice(0, 2).map((entry) => entry.run_id),
      ]);
    }, 120_000);

    test("what a script made without a word is the run's, what an editor saved meanwhile is not", async () => {
      await endpoint.stop();
      await Bun.write(join(repository, "make.mjs"), 'import fs from "node:fs"; fs.writeFileSync("made.txt", "x");');
      // A model takes its time, as does a person: the repository was looked at long before.
      endpoint = await startResponsesEndpoint([
        { run: "node make.mjs", delayMs: 1_500 },
        { say: "Made.", delayMs: 1_500 },
      ]);
      sandbox = await prepareCodex({ home, url: endpoint.url });

      const running = ctx(version, "Make it", ["Run the script"]);
      while (!existsSync(join(repository, "made.txt"))) await Bun.sleep(20);
      await Bun.sleep(700);
      await Bun.write(join(repository, "README.md"), "# Shop, by hand\n");
      expect((await running).code).toBe(0);
      const [entry] = await readEntries();
      expect(entry?.touched_files).toEqual({ created: ["made.txt"], modified: [], deleted: [], moved: [] });
    }, 120_000);

    test("what a killed ctx left is finished later, once", async () => {
      const argv = command(version, "Fix cart", ["Make a file, worker-1"]);
      const child = Bun.spawn(argv, {
        cwd: repository,
        env: environment(version),
        stdio: ["ignore", "ignore", "ignore"],
      });
      let record = "";
      while (!record.includes("rollout-")) record = await pendingTexts();
      const [name = ""] = await pending();
      child.kill("SIGKILL");
      await child.exited;
      while (!existsSync(join(repository, "worker-1.txt"))) await Bun.sleep(20);
      for (let stderr = "goes on"; stderr.includes("goes on"); ) ({ stderr } = await recover(version));

      const [entry, ...others] = await readEntries();
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ label: "Fix cart", touched_files: { created: ["worker-1.txt"] } });
      expect((await recover(version)).stderr).toBe("every run here is finished\n");
      // Killed once more, after the entry was written and before the record was removed.
      await Bun.write(join(home, "state/ai-code-sessions/pending", name), record);
      expect((await recover(version)).stderr).toContain("the run `Fix cart` of ");
      expect(await readEntries()).toHaveLength(1);
      expect(await pending()).toEqual([]);
    }, 120_000);
  });
}

function command(version: string, label: string | null, args: string[]): [string, ...string[]] {
  const model = version === "0.101.0" ? "gpt-5.2-codex" : "gpt-5.5";
  const exec = ["exec", "--sandbox", "danger-full-access", "-m", model, ...args];
  return [process.execPath, MAIN, ...(label === null ? [] : [label]), "--codex", ...exec];
}

function environment(version: string): Record<string, string> {
  const changelog = { CTX_CHANGELOG: "1", CTX_ACTOR: "ada", CTX_CHANGELOG_EVALUATOR: "builtin" };
  return { ...sandbox.env, ...changelog, CTX_CODEX_CMD: codexPath(version), XDG_STATE_HOME: join(home, "state") };
}

async function ctx(version: string, label: string | null, args: string[]) {
  return await run(command(version, label, args), { cwd: repository, env: environment(version) });
}

async function recover(version: string) {
  return await run([process.execPath, MAIN, "recover"], { cwd: repository, env: environment(version) });
}

async function readEntries(): Promise<Entry[]> {
  const text = await readFile(join(repository, ".changelog/ada/entries.jsonl"), "utf8");
  const lines = text.trimEnd().split("\n");
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

async function pending(): Promise<string[]> {
  const folder = join(home, "state/ai-code-sessions/pending");
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.filter((name) => name.endsWith(".json"));
}

async function pendingTexts(): Promise<string> {
  const folder = join(home, "state/ai-code-sessions/pending");
  const texts = (await pending()).map((name) => readFile(join(folder, name), "utf8").catch(() => ""));
  return (await Promise.all(texts)).join("");
}
