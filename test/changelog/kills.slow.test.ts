// Writers killed at random moments, 200 of them with `CTX_KILLS=200 bun test test/changelog/kills.slow.test.ts`.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { withLock } from "../../src/system/lock.ts";
import { Random, SEED } from "../seeded-random.ts";
import { sampleEntry } from "./sample-entry.ts";

const KILLS = Number(process.env.CTX_KILLS ?? 32);
const WRITERS = 2;
const worker = join(import.meta.dir, "workers/append-entries.ts");

const random = new Random(SEED);

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-kills-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

/** Kills a writer some time after it acknowledged its first row; returns the acknowledged runs. */
async function killedWriter(session: string): Promise<string[]> {
  const child = Bun.spawn([process.execPath, worker, root, session, "0", "100000"], { stdout: "pipe" });
  const text = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    if (output === "") setTimeout(() => child.kill("SIGKILL"), random.next() * 30);
    output += text.decode(chunk, { stream: true });
  }
  await child.exited;
  return [...output.matchAll(/^([0-9a-f]{16}) appended\n/gm)].map((line) => line[1] ?? "");
}

test(`${KILLS} writers killed at random moments (CTX_SEED=${SEED}): no acknowledged row is lost, and no lock stays held`, async () => {
  const acknowledged: string[] = [];
  let abandoned = 0;
  for (let round = 0; round < KILLS / WRITERS; round += 1) {
    const writers = Array.from({ length: WRITERS }, (_, i) => killedWriter(`${round}-${i}`));
    acknowledged.push(...(await Promise.all(writers)).flat());
    if (readdirSync(log.directory).includes("entries.jsonl.lock")) abandoned += 1;
    // The lock of a killed process is free at once.
    await withLock(log.entries, () => {}, { waitMs: 0 });
    expect(readdirSync(log.directory)).toEqual(["entries.jsonl"]);
  }
  await appendEntry(log, sampleEntry());

  const { entries, problems } = readEntries(log.entries);
  const stored = new Set(entries.map((entry) => entry.run_id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS);
  expect(entries).toHaveLength(stored.size);
  // Only the row that a writer was writing when it was killed can be torn, and the next row starts on a new line.
  expect(problems.filter(({ problem }) => problem !== "an incomplete row")).toEqual([]);
  expect(problems.length).toBeLessThanOrEqual(KILLS);
  expect(readFileSync(log.entries, "utf8").endsWith("\n")).toBe(true);
  if (process.env.CTX_KILLS !== undefined) {
    const unacknowledged = entries.length - 1 - acknowledged.length;
    process.stdout.write(
      `${KILLS} kills: ${acknowledged.length} rows acknowledged, ${unacknowledged} stored without, ${problems.length} torn, lock abandoned after ${abandoned} of ${KILLS / WRITERS} rounds\n`,
    );
  }
}, 300_000);
