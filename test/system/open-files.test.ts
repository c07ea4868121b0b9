import { afterEach, describe, expect, test } from "bun:test";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOpenForWriting } from "../../src/system/open-files.ts";
import { waitForFile } from "../wait-until.ts";

/** The implementations that can run here. The one for macOS needs only ps and lsof, which Linux may have too. */
const ways = (["linux", "darwin"] as const).filter((way) => {
  return way === "linux" ? process.platform === "linux" : Bun.which("lsof") !== null;
});

let folder = "";
let child: Bun.Subprocess | null = null;
afterEach(async () => {
  // The whole group, including the children of the shell.
  if (child !== null) process.kill(-child.pid, "SIGKILL");
  await child?.exited;
  child = null;
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

/** The `.log` files that a shell script has open once it has created `ready`. */
async function heldBy(script: string, way: NodeJS.Platform): Promise<string[] | null> {
  folder = await realpath(await mkdtemp(join(tmpdir(), "open-files-")));
  child = Bun.spawn(["setsid", "sh", "-c", script], { cwd: folder, stdin: "ignore" });
  await waitForFile(join(folder, "ready"));
  const { signal } = new AbortController();
  const open = await filesOpenForWriting(child.pid, (path) => path.endsWith(".log"), signal, way);
  return open?.map((path) => path.slice(folder.length + 1)) ?? null;
}

const WAIT = "touch ready; while :; do sleep 0.05; done";

describe.each(ways)("on %s", (way) => {
  test("finds files the process writes, not those it only reads", async () => {
    const script = `echo x > read.log; exec 3>write.log 4<read.log 5>other 6<>both.log; ${WAIT}`;
    expect((await heldBy(script, way))?.sort()).toEqual(["both.log", "write.log"]);
  });

  test("finds a file with special characters in its name", async () => {
    const name = `two words, ü, a\nnew line, "a\\b" and ^A.log`;
    expect(await heldBy(`exec 3>'${name}'; ${WAIT}`, way)).toEqual([name]);
  });

  test("finds a file that a grandchild writes", async () => {
    expect(await heldBy(`(sh -c 'exec 3>deep.log; ${WAIT}'; true); true`, way)).toEqual(["deep.log"]);
  });

  test("ignores the descendants of a process that holds a file", async () => {
    const script = `exec 3>own.log; (exec 3>&- 4>inner.log; ${WAIT}); true`;
    expect(await heldBy(script, way)).toEqual(["own.log"]);
  });

  test("ignores a daemon that the process started", async () => {
    const script = `setsid sh -c 'exec 3>daemon.log; touch ready; while [ -e ready ]; do sleep 0.05; done' & wait`;
    expect(await heldBy(script, way)).toEqual([]);
  });

  test("finds nothing for a process that has ended", async () => {
    const gone = Bun.spawn(["true"]);
    await gone.exited;
    const { signal } = new AbortController();
    expect(await filesOpenForWriting(gone.pid, () => true, signal, way)).toEqual([]);
  });
});

// The race is between two reads of `/proc`, which only Linux has.
test.skipIf(process.platform !== "linux")(
  "does not report a file that is read through a reused descriptor",
  async () => {
    // Codex 0.169 first reads the logs of other sessions; its own log later gets the same descriptor number.
    const script = `const { closeSync, openSync, writeFileSync } = require("node:fs");
    writeFileSync("read.log", "");
    writeFileSync("other", "");
    const read = (path, how) => closeSync(openSync(path, how));
    for (let turn = 0; ; turn += 1) {
      read("other", "r+");
      read("read.log", "r");
      if (turn === 1000) writeFileSync("ready", "");
    }`;
    folder = await realpath(await mkdtemp(join(tmpdir(), "open-files-")));
    child = Bun.spawn(["setsid", process.execPath, "-e", script], { cwd: folder, stdin: "ignore" });
    await waitForFile(join(folder, "ready"));
    const { signal } = new AbortController();
    for (let look = 0; look < 2_000; look += 1) {
      expect(await filesOpenForWriting(child.pid, (path) => path.endsWith(".log"), signal)).toEqual([]);
    }
  },
);

test("returns null where the system cannot tell, not an empty list", async () => {
  const { signal } = new AbortController();
  expect(await filesOpenForWriting(process.pid, () => true, signal, "win32")).toBeNull();
});
