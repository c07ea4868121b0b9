// The memory that rendering a long session needs.
import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readRecording, writeLargeLog } from "../../scripts/benches/recorded-log.ts";

const PROGRAM = resolve(import.meta.dir, "programs/render-log.ts");

/** Peak memory of a program that renders a log of this size, both in megabytes. */
async function peak(scratch: string, megabytes: number): Promise<number> {
  const { log: recorded } = await readRecording();
  const [log, folder] = [join(scratch, `rollout-${megabytes}.jsonl`), join(scratch, `pages-${megabytes}`)];
  await writeLargeLog(recorded, log, megabytes);
  await mkdir(folder);
  const child = Bun.spawn([process.execPath, PROGRAM, log, folder], { stdout: "pipe" });
  const printed = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return Number(printed);
}

test("memory does not grow with the length of the session", async () => {
  const scratch = await mkdtemp(join(tmpdir(), "memory-"));
  try {
    const [small, large] = [await peak(scratch, 10), await peak(scratch, 200)];
    // The rest has not been garbage-collected yet, which takes longer on a busy machine.
    expect(large - small).toBeLessThan(70);
    expect(large).toBeLessThan(200);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}, 300_000);
