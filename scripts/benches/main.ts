// Measures the built program: start-up against an empty program, large logs against parsing every line of them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchLargeLog } from "./large-log.ts";
import { benchStartup } from "./startup.ts";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "30" }, megabytes: { type: "string", default: "1000" } },
});

const scratch = await mkdtemp(join(tmpdir(), "ctx-bench-"));
const say = (line: string) => process.stdout.write(`${line}\n`);
try {
  await benchStartup(scratch, Number(values.pairs), say);
  await benchLargeLog(scratch, Number(values.megabytes), say);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
