// Two screens of the real Codex in one folder. A daemon of Codex writes both logs, so that neither ctx sees whose is whose.
import { expect, test } from "bun:test";
import { CodexScreen, prompt } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

test("two screens at once in one folder: each ctx keeps its own session, or says that it cannot tell", async () => {
  await using codex = await CodexScreen.prepare({ version: "0.169.0", daemon: true });
  await using first = await codex.openTerminal("first");
  await using second = await codex.openTerminal("second");
  const screens = { first, second };
  for (const terminal of [first, second]) await terminal.enter('work; echo "status $?"');
  for (const terminal of [first, second]) await codex.waitUntilReady(terminal);
  for (const [label, terminal] of Object.entries(screens)) {
    await prompt(terminal, `Make ${label}.txt`);
    await terminal.waitFor("That is done.");
  }
  const told = Object.fromEntries(
    await Promise.all(Object.entries(screens).map(async ([label, terminal]) => [label, await quit(terminal)])),
  );

  const entries = await codex.readEntries();
  for (const { label, touched_files } of entries) expect(touched_files.created).toEqual([`${label}.txt`]);
  for (const label of Object.keys(screens)) {
    const kept = entries.filter((entry) => entry.label === label).length;
    expect(kept === 0 ? told[label] : kept).toEqual(kept === 0 ? expect.stringContaining("this may be the run of") : 1);
  }
  expect(await codex.pending()).toHaveLength(2 - entries.length);
}, 120_000);

/** Leaves Codex, and tells what is to be seen then. */
async function quit(terminal: Terminal): Promise<string> {
  await prompt(terminal, "/quit");
  return await terminal.waitFor(/^status 0$/m);
}
