// Screens of the real Codex with its daemon, which writes the logs of all screens: open files do not show which log is whose.
import { expect, test } from "bun:test";
import { NEWEST_CODEX } from "./clients.ts";
import { CodexScreen, prompt, stillScreen } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

test("with two screens in one folder each ctx records its own session, or reports that the session is ambiguous", async () => {
  await using codex = await CodexScreen.prepare({ version: NEWEST_CODEX, daemon: true });
  await using first = await codex.openTerminal("first");
  await using second = await codex.openTerminal("second");
  const screens = { first, second };
  for (const terminal of [first, second]) await terminal.enter('work; echo "status $?"');
  for (const terminal of [first, second]) await codex.waitUntilReady(terminal);
  for (const [label, terminal] of Object.entries(screens)) {
    await prompt(terminal, `Make ${label}.txt`);
    await terminal.waitFor("That is done.");
  }
  const screenAtEnd = Object.fromEntries(
    await Promise.all(Object.entries(screens).map(async ([label, terminal]) => [label, await quit(terminal)])),
  );

  const entries = await codex.readEntries();
  for (const { label, touched_files } of entries) expect(touched_files.created).toEqual([`${label}.txt`]);
  for (const label of Object.keys(screens)) {
    const count = entries.filter((entry) => entry.label === label).length;
    if (count === 0) expect(screenAtEnd[label]).toContain("the run may belong to session");
    else expect(count).toBe(1);
  }
  expect(await codex.pending()).toHaveLength(2 - entries.length);
}, 120_000);

/** Quits Codex and returns the screen after it. */
async function quit(terminal: Terminal): Promise<string> {
  await prompt(terminal, "/quit");
  return await terminal.waitFor(/^status 0$/m);
}

test("all sessions started at one screen are recorded, also one in a worktree that Codex made", async () => {
  await using codex = await CodexScreen.prepare({ version: NEWEST_CODEX, daemon: true });
  await using terminal = await codex.openTerminal("work");
  await terminal.enter('work; echo "status $?"');
  await codex.waitUntilReady(terminal);
  const make = async (name: string) => {
    await prompt(terminal, `Make ${name}`);
    await terminal.waitFor(new RegExp(`> ${name}[\\s\\S]*That is done`));
    await stillScreen(terminal);
  };
  await make("one.txt");
  await prompt(terminal, "/new");
  await terminal.waitFor("› 1. Use current Git worktree");
  await terminal.press("Down");
  await terminal.waitFor("› 2. Create new Git worktree");
  await terminal.press("Enter");
  await terminal.waitFor("Working directory changed to");
  await make("two.txt");
  await prompt(terminal, "/fork");
  await terminal.waitFor("› 1. Use current Git worktree");
  await terminal.press("Enter");
  await terminal.waitFor((screen) => !screen.includes("Create new Git worktree"));
  await make("three.txt");
  await quit(terminal);

  const entries = await codex.readEntries();
  const recorded = entries.map(({ label, touched_files }) => [label, touched_files.created]);
  expect(recorded.sort() as unknown).toEqual([
    ["work", ["one.txt"]],
    ["work", ["three.txt"]],
    ["work", ["two.txt"]],
  ]);
  expect(await codex.pending()).toEqual([]);
}, 120_000);
