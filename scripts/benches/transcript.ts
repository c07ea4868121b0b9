// Times writing the transcript of a large log, and writing it again after the session has continued, compared with parsing
// every line of the log.
//
// There are four logs, made of copies of recorded sessions with new ids: two of a version that logs items, two of one
// before that. One of each is as recorded: many small records, a third of them bookkeeping, which is the most work per
// byte. The other has texts as long as in real sessions: two thirds is command output (0.4 to 25 kB each, logged twice in
// the version with items), a tenth is encrypted reasoning, the rest edits, replies and bookkeeping.
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { median, type Print, run } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { withRealisticTexts } from "./realistic-session.ts";
import { readRecording, shifted, writeLargeLog } from "./recorded-log.ts";

const ROUNDS = 3;

export async function benchTranscript(scratch: string, megabytes: number, print: Print): Promise<void> {
  for (const version of ["0.169.0", "0.125.0"] as const) {
    const { file, log: recorded } = await readRecording(version);
    const sessions = { "as recorded": recorded, "with realistic texts": await withRealisticTexts(recorded) };
    for (const [name, session] of Object.entries(sessions)) {
      print(`transcript of a log of ${megabytes} MB, Codex ${version}, ${name}, medians of ${ROUNDS}:`);
      await benchLog(session, join(scratch, "codex", file), scratch, megabytes, print);
      await rm(scratch, { recursive: true });
    }
  }
}

async function benchLog(session: string, log: string, scratch: string, megabytes: number, print: Print): Promise<void> {
  const end = await writeLargeLog(session, log, megabytes);
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
  await appendFile(log, shifted(session, end, false));
  for (let round = 0; round < ROUNDS; round++) again.push(measured(render(`pages-${round}`)));

  const baseline = medianOf(parsed);
  for (const [name, reports] of Object.entries({
    "parsing every line": parsed,
    "writing all pages": rendered,
    "writing again, two prompts later": again,
  })) {
    const ms = medianOf(reports);
    const peak = Math.max(...reports.map(({ megabytes }) => megabytes));
    const speed = `${((megabytes / ms) * 1000).toFixed(0)} MB/s, ${(ms / baseline).toFixed(1)} times as long as parsing`;
    print(`  ${name}: ${ms.toFixed(0)} ms, ${speed}, at most ${peak.toFixed(0)} MB`);
  }
  const { pages, largest } = await sizes(join(scratch, "pages-0"));
  print(`  ${pages} pages, the largest of ${(largest / 1000).toFixed(0)} kB`);
}

function medianOf(reports: readonly Report[]): number {
  return median(reports.map(({ result }) => Number(result)));
}

/** A program's report, with its total time as the result. */
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
