// At the screen of the real Codex: inside `ctx` everything is as it is without, and the run is kept.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CodexScreen, processes, prompt, stillScreen } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

/** What the shell does when Codex is gone: it tells the status, and shows whatever else arrives. */
const AFTERWARDS = 'echo "status $?"; stty -a >../after; cat -v';

for (const version of ["0.169.0", "0.101.0"]) {
  test(`codex ${version}: paste, resize, Ctrl-Z, fg and /quit are as without ctx`, async () => {
    await using alone = await CodexScreen.prepare({ version });
    await using wrapped = await CodexScreen.prepare({ version });
    const [expected, seen] = await Promise.all([workAt(alone, null), workAt(wrapped, "Fix cart")]);
    expect(seen).toEqual(expected);
    expect(seen).toMatchObject({ arrived: true, status: 0, pasted: "pasted", settingsKept: true, stray: null });
    expect(seen.stopped).toEqual({ states: ["T"], modes: seen.before });
    expect(seen.after).toEqual(seen.before);

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
    const [expected, seen] = await Promise.all([interruptAt(alone, null), interruptAt(wrapped, "Fix cart")]);
    expect(seen).toEqual(expected);
    const [entry, ...others] = await wrapped.readEntries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ label: "Fix cart", touched_files: { modified: [], deleted: [], moved: [] } });
    // Of a command that is broken off within its first moments Codex writes down nothing: who is quicker decides.
    expect(entry?.touched_files.created.filter((file) => file !== "waiting")).toEqual(["made.txt"]);
    expect(await wrapped.pending()).toEqual([]);
  }, 120_000);
}

/** Works with Codex for a while, and tells what was to be seen. */
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

  // In the moment in which a turn ends it depends on who is quicker how many lines are left between its parts.
  await stillScreen(terminal);
  await terminal.resize(80, 24);
  const resized = fromFirstPrompt(await stillScreen(terminal));

  await terminal.press("C-z");
  await terminal.waitFor("Stopped");
  await terminal.enter("clear; jobs -p");
  const [group] = /^\d+$/m.exec(await terminal.waitFor(/^\d+$/m)) ?? [];
  // What Codex ran and ended before it was stopped itself (git, mostly) may still wait to be reaped by it.
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

/** Interrupts what Codex does, and then Codex. */
async function interruptAt(codex: CodexScreen, label: string | null) {
  await using terminal = await codex.openTerminal(label);
  await terminal.enter(`work; ${AFTERWARDS}`);
  await codex.waitUntilReady(terminal);
  await prompt(terminal, "Make made.txt");
  await terminal.waitFor("That is done.");
  await prompt(terminal, "Wait");
  while (!existsSync(join(codex.repository, "waiting"))) await Bun.sleep(20);
  await terminal.press("C-c");
  await terminal.waitFor("interrupted");
  // Whether a command that was broken off counts as one in the background is a matter of milliseconds.
  const screen = (await stillScreen(terminal)).replace(/^.*background terminal running.*$/m, "");
  const interrupted = fromLastPrompt(screen);
  await terminal.press("C-c");
  return { interrupted, ...(await endingAt(terminal, codex)) };
}

/** What the terminal is like when Codex is gone. */
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

/** What `stty -a` tells but for the size of the window. */
function withoutSize(settings: string): string {
  return settings.replace(/rows \d+; columns \d+; /, "").replaceAll(/\s+/g, " ");
}

/** The part of the screen below the command line. */
function fromFirstPrompt(screen: string): string {
  return withoutChance(screen.slice(screen.indexOf("› Make")));
}

function fromLastPrompt(screen: string): string {
  return withoutChance(screen.slice(Math.max(screen.lastIndexOf("› Make"), screen.lastIndexOf("› Wait"))));
}

/** Neither how long something took nor what an empty composer suggests. */
function withoutChance(text: string): string {
  return text.replaceAll(/Worked for \S+ • \S+/g, "Worked").replace(/^› (?!Make|Wait).*/m, "›");
}
