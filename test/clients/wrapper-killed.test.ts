// `ctx` is killed at each stage of a run: `ctx recover` records the whole run once.
import { expect, test } from "bun:test";
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { waitForFile } from "../wait-until.ts";
import { CODEX_VERSIONS, NEWEST_CODEX } from "./clients.ts";
import { DESCRIPTION } from "./evaluation.ts";
import { expectOneEntry, FILES, killedScript, REQUESTS, type Request } from "./killed-run.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

interface Stage {
  when: string;
  /** The request to the model at which ctx is killed. */
  at?: Request;
  /** A shell script in place of the tool, which kills ctx. */
  tool?: string;
  evaluator?: "codex";
  /** Tested with one version of Codex only. */
  once?: true;
}

const STAGES: Stage[] = [
  { when: "as Codex asks the model for the first time", at: 0, once: true },
  { when: "while Codex works", at: 2 },
  { when: "as Codex asks the model for the last time", at: REQUESTS - 1, once: true },
  { when: "after Codex has ended, before the export", tool: '"$CODEX" "$@"; kill -KILL $PPID' },
  { when: "while the evaluator asks the model", at: "evaluator", evaluator: "codex" },
  { when: "after the evaluator has answered", tool: evaluatorDoes("kill -KILL $PPID"), evaluator: "codex", once: true },
];

/** A tool that runs a command at the end of its first evaluation. */
function evaluatorDoes(act: string): string {
  return `"$CODEX" "$@"\nended=$?\ncase "$*" in *--output-schema*) mkdir "$PLACE/acted" 2>/dev/null && ${act} ;; esac\nexit $ended`;
}

for (const version of CODEX_VERSIONS) {
  test.each(STAGES.filter(({ once }) => !once || version === NEWEST_CODEX))(
    `Codex ${version}, ctx killed $when: the run gets one entry`,
    async ({ at, tool, evaluator }) => {
      const victims: number[] = [];
      const script = killedScript((request) => {
        if (request === at) for (const pid of victims.splice(0)) process.kill(pid, "SIGKILL");
      });
      await using sandbox = await WrapperSandbox.create(version, { script, files: FILES });
      if (evaluator !== undefined) sandbox.env.CTX_CHANGELOG_EVALUATOR = evaluator;
      if (tool !== undefined) await sandbox.wrapTool(tool);

      const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
      victims.push(ctx.pid);
      await ctx.exited;
      expect(ctx.signalCode).toBe("SIGKILL");
      expect(await sandbox.pending()).toHaveLength(1);

      expect((await sandbox.recover()).map(({ status }) => status)).toEqual(["finished"]);
      await expectOneEntry(sandbox, evaluator ?? "builtin");
      expect(await sandbox.recover()).toEqual([]);
      if (evaluator === undefined) return;
      expect(await sandbox.entries()).toMatchObject([{ summary: DESCRIPTION.summary }]);
      // The isolated home of the killed evaluation contains a login, so it must be removed.
      expect(await readdir(join(sandbox.home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
    },
    300_000,
  );

  test(`Codex ${version}, ctx killed right after it started Codex: the run stays pending while Codex runs`, async () => {
    await using sandbox = await WrapperSandbox.create(version, { script: killedScript(() => {}), files: FILES });
    await sandbox.wrapTool('kill -KILL $PPID; exec "$CODEX" "$@"');
    const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
    await ctx.exited;
    expect((await sandbox.recover()).map(({ status }) => status)).toEqual(["finished"]);
    await expectOneEntry(sandbox, "builtin");
  }, 300_000);
}

test(`Codex ${NEWEST_CODEX}, ctx killed between the entry and the removal of the record: the run keeps one entry`, async () => {
  await using sandbox = await WrapperSandbox.create(NEWEST_CODEX, { script: killedScript(() => {}), files: FILES });
  sandbox.env.CTX_CHANGELOG_EVALUATOR = "codex";
  // The last state of the pending run: the tool has ended, and its entry is not written yet.
  await sandbox.wrapTool(evaluatorDoes(`cp -r '${sandbox.pendingFolder}' "$PLACE/kept"`));
  await sandbox.exec("Fix cart", "Give the cart totals");
  await expectOneEntry(sandbox, "codex");

  await cp(join(sandbox.home, "kept"), sandbox.pendingFolder, { recursive: true });
  expect(await sandbox.pending()).toHaveLength(1);
  expect((await sandbox.recover()).map(({ status }) => status)).toEqual(["finished"]);
  await expectOneEntry(sandbox, "codex");
}, 300_000);

test(`Codex ${NEWEST_CODEX}, ctx killed right after it wrote the entry: the run keeps one entry`, async () => {
  await using sandbox = await WrapperSandbox.create(NEWEST_CODEX, { script: killedScript(() => {}), files: FILES });
  const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
  const entries = join(sandbox.repository, ".changelog/ada/entries.jsonl");
  await waitForFile(entries);
  ctx.kill("SIGKILL");
  await ctx.exited;
  await sandbox.recover();
  await expectOneEntry(sandbox, "builtin");
}, 300_000);

test(`Codex ${NEWEST_CODEX}, ctx killed before Codex did anything: no files are left`, async () => {
  await using sandbox = await WrapperSandbox.create(NEWEST_CODEX, { script: killedScript(() => {}) });
  await sandbox.wrapTool("kill -KILL $PPID");
  const ctx = sandbox.startExec("Fix cart", "Give the cart totals");
  await ctx.exited;
  expect(ctx.signalCode).toBe("SIGKILL");
  expect(await sandbox.recover()).toMatchObject([{ status: "finished", sessions: [] }]);
  expect(await sandbox.pending()).toEqual([]);
  expect((await readdir(sandbox.repository)).sort()).toEqual([".git", "README.md"]);
}, 300_000);
