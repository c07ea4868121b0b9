// The real Codex works in a repository, `ctx` exports its log, and the entry must agree with git.
import { afterEach, describe, expect, test } from "bun:test";
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrySchema } from "../../src/changelog/entry.ts";
import { run } from "../../src/system/spawn.ts";
import { CTX } from "../program.ts";
import { CODEX_VERSIONS, codexPath } from "./clients.ts";
import { type CodexSandbox, gitIn, prepareCodex, prepareRepository, runCodex } from "./codex-session.ts";
import { knownCommits, newCommits, WorktreeSnapshots } from "./git-account.ts";
import { startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

const MODELS: Record<string, string> = { "0.101.0": "gpt-5.2-codex", "0.169.0": "gpt-6-sol" };

const files = {
  "package.json": '{ "type": "module", "scripts": { "test": "node --test test/ok.test.js" } }\n',
  "src/cart.js": "export const total = (xs) => xs.reduce((a, b) => a + b);\n",
  "src/util.js": "export const id = (x) => x;\nexport const noop = () => {};\n",
  "old/a.js": "export {};\n",
  "test/ok.test.js": 'import test from "node:test";\ntest("ok", () => {});\n',
};

const script: Script = [
  { think: "**Looking around**", run: "ls src" },
  {
    patch: `*** Begin Patch
*** Add File: src/lock.js
+export const lock = 1;
*** Update File: src/cart.js
@@
-export const total = (xs) => xs.reduce((a, b) => a + b);
+export const total = (xs) => xs.reduce((a, b) => a + b, 0);
*** End Patch
`,
  },
  { run: "npm test 2>&1 | tail -20" },
  { run: "cat missing.txt" },
  { run: "rm -r old && git mv src/util.js src/helpers.js" },
  { run: "git add -A && git commit -q -m 'fix(cart): empty carts total zero'" },
  { say: "Empty carts total zero." },
];

const secondScript: Script = [{ run: "echo '# Shop' > README.md" }, { say: "Documented." }];

let home: string | null = null;
afterEach(async () => {
  if (home !== null) await rm(home, { recursive: true, force: true });
  home = null;
});

for (const version of CODEX_VERSIONS) {
  describe(`codex ${version}`, () => {
    test("the entry of a run agrees with git", async () => {
      const shop = await openShop();
      const before = await knownCommits(shop.sandbox, shop.repository);
      const snapshots = await WorktreeSnapshots.of(shop.sandbox, shop.repository);
      const treeBefore = await snapshots.take();
      const window = await work(shop, version, script, ["Make empty carts total zero"]);
      const touched = await snapshots.compare(treeBefore, await snapshots.take());
      await snapshots.close();

      const [entry] = await exportLatest(shop, window);
      expect(entry?.touched_files).toEqual(touched);
      expect(entry?.commits).toEqual(await newCommits(shop.sandbox, shop.repository, before));
      expect(entry?.tests).toEqual([{ cmd: "npm test", result: "pass" }]);
      expect(entry?.label).toBe("Empty carts");
      expect(JSON.stringify(entry)).not.toContain(shop.sandbox.home);
      expect(await gitIn(shop.sandbox, shop.repository, "status", "--porcelain")).toBe("?? .changelog/\n");
    }, 90_000);

    test("a resumed session gets a second entry for the new part, and another export adds none", async () => {
      const shop = await openShop();
      const window = await work(shop, version, script, ["Make empty carts total zero"]);
      const [first] = await exportLatest(shop, window);
      const session = first?.session_id ?? "";
      const later = await work(shop, version, secondScript, ["resume", session, "Document it"]);
      const [, second] = await exportLatest(shop, later);
      expect(second).toMatchObject({
        session_id: session,
        continuation_of_run_id: first?.run_id,
        touched_files: { created: ["README.md"], modified: [], deleted: [], moved: [] },
        tests: [],
        commits: [],
      });
      expect(await exportLatest(shop, later)).toHaveLength(2);
    }, 90_000);
  });
}

interface Shop {
  sandbox: CodexSandbox;
  repository: string;
}

async function openShop(): Promise<Shop> {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-client-")));
  const sandbox = await prepareCodex({ home, url: "" });
  const repository = join(home, "shop");
  await prepareRepository(sandbox, repository, files);
  return { sandbox, repository };
}

interface Times {
  start: string;
  end: string;
}

/** Runs the real Codex with a scripted model in the shop. */
async function work({ sandbox, repository }: Shop, version: string, steps: Script, prompt: string[]): Promise<Times> {
  const endpoint = await startResponsesEndpoint(steps);
  await prepareCodex({ home: sandbox.home, url: endpoint.url });
  const args = ["-m", MODELS[version] ?? "gpt-5.5", ...prompt];
  const start = new Date().toISOString();
  const session = await runCodex(sandbox, { codex: codexPath(version), cwd: repository, args });
  const end = new Date().toISOString();
  await endpoint.stop();
  expect(session).toMatchObject({ code: 0, timedOut: false });
  return { start, end };
}

/** Exports the log that Codex just wrote; returns all entries. */
async function exportLatest({ sandbox, repository }: Shop, window: Times) {
  const about = ["--tool", "codex", "--cwd", repository, "--project-root", repository, "--label", "Empty carts"];
  const times = ["--start", window.start, "--end", window.end];
  const changelog = ["--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];
  const result = await run([...CTX, "export-latest", ...about, ...times, ...changelog], {
    cwd: sandbox.home,
    env: sandbox.env,
  });
  expect(result).toMatchObject({ code: 0 });
  const lines = (await readFile(join(repository, ".changelog/ada/entries.jsonl"), "utf8")).trim().split("\n");
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}
