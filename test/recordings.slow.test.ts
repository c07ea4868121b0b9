// Compares the facts that `ctx` reads from recorded sessions of real clients with their ground truth: with the repository
// at the path in the log, with a clone of it elsewhere, and with the log alone. A recording contains the log, what really
// happened (from git and from the script of the model), and the repository.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Tool } from "../src/agents/tool.ts";
import { EvidenceCollector } from "../src/evidence/collect.ts";
import type { Commit, Evidence, TestRun, TouchedFiles } from "../src/evidence/evidence.ts";
import { type LogRef, readEvents, readHead } from "../src/sessions/read.ts";
import { resolveWindow } from "../src/sessions/window.ts";
import { run } from "../src/system/spawn.ts";

/** The recordings of each tool, and the tool's home folder. */
const RECORDINGS: { tool: Tool; folder: string; files: string }[] = [
  { tool: "codex", folder: resolve(import.meta.dir, "fixtures/codex"), files: ".codex" },
  { tool: "claude", folder: resolve(import.meta.dir, "fixtures/claude"), files: ".claude" },
];
/** The home folder in which the recordings were made. */
const RECORDED_HOME = "/home/dev";

interface Facts {
  prompts: string[];
  tests: TestRun[];
  failed_commands: string[];
  failed_edits?: string[][];
  touched_files: TouchedFiles;
  commits: Commit[];
}

interface Truth {
  cwd: string;
  /** The top level of the worktree, if it is not `cwd`. */
  top?: string;
  session_id: string;
  windows: { session_id?: string; start: string; end: string; expect: Facts; log?: Partial<Facts> }[];
  files: string[];
}

const recordings = RECORDINGS.flatMap((all) => readdirSync(all.folder).map((name) => ({ ...all, name })));
for (const { tool, folder: all, files, name } of recordings.sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const folder = join(all, name);
  const truth: Truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
  describe(`${tool} ${name}`, () => {
    let original: RecordingCopy;
    let elsewhere: RecordingCopy;
    let logAlone: RecordingCopy;
    beforeAll(async () => {
      original = await prepare(folder, files, truth, { clone: true, moveLog: true });
      elsewhere = await prepare(folder, files, truth, { clone: true, moveLog: false });
      logAlone = await prepare(folder, files, truth, { clone: false, moveLog: true });
    });
    afterAll(async () => {
      for (const copy of [original, elsewhere, logAlone]) await rm(copy.base, { recursive: true, force: true });
    });
    truth.windows.forEach((window, index) => {
      const file = logOf(truth, window.session_id ?? truth.session_id);
      const read = (copy: RecordingCopy) => factsOf(copy, { tool, path: join(copy.base, files, file) }, window);
      test(`run ${index + 1} has the facts of its ground truth`, async () => {
        expect(await read(original)).toEqual(sorted(window.expect));
      });
      test(`run ${index + 1} has the same facts in a clone elsewhere`, async () => {
        expect(await read(elsewhere)).toEqual(sorted(window.expect));
      });
      test(`run ${index + 1} has the facts of its log when there is no repository`, async () => {
        expect(await read(logAlone)).toEqual(sorted({ ...window.expect, ...window.log }));
      });
    });
  });
}

interface RecordingCopy {
  /** A temporary home folder with the recording. */
  base: string;
  /** The home folder in the log. */
  home: string;
  root: string;
}

/** Copies a recording to a temporary home folder; with `moveLog` the paths in the log point there. */
async function prepare(
  folder: string,
  files: string,
  truth: Truth,
  options: { clone: boolean; moveLog: boolean },
): Promise<RecordingCopy> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "recording-")));
  const home = options.moveLog ? base : RECORDED_HOME;
  const root = (truth.top ?? truth.cwd).replace(RECORDED_HOME, base);
  for (const file of truth.files) {
    const text = readFileSync(join(folder, file), "utf8");
    const copy = join(base, files, file);
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, text.replaceAll(RECORDED_HOME, home));
  }
  if (options.clone) {
    const clone = await run(["git", "clone", "--quiet", join(folder, "repo.bundle"), root]);
    if (clone.code !== 0) throw new Error(clone.stderr);
  } else await mkdir(root, { recursive: true });
  return { base, home, root };
}

function logOf(truth: Truth, sessionId: string): string {
  const file = truth.files.find((path) => path.endsWith(`${sessionId}.jsonl`));
  if (file === undefined) throw new Error(`no log of ${sessionId}`);
  return file;
}

async function factsOf(
  copy: RecordingCopy,
  log: LogRef,
  window: { start: string; end: string },
): Promise<Required<Facts>> {
  const head = await readHead(log);
  const range = await resolveWindow(log, head, window);
  const collector = new EvidenceCollector();
  await readEvents(log, range, (event) => collector.push(event));
  const { start, end } = window;
  return facts(await collector.finish({ head, root: copy.root, home: copy.home, window: { start, end } }));
}

function facts(evidence: Evidence): Required<Facts> {
  return sorted({
    prompts: evidence.prompts,
    tests: evidence.tests,
    failed_commands: evidence.failedCommands.map(({ command }) => command),
    failed_edits: evidence.failedEdits.map(({ paths }) => paths),
    touched_files: evidence.touchedFiles,
    commits: evidence.commits,
  });
}

/** Commits and moves have no fixed order, because of parallel branches. */
function sorted(all: Facts): Required<Facts> {
  const { created, modified, deleted, moved } = all.touched_files;
  return {
    ...all,
    failed_edits: all.failed_edits ?? [],
    touched_files: {
      created: created.toSorted(),
      modified: modified.toSorted(),
      deleted: deleted.toSorted(),
      moved: moved.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    },
    commits: all.commits.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)),
  };
}
