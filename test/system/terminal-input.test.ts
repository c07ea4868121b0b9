import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terminal } from "../clients/terminal.ts";

const PROGRAM = join(import.meta.dir, "programs/read-a-key.ts");

test("leaves every byte after the last key to the next program", async () => {
  const home = await mkdtemp(join(tmpdir(), "ctx-keys-"));
  {
    await using terminal = await Terminal.open({ cwd: home, env: { PATH: process.env.PATH ?? "", HOME: home } });
    await terminal.enter(`${process.execPath} ${PROGRAM}`);
    await terminal.waitFor(/^press$/m);
    // Sent at once: the first part is read, Ctrl-Z is dropped, and the rest stays in the terminal.
    await terminal.press("a", "Down", "C-z", "Enter", "b", "c");
    await terminal.waitFor('read "a\\u001b[B\\r"');
    await terminal.enter(" and more");
    expect(await terminal.waitFor(/^left /m)).toContain("left <bc and more>");
    await terminal.enter("stty -a | grep -o '[-]icanon\\|[-]echo ' || echo cooked");
    await terminal.waitFor(/^cooked$/m);
  }
  await rm(home, { recursive: true, force: true });
});
