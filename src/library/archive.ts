// Writes a page that lists every session of a project. The page has a folder of its own beside the folders of the
// tools, links to the sessions' pages with relative links, and is as private as those pages.
import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { mapParallel } from "../agents/log-heads.ts";
import type { LogSummary } from "../agents/log-reader.ts";
import { TOOLS } from "../agents/registry.ts";
import { type EntryInFile, entriesBySession, touchedPaths } from "../changelog/project-entries.ts";
import { redactDeep } from "../secrets/redact.ts";
import { findLog } from "../sessions/log-file.ts";
import { makeDirectory } from "../system/directory.ts";
import { ExpectedError } from "../system/errors.ts";
import { refuseOutside } from "../system/paths.ts";
import { createIfMissing, replaceIfChanged } from "../system/write-atomic.ts";
import { type ArchivedSession, type EntryFacts, renderArchive } from "../transcript/archive-page.ts";
import { refuseForeignPages } from "../transcript/generated-page.ts";
import { type ExportedTranscript, listTranscripts } from "./exported-sessions.ts";
import { countPrompts } from "./sessions.ts";

/** Named after the program, like its configuration file, because it belongs to no tool. */
const FOLDER = ".ai-code-sessions";

export interface Archive {
  indexHtml: string;
  sessions: number;
}

/** Writes the page, by default into the project's folder for it. */
export async function writeArchive(root: string, output: string | null): Promise<Archive> {
  const transcripts = listTranscripts(root);
  if (transcripts.length === 0) {
    throw new ExpectedError(`no session of \`${root}\` was exported`, { hint: "run `ctx export-latest` first" });
  }
  const directory = output ?? openFolder(root);
  refuseForeignPages(directory);
  if (existsSync(join(directory, "page-001.html"))) {
    throw new ExpectedError(`\`${directory}\` contains the transcript of a session`, {
      hint: "write to another directory with `-o`",
    });
  }
  makeDirectory(directory, 0o700);
  const entries = new Map(TOOLS.map((tool) => [tool, entriesBySession(root, tool)]));
  const prompts = await promptsOf(transcripts);
  const sessions = transcripts.map((transcript): ArchivedSession => {
    const { tool, id, label, directory: path, startedAt, lastAt, runsAt } = transcript;
    return {
      tool,
      startedAt,
      endedAt: lastAt,
      runsAt,
      title: label ?? basename(path),
      prompts: prompts.get(path) ?? null,
      href: transcript.indexHtml && hrefOf(transcript.indexHtml, directory),
      entries: entryFactsOf(entries.get(tool)?.get(id) ?? [], directory),
    };
  });
  const indexHtml = join(directory, "index.html");
  const page = renderArchive(basename(root), redactDeep(sessions).value);
  await replaceIfChanged(indexHtml, Buffer.from(page), 0o600);
  return { indexHtml, sessions: sessions.length };
}

/** Its `.gitignore` ignores everything in it, as in the folders of session directories. */
function openFolder(root: string): string {
  const folder = join(root, FOLDER);
  refuseOutside(root, folder, `\`${FOLDER}\``);
  makeDirectory(folder, 0o700);
  createIfMissing(join(folder, ".gitignore"), "*\n");
  return folder;
}

/** The number of prompts in the copied logs, by session directory. */
async function promptsOf(transcripts: readonly ExportedTranscript[]): Promise<Map<string, number>> {
  const logs = await mapParallel(transcripts, async ({ directory }) => await copiedLog(directory));
  const counted = await countPrompts(logs.filter((log) => log !== null));
  return new Map([...counted].map(([{ directory }, { prompts }]) => [directory, prompts]));
}

/** The log in a session directory; null if it is missing or there are several. */
async function copiedLog(directory: string): Promise<(LogSummary & { directory: string }) | null> {
  try {
    const { path, head } = await findLog(directory);
    return { directory, path, head };
  } catch (error) {
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}

/** A relative link from a folder to a file. */
function hrefOf(file: string, from: string): string {
  return relative(from, file).split(sep).map(encodeURIComponent).join("/");
}

function entryFactsOf(entries: readonly EntryInFile[], from: string): EntryFacts | null {
  if (entries.length === 0) return null;
  const tests = entries.flatMap((entry) => entry.tests);
  const withResult = (result: "pass" | "fail" | "unknown") => tests.filter((test) => test.result === result).length;
  return {
    summaries: entries.map(({ summary }) => summary).filter((summary) => summary !== ""),
    files: [...new Set(entries.flatMap(touchedPaths))].sort(),
    tests: { pass: withResult("pass"), fail: withResult("fail"), unknown: withResult("unknown") },
    commits: entries.flatMap(({ commits }) => commits),
    recordedIn: [...new Set(entries.map(({ file }) => file))].map((file) => ({
      actor: basename(dirname(file)),
      href: hrefOf(file, from),
    })),
  };
}
