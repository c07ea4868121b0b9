// Signals and closed windows end the screen of the real Codex: the run is still recorded, once.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { parseIdentity } from "../../src/system/process-identity.ts";
import { waitForFile, waitUntil } from "../wait-until.ts";
import { NEWEST_CODEX } from "./clients.ts";
import { CodexScreen, processes, prompt } from "./codex-screen.ts";
import type { Terminal } from "./terminal.ts";

type Ending = (terminal: Terminal, pid: number) => void | Promise<void>;

const ENDINGS: readonly [string, Ending][] = [
  ["SIGTERM to ctx", (_, pid) => void process.kill(pid, "SIGTERM")],
  ["SIGHUP to ctx", (_, pid) => void process.kill(pid, "SIGHUP")],
  ["SIGKILL to ctx", (_, pid) => void process.kill(pid, "SIGKILL")],
  ["closing the window", (terminal) => terminal.close()],
  ["closing the window while Codex is stopped", closeStopped],
];

test.each(ENDINGS)(
  "%s leaves one entry and no pending run",
  async (_, end) => {
    await using codex = await CodexScreen.prepare({ version: NEWEST_CODEX });
    await using terminal = await codex.openTerminal("Fix cart");
    await terminal.enter("work");
    await codex.waitUntilReady(terminal);
    await prompt(terminal, "Make made.txt");
    await terminal.waitFor("That is done.");
    await prompt(terminal, "Wait");
    await waitForFile(join(codex.repository, "waiting"));

    const [, owner = ""] = (await codex.pending())[0]?.split(".") ?? [];
    const pid = parseIdentity(owner)?.pid ?? 0;
    expect(pid).toBeGreaterThan(0);
    await end(terminal, pid);
    const isGone = async () => !(await processes()).some((one) => one.pid === pid);
    await waitUntil(isGone, { what: `the end of process ${pid}` });
    // Codex outlives a killed ctx, but not its terminal.
    await terminal.close();
    const isRunning = async () => (await codex.ctx("recover")).stderr.includes("running");
    await waitUntil(async () => !(await isRunning()), { what: "the end of the run" });

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
