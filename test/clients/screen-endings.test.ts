// The screen of the real Codex comes to an end that nobody chose: the run is kept all the same, once.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseIdentity } from "../../src/system/process-identity.ts";
import { CodexScreen, processes, prompt } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

type Ending = (terminal: Terminal, pid: number) => void | Promise<void>;

const ENDINGS: readonly [string, Ending][] = [
  ["SIGTERM to ctx", (_, pid) => void process.kill(pid, "SIGTERM")],
  ["SIGHUP to ctx", (_, pid) => void process.kill(pid, "SIGHUP")],
  ["SIGKILL to ctx", (_, pid) => void process.kill(pid, "SIGKILL")],
  ["the window closed", (terminal) => terminal.close()],
  ["the window closed while Codex is stopped", closeStopped],
];

test.each(ENDINGS)(
  "%s: one entry, and nothing is left",
  async (_, end) => {
    await using codex = await CodexScreen.prepare({ version: "0.169.0" });
    await using terminal = await codex.openTerminal("Fix cart");
    await terminal.enter("work");
    await codex.waitUntilReady(terminal);
    await prompt(terminal, "Make made.txt");
    await terminal.waitFor("That is done.");
    await prompt(terminal, "Wait");
    while (!existsSync(join(codex.repository, "waiting"))) await Bun.sleep(20);

    const [, owner = ""] = (await codex.pending())[0]?.split(".") ?? [];
    const pid = parseIdentity(owner)?.pid ?? 0;
    expect(pid).toBeGreaterThan(0);
    await end(terminal, pid);
    while ((await processes()).some((one) => one.pid === pid)) await Bun.sleep(20);
    // Codex outlives a ctx that was killed, and its terminal outlives neither.
    await terminal.close();
    for (let stderr = "running"; stderr.includes("running"); ) ({ stderr } = await codex.ctx("recover"));

    const [entry, ...others] = await codex.readEntries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ label: "Fix cart", evaluator: { name: "builtin" } });
    expect(entry?.touched_files.created).toContain("made.txt");
    expect(await codex.pending()).toEqual([]);
    expect((await codex.ctx("recover")).stderr).toBe("no pending runs\n");
  },
  120_000,
);

async function closeStopped(terminal: Terminal): Promise<void> {
  await terminal.press("C-z");
  await terminal.waitFor("Stopped");
  await terminal.close();
}
