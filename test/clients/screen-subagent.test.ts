// A subagent of the real Codex, with its daemon, that works while the user prompts for something else.
import { expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { NEWEST_CODEX } from "./clients.ts";
import { CodexScreen, prompt } from "./codex-screen.ts";

test("the work of a background subagent is in the entry, and in the page between the prompts", async () => {
  await using codex = await CodexScreen.prepare({ version: NEWEST_CODEX, daemon: true });
  await using terminal = await codex.openTerminal("work");
  await terminal.enter('work; echo "status $?"');
  await codex.waitUntilReady(terminal);
  const waiting = join(codex.repository, "waiting");
  const answered = (times: number) => (screen: string) => screen.split("That is done.").length > times;
  await prompt(terminal, "Delegate two.txt");
  await terminal.waitFor(answered(1));
  await terminal.waitFor(() => existsSync(waiting));
  await prompt(terminal, "Make one.txt");
  await terminal.waitFor(answered(2));
  rmSync(waiting);
  await terminal.waitFor(() => existsSync(join(codex.repository, "two.txt")));
  await prompt(terminal, "Make three.txt");
  // The last message to the model may be the answer of the subagent.
  await terminal.waitFor(/> three\.txt[\s\S]*(?:That is done|Nothing to do)\./);
  await prompt(terminal, "/quit");
  await terminal.waitFor(/^status 0$/m);

  const [entry, ...others] = await codex.readEntries();
  expect(others).toEqual([]);
  expect(entry?.touched_files.created.sort()).toEqual(["one.txt", "three.txt", "two.txt"]);
  const directory = join(codex.repository, entry?.session_dir ?? "");
  expect(await readdir(join(directory, "subagents"))).toHaveLength(1);
  const page = await readFile(join(directory, "page-001.html"), "utf8");
  const at = (text: string) => page.indexOf(text);
  expect(at("Make one.txt")).toBeLessThan(at("<code>helper</code>"));
  expect(at("<code>helper</code>")).toBeLessThan(at("Make three.txt"));
}, 120_000);
