// Mutated logs, rows, settings and answers: never a crash with a stack, never a hang, never a write outside the target.
// `CTX_MUTATIONS=100000 bun test test/fuzz` reads so many, from `CTX_MUTATION` on (default 0), of `CTX_SEED` (default 1).
import { expect, test } from "bun:test";
import { join } from "node:path";

const MUTATIONS = Number(process.env.CTX_MUTATIONS ?? 400);
const FIRST = Number(process.env.CTX_MUTATION ?? 0);
const SEED = Number(process.env.CTX_SEED ?? 1);
const IN_ONE_PROCESS = 5_000;
/** Of a machine that has other things to do, too: an input is given five seconds of its processor by the worker. */
const SILENCE_MS = 120_000;

const worker = join(import.meta.dir, "workers/read-mutations.ts");

/** Reads so many inputs in a process of their own; what it said last, and the most memory it took. */
async function readFrom(from: number, count: number): Promise<number> {
  const argv = [process.execPath, worker, String(SEED), String(from), String(count)];
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "pipe" });
  const watchdog = setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MS) child.kill("SIGKILL");
  }, 1_000);
  let heardAt = performance.now();
  let output = "";
  const text = new TextDecoder();
  for await (const chunk of child.stdout) {
    heardAt = performance.now();
    output += text.decode(chunk, { stream: true });
  }
  clearInterval(watchdog);
  const stderr = await child.stderr.text();
  await child.exited;
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  const number = output.match(/^\d+$/gm)?.at(-1);
  const again = `CTX_SEED=${SEED} CTX_MUTATION=${number} CTX_MUTATIONS=1 bun test test/fuzz`;
  expect({ last, stderr, again }).toEqual({ last: expect.stringMatching(/^done \d+$/), stderr: "", again });
  return Number(last.slice("done ".length));
}

test(`${MUTATIONS} mutated inputs are read to an end, each within bounds and within its folder`, async () => {
  let highest = 0;
  for (let from = FIRST; from < FIRST + MUTATIONS; from += IN_ONE_PROCESS) {
    highest = Math.max(highest, await readFrom(from, Math.min(IN_ONE_PROCESS, FIRST + MUTATIONS - from)));
  }
  if (process.env.CTX_MUTATIONS !== undefined)
    process.stdout.write(
      `${MUTATIONS} inputs of seed ${SEED}, at most ${Math.round(highest / 2 ** 20)} MiB of memory\n`,
    );
}, 36_000_000);
