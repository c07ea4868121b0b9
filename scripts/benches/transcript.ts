// The pages of a large log: how fast they are made and what memory that takes, against parsing every line of it in the
// same run; and how much of that is to be done again when the session goes on.
//
// Four logs, of copies of recorded sessions with ids of their own: of a version that tells what happened by items, and
// of one before that. One of each is as it was recorded: many small records, a third of them the tool's own books, which
// is the most work for each byte. The other has texts as long as real ones: two thirds is what commands printed (from 0.4
// to 25 kB each; by items it is in the log twice), a tenth is reasoning that only the model can read, the rest edits,
// replies and books.
import { appendFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fillSession } from "./filled-session.ts";
import { median, run, type Say } from "./measure.ts";
import type { Report } from "./programs/report.ts";
import { grow, readRecording, shifted } from "./recorded-log.ts";

const ROUNDS = 3;

export async function benchTranscript(scratch: string, megabytes: number, say: Say): Promise<void> {
  for (const version of ["0.169.0", "0.125.0"] as const) {
    const { file, log: recorded } = await readRecording(version);
    const sessions = { "as recorded": recorded, "with texts as long as real ones": await fillSession(recorded) };
    for (const [name, session] of Object.entries(sessions)) {
      say(`transcript of a log of ${megabytes} MB, Codex ${version}, ${name}, medians of ${ROUNDS}:`);
      await benchLog(session, join(scratch, "codex", file), scratch, megabytes, say);
      await rm(scratch, { recursive: true });
    }
  }
}

async function benchLog(session: string, log: string, scratch: string, megabytes: number, say: Say): Promise<void> {
  const end = await grow(session, log, megabytes);
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

  const least = medianOf(parsed);
  for (const [name, reports] of Object.entries({
    "parsing every line": parsed,
    "all its pages": rendered,
    "again, two prompts later": again,
  })) {
    const ms = medianOf(reports);
    const peak = Math.max(...reports.map(({ megabytes }) => megabytes));
    const speed = `${((megabytes / ms) * 1000).toFixed(0)} MB/s, ${(ms / least).toFixed(1)} times the parsing`;
    say(`  ${name}: ${ms.toFixed(0)} ms, ${speed}, at most ${peak.toFixed(0)} MB`);
  }
  const { pages, largest } = await sizes(join(scratch, "pages-0"));
  say(`  ${pages} pages, the largest of ${(largest / 1000).toFixed(0)} kB`);
}

function medianOf(reports: readonly Report[]): number {
  return median(reports.map(({ result }) => Number(result)));
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
