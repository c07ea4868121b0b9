// Starting an interactive session without a label asks for a label, but only on a terminal.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Terminal } from "../clients/terminal.ts";
import { CTX } from "../program.ts";
import { Sandbox } from "./sandbox.ts";

const QUESTION = "label (Enter: use the first prompt): ";
/** A tool that prints its arguments, the label in its pending record, and the first line of its input. */
const TOOL = `#!/bin/sh
printf 'words<%s>\\n' "$*"
grep '"label"' "$XDG_STATE_HOME"/ai-code-sessions/pending/*.json
IFS= read -r line
printf 'read<%s>\\n' "$line"
`;

let sandbox: Sandbox;
let terminal: Terminal;
beforeEach(async () => {
  sandbox = await Sandbox.create();
  const tool = join(sandbox.root, "tool");
  await writeFile(tool, TOOL);
  await chmod(tool, 0o755);
  const env = { ...sandbox.env, CTX_CODEX_CMD: tool, CTX_CLAUDE_CMD: tool };
  terminal = await Terminal.open({ cwd: sandbox.work, env });
});
afterEach(async () => {
  await terminal[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const start = (words: string) => terminal.enter(`${CTX.join(" ")} ${words}; echo "status $?"`);

test("the answer is the label, and what was typed after it goes to the tool", async () => {
  await start("--codex");
  await terminal.waitFor(QUESTION.trim());
  await terminal.type("Fix cart\nfor the tool\n");
  const screen = await terminal.waitFor("read<for the tool>");
  expect(screen).toContain('"label": "Fix cart"');
  await terminal.waitFor("status 0");
});

test.each([
  ["Enter", "Enter"],
  ["Ctrl-D", "C-d"],
])("%s leaves the label to the first prompt", async (_, key) => {
  await start("--claude");
  await terminal.waitFor(QUESTION.trim());
  await terminal.press(key);
  expect(await terminal.waitFor('"label"')).toContain('"label": null');
});

test("Ctrl-C does not start the tool", async () => {
  await start("--codex");
  await terminal.waitFor(QUESTION.trim());
  await terminal.press("C-c");
  // The shell discards the rest of the line too.
  await terminal.enter('echo "status $?"');
  expect(await terminal.waitFor("status 130")).not.toContain("words<");
  expect(await readdir(sandbox.work)).toEqual([]);
});

test.each([
  "--codex resume --last",
  "--codex exec go",
  "--claude -p go",
  "--claude --resume",
  "--codex --version",
  "x --codex",
])("`ctx %s` does not ask", async (words) => {
  await start(words);
  expect(await terminal.waitFor("words<")).not.toContain(QUESTION.trim());
});

test("does not ask without a terminal", async () => {
  const script = join(sandbox.root, "tool");
  const { stderr, status } = await sandbox.ctx(["--codex"], { env: { CTX_CODEX_CMD: script } });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  expect(await readFile(script, "utf8")).toBe(TOOL);
});
