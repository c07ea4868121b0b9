import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terminal } from "../clients/terminal.ts";

const PROGRAM = join(import.meta.dir, "programs/read-a-key.ts");

test("what is typed after the last key is left to the next program, to the byte", async () => {
  const home = await mkdtemp(join(tmpdir(), "ctx-keys-"));
  {
    await using terminal = await Terminal.open({ cwd: home, env: { PATH: process.env.PATH ?? "", HOME: home } });
    await terminal.enter(`${process.execPath} ${PROGRAM}`);
    await terminal.waitFor(/^press$/m);
    // All of it at once: the first part is still read, Ctrl-Z is nobody's, the rest is not touched.
    await terminal.press("a", "Down", "C-z", "Enter", "b", "c");
    await terminal.waitFor('read "a\\u001b[B\\r"');
    await terminal.enter(" and more");
    expect(await terminal.waitFor(/^left /m)).toContain("left <bc and more>");
    await terminal.enter("stty -a | grep -o '[-]icanon\\|[-]echo ' || echo cooked");
    await terminal.waitFor(/^cooked$/m);
  }
  await rm(home, { recursive: true, force: true });
});
