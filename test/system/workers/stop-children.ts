// Runs two programs in turn, and stops all children during the first.
import { run, stopChildren } from "../../../src/system/spawn.ts";

const first = run(["sleep", "60"], { timeoutMs: 60_000 });
stopChildren();
const { signal } = await first;
const second = await run(["echo", "started"], { timeoutMs: 60_000 });
process.stdout.write(JSON.stringify([signal, second.signal, second.stdout]));
