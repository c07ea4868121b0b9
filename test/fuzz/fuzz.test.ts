// Mutated logs, rows, settings and answers must not cause a crash with a stack, a hang, or a write outside the target.
// `CTX_MUTATIONS=100000 bun test test/fuzz` reads that many inputs, from number `CTX_MUTATION` on (default 0), of the
// seed `CTX_SEED` (default 1).
import { expect, test } from "bun:test";
import { join } from "node:path";

const MUTATIONS = Number(process.env.CTX_MUTATIONS ?? 400);
const FIRST = Number(process.env.CTX_MUTATION ?? 0);
const SEED = Number(process.env.CTX_SEED ?? 1);
const INPUTS_PER_PROCESS = 5_000;
/** Generous for a loaded machine: the worker itself limits each input to five seconds of processor time. */
const MAX_SILENCE_MS = 120_000;

const worker = join(import.meta.dir, "workers/read-mutations.ts");

/** Reads inputs in one process. Returns its highest memory use in bytes. */
async function readFrom(from: number, count: number): Promise<number> {
  const argv = [process.execPath, worker, String(SEED), String(from), String(count)];
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "pipe" });
  const watchdog = setInterval(() => {
    if (performance.now() - lastOutputAt > MAX_SILENCE_MS) child.kill("SIGKILL");
  }, 1_000);
  let lastOutputAt = performance.now();
  let output = "";
  const text = new TextDecoder();
  for await (const chunk of child.stdout) {
    lastOutputAt = performance.now();
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

test(`${MUTATIONS} mutated inputs are read within the limits of time and memory, and without writes outside the folder`, async () => {
  let highest = 0;
  for (let from = FIRST; from < FIRST + MUTATIONS; from += INPUTS_PER_PROCESS) {
    highest = Math.max(highest, await readFrom(from, Math.min(INPUTS_PER_PROCESS, FIRST + MUTATIONS - from)));
  }
  if (process.env.CTX_MUTATIONS !== undefined)
    process.stdout.write(
      `${MUTATIONS} inputs of seed ${SEED}, at most ${Math.round(highest / 2 ** 20)} MiB of memory\n`,
    );
}, 36_000_000);
