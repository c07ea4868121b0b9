// The pages of a large log, made from a recorded one: how fast they are made and what memory that takes, against parsing
// every line of it; and how much of that is to be done again when the session goes on.
import { appendFile, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { median, run, type Say } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { grow, readRecording, shifted } from "./recorded-log.ts";

const ROUNDS = 3;

export async function benchTranscript(scratch: string, megabytes: number, say: Say): Promise<void> {
  const { file, log: recorded } = await readRecording();
  const log = join(scratch, "codex", file);
  const end = await grow(recorded, log, megabytes);
  const program = (name: string) => [process.execPath, join("scripts/benches/programs", name), log];
  const parse = program("parse-every-line.ts");
  const render = (folder: string) => [...program("render-transcript.ts"), join(scratch, folder)];

  const parsed: Report[] = [];
  const rendered: Report[] = [];
  const again: Report[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await mkdir(join(scratch, `pages-${round}`));
    parsed.push(measured(parse));
    rendered.push(measured(render(`pages-${round}`)));
  }
  await appendFile(log, shifted(recorded, end, false));
  for (let round = 0; round < ROUNDS; round++) again.push(measured(render(`pages-${round}`)));

  const { pages, largest } = await sizes(join(scratch, "pages-0"));
  say(`transcript of a log of ${megabytes} MB, medians of ${ROUNDS}:`);
  for (const [name, reports] of Object.entries({
    "parsing every line": parsed,
    "all its pages": rendered,
    "again, two prompts later": again,
  })) {
    const ms = median(reports.map(({ result }) => Number(result)));
    const peak = Math.max(...reports.map(({ megabytes }) => megabytes));
    say(`  ${name}: ${ms.toFixed(0)} ms, ${((megabytes / ms) * 1000).toFixed(0)} MB/s, at most ${peak.toFixed(0)} MB`);
  }
  say(`  ${pages} pages, the largest of ${(largest / 1000).toFixed(0)} kB`);
}

/** A program's own report, with how long the whole of it took as its result. */
function measured(argv: string[]): Report {
  const { ms, stdout } = run(argv);
  const report: Report = JSON.parse(stdout);
  return { ...report, result: String(ms) };
}

async function sizes(folder: string): Promise<{ pages: number; largest: number }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".html"));
  const bytes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return { pages: names.length, largest: Math.max(...bytes) };
}
