// Exports a session recorded with the real Codex, and shows the changelog entries.
import { cp, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readEntries } from "../src/changelog/store.ts";
import { build, HOST } from "./build.ts";

const RECORDING = "test/fixtures/codex/0.169.0";

/** The ground truth of the recording. A window is one run. */
interface Recording {
  session_id: string;
  windows: { start: string; end: string }[];
}

type StoredEntry = ReturnType<typeof readEntries>["entries"][number];

const scratch = await mkdtemp(join(tmpdir(), "ctx-demo-"));
const home = join(scratch, "home");
const codexHome = join(home, ".codex");
const repository = join(scratch, "shop");
/** Excludes the user's own configuration. */
const env = { PATH: process.env.PATH ?? "", HOME: home, CODEX_HOME: codexHome };

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run(argv: string[]): Promise<void> {
  const child = Bun.spawn(argv, { env, stdout: "inherit", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error(`${argv.join(" ")} exited with ${child.exitCode}`);
}

function show(entry: StoredEntry): string {
  const { created, modified, deleted, moved } = entry.touched_files;
  const facts = [
    ...entry.bullets.map((bullet) => `- ${bullet}`),
    "",
    ...created.map((path) => `created   ${path}`),
    ...modified.map((path) => `modified  ${path}`),
    ...deleted.map((path) => `deleted   ${path}`),
    ...moved.map(({ from, to }) => `moved     ${from} to ${to}`),
    ...entry.tests.map(({ cmd, result }) => `test      ${cmd}: ${result}`),
    ...entry.commits.map(({ hash, message }) => `commit    ${hash} ${message}`),
    `tags      ${entry.tags.join(", ")}`,
    `run       ${entry.run_id}${entry.continuation_of_run_id ? ` continues ${entry.continuation_of_run_id}` : ""}`,
  ];
  return [entry.summary, "", ...facts.map((fact) => `  ${fact}`)].join("\n");
}

say("Building dist/ctx …");
const ctx = resolve(await build({ target: HOST, outdir: "dist" }));

await mkdir(codexHome, { recursive: true });
await cp(join(RECORDING, "sessions"), join(codexHome, "sessions"), { recursive: true });
await run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), repository]);

const recording: Recording = JSON.parse(await readFile(join(RECORDING, "truth.json"), "utf8"));
for (const { start, end } of recording.windows) {
  const values = { tool: "codex", "session-id": recording.session_id, cwd: repository, start, end, label: "Fix cart" };
  const flags = Object.entries(values).flatMap(([flag, value]) => [`--${flag}`, value]);
  const changelog = "--changelog --changelog-actor demo --changelog-evaluator builtin".split(" ");
  const command = ["export-latest", ...flags, ...changelog];
  say(`\n$ ctx ${command.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(" ")}\n`);
  await run([ctx, ...command]);
}

const entries = join(repository, ".changelog/demo/entries.jsonl");
for (const entry of readEntries(entries).entries) say(`\n${show(entry)}`);
say(`
Entries:      ${entries}
Transcripts:  ${join(repository, ".codex/sessions")}
Log:          ${join(codexHome, "sessions")}
All files are in ${scratch}. Remove it when you are done.`);
