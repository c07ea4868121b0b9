// Measures the built program: start-up against an empty program, a wrapped tool against the tool alone, large logs
// and their transcripts against parsing every line of them, planning a backfill against counting the rows it looks at.
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
const say = (line: string) => process.stdout.write(`${line}\n`);
const benches: Record<string, (scratch: string) => Promise<void>> = {
  startup: (scratch) => benchStartup(program, scratch, Number(values.pairs), say),
  wrapper: (scratch) => benchWrapper(program, scratch, Number(values.pairs), say),
  "large-log": (scratch) => benchLargeLog(program, scratch, Number(values.megabytes), say),
  "backfill-plan": (scratch) => benchBackfillPlan(scratch, Number(values.rows), say),
  secrets: (scratch) => benchSecrets(scratch, Number(values["secrets-megabytes"]), say),
  transcript: (scratch) => benchTranscript(scratch, Number(values["transcript-megabytes"]), say),
};
const chosen = Object.entries(benches).filter(([name]) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`no bench \`${values.only}\`: there are ${Object.keys(benches).join(", ")}`);

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
