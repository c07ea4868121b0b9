// Eight parallel sessions in one folder, once or `CTX_ROUNDS` times.
import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CODEX_VERSIONS } from "./clients.ts";
import { askWorker, workerScript } from "./workers.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const SESSIONS = 8;
const ROUNDS = Number(process.env.CTX_ROUNDS ?? 1);

for (const version of CODEX_VERSIONS) {
  test(
    `${SESSIONS} parallel runs of Codex ${version} have separate sessions, directories and entries (${ROUNDS} rounds)`,
    async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await using sandbox = await WrapperSandbox.create(version, { script: workerScript });
        const began = performance.now();
        await runInParallel(sandbox);
        if (process.env.CTX_ROUNDS === undefined) continue;
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        process.stdout.write(`round ${round}: ${SESSIONS} sessions in ${seconds} s\n`);
      }
    },
    ROUNDS * 300_000,
  );
}

async function runInParallel(sandbox: WrapperSandbox): Promise<void> {
  const workers = Array.from({ length: SESSIONS }, (_, index) => `worker-${index}`);
  const runs = await Promise.all(workers.map((worker) => sandbox.exec(worker, askWorker(worker))));
  expect(runs.map(({ code }) => code)).toEqual(workers.map(() => 0));

  const entries = await sandbox.entries();
  const recorded = entries.map(({ label, touched_files }) => [label, touched_files]);
  expect(recorded.sort() as unknown).toEqual(
    workers.map((worker) => [worker, { created: [`${worker}.txt`], modified: [], deleted: [], moved: [] }]),
  );
  expect(new Set(entries.map(({ session_id }) => session_id)).size).toBe(SESSIONS);
  expect(new Set(entries.map(({ run_id }) => run_id)).size).toBe(SESSIONS);
  expect(await sandbox.directories()).toHaveLength(SESSIONS);
  for (const { label, session_dir, session_id } of entries) {
    expect(session_dir).toEndWith(`_${label}`);
    const match = JSON.parse(await sandbox.read(join(session_dir ?? "", "source_match.json")));
    expect(match).toMatchObject({ sessionId: session_id, rule: "open-file" });
    const kept = await readdir(join(sandbox.repository, session_dir ?? ""));
    expect(kept.filter((name) => name.startsWith("rollout-"))).toEqual([expect.stringContaining(session_id)]);
  }
  expect(await sandbox.pending()).toEqual([]);
}
