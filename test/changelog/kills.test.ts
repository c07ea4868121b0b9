// Writers killed at random moments. `CTX_KILLS=200 bun test test/changelog/kills.test.ts` does it 200 times.
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

/** A writer killed at some moment after its first row was acknowledged; gives the runs it acknowledged. */
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

test(`${KILLS} writers killed at random moments (CTX_SEED=${SEED}): no acknowledged row is lost, and nothing is left in the way`, async () => {
  const acknowledged: string[] = [];
  let abandoned = 0;
  for (let round = 0; round < KILLS / WRITERS; round += 1) {
    const writers = Array.from({ length: WRITERS }, (_, i) => killedWriter(`${round}-${i}`));
    acknowledged.push(...(await Promise.all(writers)).flat());
    if (readdirSync(log.directory).includes("entries.jsonl.lock")) abandoned += 1;
    // The lock of a killed holder is free at once.
    await withLock(log.entries, () => {}, { waitMs: 0 });
    expect(readdirSync(log.directory)).toEqual(["entries.jsonl"]);
  }
  await appendEntry(log, sampleEntry());

  const { entries, problems } = readEntries(log.entries);
  const stored = new Set(entries.map((entry) => entry.run_id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS);
  expect(entries).toHaveLength(stored.size);
  // At most the row that a writer was killed in is torn, and the next one begins on a line of its own.
  expect(problems.filter(({ problem }) => problem !== "a torn row")).toEqual([]);
  expect(problems.length).toBeLessThanOrEqual(KILLS);
  expect(readFileSync(log.entries, "utf8").endsWith("\n")).toBe(true);
  if (process.env.CTX_KILLS !== undefined) {
    const unacknowledged = entries.length - 1 - acknowledged.length;
    process.stdout.write(
      `${KILLS} kills: ${acknowledged.length} rows acknowledged, ${unacknowledged} stored without, ${problems.length} torn, lock abandoned after ${abandoned} of ${KILLS / WRITERS} rounds\n`,
    );
  }
}, 300_000);
