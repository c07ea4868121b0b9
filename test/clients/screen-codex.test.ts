// The screen of the real Codex looks and works the same wrapped by `ctx` as without it, and the run is recorded.
import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { waitForFile } from "../wait-until.ts";
import { CODEX_VERSIONS } from "./clients.ts";
import { CodexScreen, processes, prompt, stillScreen } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

/** What the shell runs after Codex: it prints the exit status and any stray input. */
const AFTERWARDS = 'echo "status $?"; stty -a >../after; cat -v';

for (const version of CODEX_VERSIONS) {
  test(`codex ${version}: paste, resize, Ctrl-Z, fg and /quit work as without ctx`, async () => {
    await using alone = await CodexScreen.prepare({ version });
    await using wrapped = await CodexScreen.prepare({ version });
    const [expected, actual] = await Promise.all([workAt(alone, null), workAt(wrapped, "Fix cart")]);
    expect(actual).toEqual(expected);
    expect(actual).toMatchObject({ arrived: true, status: 0, pasted: "pasted", settingsKept: true, stray: null });
    expect(actual.stopped).toEqual({ states: ["T"], modes: actual.before });
    expect(actual.after).toEqual(actual.before);

    const [entry, ...others] = await wrapped.readEntries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      label: "Fix cart",
      evaluator: { name: "builtin" },
      touched_files: { created: ["made.txt", "second.txt"], modified: [], deleted: [], moved: [] },
    });
    const files = await readdir(join(wrapped.repository, entry?.session_dir ?? ""));
    const rollout = `rollout-\\S+-${entry?.session_id}.jsonl`;
    expect(files.sort().join(" ")).toMatch(
      new RegExp(`^export_runs.jsonl index.html page-001.html ${rollout} search source_match.json$`),
    );
    expect(await wrapped.pending()).toEqual([]);
  }, 120_000);

  test(`codex ${version}: Ctrl-C ends a turn, then Codex, as without ctx`, async () => {
    await using alone = await CodexScreen.prepare({ version });
    await using wrapped = await CodexScreen.prepare({ version });
    const [expected, actual] = await Promise.all([interruptAt(alone, null), interruptAt(wrapped, "Fix cart")]);
    expect(actual).toEqual(expected);
    const [entry, ...others] = await wrapped.readEntries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ label: "Fix cart", touched_files: { modified: [], deleted: [], moved: [] } });
    // Codex does not log a command that is interrupted right after its start, so `waiting` may be missing.
    expect(entry?.touched_files.created.filter((file) => file !== "waiting")).toEqual(["made.txt"]);
    expect(await wrapped.pending()).toEqual([]);
  }, 120_000);
}

/** Works with Codex for a while. Returns what the screen and the terminal showed. */
async function workAt(codex: CodexScreen, label: string | null) {
  await using terminal = await codex.openTerminal(label);
  const before = await modesOf(terminal);
  await terminal.enter("work");
  await codex.waitUntilReady(terminal);
  const within = await modesOf(terminal);
  await terminal.paste("Make made.txt\nand nothing else\nplease");
  await terminal.waitFor("please");
  await terminal.press("Enter");
  await terminal.waitFor("That is done.");
  const arrived = JSON.stringify(codex.endpoint.requests).includes("Make made.txt\\nand nothing else\\nplease");

  // The number of blank lines varies while a turn ends.
  await stillScreen(terminal);
  await terminal.resize(80, 24);
  const resized = fromFirstPrompt(await stillScreen(terminal));

  await terminal.press("C-z");
  await terminal.waitFor("Stopped");
  await terminal.enter("clear; jobs -p");
  const [group] = /^\d+$/m.exec(await terminal.waitFor(/^\d+$/m)) ?? [];
  // Children that ended before Codex was stopped (mostly git) may still be zombies.
  const job = (await processes()).filter((one) => one.group === Number(group) && !one.state.startsWith("Z"));
  const stopped = { states: [...new Set(job.map(({ state }) => state.slice(0, 1)))], modes: await modesOf(terminal) };
  await terminal.enter(`clear; fg; ${AFTERWARDS}`);
  await terminal.waitFor(codex.composer);
  await prompt(terminal, "Make second.txt");
  await terminal.waitFor(/second\.txt[\s\S]*second\.txt[\s\S]*That is done\./);
  const back = fromLastPrompt(await stillScreen(terminal));

  await prompt(terminal, "/quit");
  return { before, within, arrived, resized, stopped, back, ...(await endingAt(terminal, codex)) };
}

/** Interrupts a turn of Codex, and then Codex. */
async function interruptAt(codex: CodexScreen, label: string | null) {
  await using terminal = await codex.openTerminal(label);
  await terminal.enter(`work; ${AFTERWARDS}`);
  await codex.waitUntilReady(terminal);
  await prompt(terminal, "Make made.txt");
  await terminal.waitFor("That is done.");
  await prompt(terminal, "Wait");
  await waitForFile(join(codex.repository, "waiting"));
  await terminal.press("C-c");
  await terminal.waitFor("interrupted");
  // Whether an interrupted command counts as a background one depends on timing.
  const screen = (await stillScreen(terminal)).replace(/^.*background terminal running.*$/m, "");
  const interrupted = fromLastPrompt(screen);
  await terminal.press("C-c");
  return { interrupted, ...(await endingAt(terminal, codex)) };
}

/** The state of the terminal after Codex has ended. */
async function endingAt(terminal: Terminal, codex: CodexScreen) {
  const screen = await terminal.waitFor(/^status \d+$/m);
  const status = Number(/^status (\d+)$/m.exec(screen)?.[1]);
  await terminal.paste("pasted");
  const [, pasted] = (await terminal.waitFor("pasted")).split(`status ${status}\n`);
  const [before, after] = await Promise.all(
    ["before", "after"].map((name) => readFile(join(codex.home, name), "utf8").then(withoutSize)),
  );
  const stray = /\^\[|\[\?|\d;\d+[Rct]|rgb:/.exec(screen)?.[0] ?? null;
  return { status, pasted, settingsKept: before === after, stray, after: await modesOf(terminal) };
}

async function modesOf(terminal: Terminal): Promise<Record<string, string>> {
  const names = ["alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "insert_flag", "wrap_flag"];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await terminal.ask(name)])));
}

/** The output of `stty -a` without the size of the window. */
function withoutSize(settings: string): string {
  return settings.replace(/rows \d+; columns \d+; /, "").replaceAll(/\s+/g, " ");
}

/** The part of the screen below the command line. */
function fromFirstPrompt(screen: string): string {
  return withoutVariation(screen.slice(screen.indexOf("› Make")));
}

function fromLastPrompt(screen: string): string {
  return withoutVariation(screen.slice(Math.max(screen.lastIndexOf("› Make"), screen.lastIndexOf("› Wait"))));
}

/** Without durations, and without the suggestion in an empty composer. */
function withoutVariation(text: string): string {
  return text.replaceAll(/Worked for \S+ • \S+/g, "Worked").replace(/^› (?!Make|Wait).*/m, "›");
}
