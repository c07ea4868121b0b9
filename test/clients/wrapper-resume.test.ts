// Resumed sessions have one directory, and one entry for each run.
import { expect, test } from "bun:test";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CODEX_VERSIONS, codexPath } from "./clients.ts";
import { runCodex } from "./codex-session.ts";
import { askWorker, workerScript } from "./workers.ts";
import { WrapperSandbox } from "./wrapper-sandbox.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const AGE_MS = 8 * DAY_MS;

for (const version of CODEX_VERSIONS) {
  test(`Codex ${version}: a session of eight days ago is resumed in its directory, by id and with --last`, async () => {
    await using sandbox = await WrapperSandbox.create(version, { script: workerScript });
    const args = ["-m", version === "0.101.0" ? "gpt-5.2-codex" : "gpt-5.5", askWorker("worker-1")];
    const cwd = sandbox.repository;
    expect((await runCodex(sandbox.codex, { codex: codexPath(version), cwd, args })).code).toBe(0);
    await ageSession(sandbox);
    const exported = await sandbox.ctx("export-latest", "--tool", "codex", "--label", "Fix cart", "--changelog");
    expect(exported.code).toBe(0);
    const [first] = await sandbox.entries();
    const id = first?.session_id ?? "";
    expect(Date.now() - Date.parse(first?.end ?? "")).toBeGreaterThan(AGE_MS);

    expect((await sandbox.exec(null, "resume", id, askWorker("worker-2"))).code).toBe(0);
    expect((await sandbox.exec("Another label", "resume", "--last", askWorker("worker-3"))).code).toBe(0);

    const entries = await sandbox.entries();
    expect(entries.map(({ touched_files }) => touched_files.created)).toEqual([
      ["worker-1.txt"],
      ["worker-2.txt"],
      ["worker-3.txt"],
    ]);
    const ids = entries.map(({ run_id }) => run_id);
    expect(entries.map((entry) => entry.continuation_of_run_id)).toEqual([null, ids[0] ?? "", ids[1] ?? ""]);
    expect(new Set(ids).size).toBe(3);
    expect(entries.map(({ label }) => label)).toEqual(["Fix cart", "Fix cart", "Another label"]);
    for (const { start, end } of entries.slice(1)) {
      expect(Date.now() - Date.parse(start ?? "")).toBeLessThan(DAY_MS);
      expect(Date.parse(end ?? "")).toBeGreaterThan(Date.parse(start ?? ""));
    }

    const [directory = "", ...others] = await sandbox.directories();
    expect(others).toEqual([]);
    expect(directory).toStartWith(new Date(Date.now() - AGE_MS - DAY_MS / 24).toISOString().slice(0, 8));
    expect(directory).toEndWith("_Fix_cart");
    expect(new Set(entries.map(({ session_dir }) => session_dir))).toEqual(new Set([`.codex/sessions/${directory}`]));
    const records = (await sandbox.read(`.codex/sessions/${directory}/export_runs.jsonl`)).trimEnd().split("\n");
    expect(records.map((line) => JSON.parse(line).run_id)).toEqual(ids);
    // The copied log is the whole session.
    const [log = ""] = await sandbox.rollouts();
    const kept = await sandbox.read(entries[2]?.transcript?.source_jsonl ?? "");
    expect(kept).toBe(await readFile(log, "utf8"));
    expect(await sandbox.pending()).toEqual([]);

    // A sync finds nothing new, even without the session directory.
    const sync = async () => JSON.parse((await sandbox.ctx("changelog", "sync", "--json")).stdout);
    expect(await sync()).toMatchObject({ runs: 0, left: [], skipped: { recorded: 3 } });
    await rm(join(sandbox.repository, ".codex"), { recursive: true });
    expect(await sync()).toMatchObject({ runs: 0, left: [], skipped: { recorded: 3 } });
  }, 300_000);
}

/** Moves the times, the name and the folder of the only session eight days back. */
async function ageSession(sandbox: WrapperSandbox): Promise<void> {
  const older = (time: string) => new Date(Date.parse(time) - AGE_MS).toISOString();
  const [path = ""] = await sandbox.rollouts();
  const text = await readFile(path, "utf8");
  await writeFile(
    path,
    text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) => older(time)),
  );
  const [, day = "", hour = "", minute = "", second = "", id = ""] =
    /rollout-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(.+)\.jsonl$/.exec(path) ?? [];
  const began = older(`${day}T${hour}:${minute}:${second}Z`);
  const name = `rollout-${began.slice(0, 19).replaceAll(":", "-")}-${id}.jsonl`;
  const aged = join(sandbox.codex.codexHome, "sessions", began.slice(0, 10).replaceAll("-", "/"), name);
  await mkdir(dirname(aged), { recursive: true });
  await rename(path, aged);
  await utimes(aged, new Date(began), new Date(began));
  // Codex looks up sessions in its indexes; without them it reads the folders.
  for (const index of await Array.fromAsync(new Bun.Glob("*.sqlite*").scan(sandbox.codex.codexHome))) {
    await rm(join(sandbox.codex.codexHome, index));
  }
}
