// Runs the benchmarks of the built program. Each compares with a baseline: an empty program, the tool without the wrapper,
// parsing every line of a log, counting the rows of a changelog.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, HOST } from "../build.ts";
import { benchBackfillPlan } from "./backfill-plan.ts";
import { benchLargeLog } from "./large-log.ts";
import { benchSecrets } from "./secrets.ts";
import { benchStartup } from "./startup.ts";
import { benchTranscript } from "./transcript.ts";
import { benchWrapper } from "./wrapper.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    pairs: { type: "string", default: "30" },
    megabytes: { type: "string", default: "1000" },
    "transcript-megabytes": { type: "string", default: "100" },
    rows: { type: "string", default: "1000000" },
    "secrets-megabytes": { type: "string", default: "60" },
  },
});

const program = resolve(await build({ target: HOST, outdir: "dist" }));
const print = (line: string) => process.stdout.write(`${line}\n`);
const benches: Record<string, (scratch: string) => Promise<void>> = {
  startup: (scratch) => benchStartup(program, scratch, Number(values.pairs), print),
  wrapper: (scratch) => benchWrapper(program, scratch, Number(values.pairs), print),
  "large-log": (scratch) => benchLargeLog(program, scratch, Number(values.megabytes), print),
  "backfill-plan": (scratch) => benchBackfillPlan(scratch, Number(values.rows), print),
  secrets: (scratch) => benchSecrets(scratch, Number(values["secrets-megabytes"]), print),
  transcript: (scratch) => benchTranscript(scratch, Number(values["transcript-megabytes"]), print),
};
const chosen = Object.entries(benches).filter(([name]) => values.only === undefined || name === values.only);
if (chosen.length === 0)
  throw new Error(`no benchmark \`${values.only}\`; choose from ${Object.keys(benches).join(", ")}`);

const scratch = await mkdtemp(join(tmpdir(), "ctx-bench-"));
try {
  for (const [name, bench] of chosen) {
    const own = join(scratch, name);
    await mkdir(own);
    await bench(own);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
