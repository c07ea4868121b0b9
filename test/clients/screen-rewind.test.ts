// A conversation is rewound at the screen of the real Codex, which then continues in another log.
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NEWEST_CODEX } from "./clients.ts";
import { CodexScreen, prompt, stillScreen } from "./codex-screen.ts";

test.each([
  ["without its daemon", false],
  ["with its daemon", true],
])(
  "both parts of a rewound conversation are recorded, for Codex %s",
  async (_name, daemon) => {
    await using codex = await CodexScreen.prepare({ version: NEWEST_CODEX, daemon });
    await using terminal = await codex.openTerminal("work");
    await terminal.enter('work; echo "status $?"');
    await codex.waitUntilReady(terminal);
    const answered = (times: number) => (screen: string) => screen.split("That is done.").length > times;
    await prompt(terminal, "Make one.txt");
    await terminal.waitFor(answered(1));
    await prompt(terminal, "Make two.txt");
    await terminal.waitFor(answered(2));
    await stillScreen(terminal);
    await terminal.press("Escape");
    await terminal.waitFor("esc again to edit previous message");
    await terminal.press("Escape");
    await terminal.waitFor("↵ rewind");
    await terminal.press("Enter");
    await terminal.waitFor("Conversation reverted to this point");
    // Codex puts the old prompt into the composer.
    const isBack = (screen: string) => screen.slice(screen.lastIndexOf("›")).startsWith("› Make two.txt");
    await terminal.waitFor(isBack);
    await terminal.repeat(
      () => terminal.press("C-u"),
      (screen) => !isBack(screen),
    );
    await prompt(terminal, "Make three.txt");
    await terminal.waitFor(answered(2));
    await prompt(terminal, "/quit");
    await terminal.waitFor(/^status 0$/m);

    const entries = await codex.readEntries();
    expect(entries.map(({ label, touched_files }) => [label, touched_files.created])).toEqual([
      ["work", ["one.txt", "two.txt"]],
      ["work", ["three.txt"]],
    ]);
    const [before = "", after = ""] = await Promise.all(
      entries.map(({ session_dir }) => readFile(join(codex.repository, session_dir ?? "", "page-001.html"), "utf8")),
    );
    expect(before).toContain("Make two.txt");
    expect(before).not.toContain("Make three.txt");
    expect(after).toContain("Make three.txt");
    expect(await codex.pending()).toEqual([]);
    // A sync finds nothing new, and only one session can be resumed.
    const synced = JSON.parse((await codex.ctx("changelog", "sync", "--json")).stdout);
    expect(synced).toMatchObject({ runs: 0, skipped: { recorded: 2 } });
    const listed = JSON.parse((await codex.ctx("resume", "codex", "--json")).stdout);
    expect(listed).toMatchObject([{ id: entries[0]?.session_id }]);
  },
  120_000,
);
