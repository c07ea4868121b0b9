import { afterEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOpenForWriting } from "../../src/system/open-files.ts";

/** The ways there are here. The one of macOS needs but two programs that Linux may have too; where lsof is not, only
 * what it printed once can be read: see `lsof.test.ts`. */
const ways = (["linux", "darwin"] as const).filter((way) => {
  return way === "linux" ? process.platform === "linux" : Bun.which("lsof") !== null;
});

let folder = "";
let child: Bun.Subprocess | null = null;
afterEach(async () => {
  // The whole group: what the shell started as well.
  if (child !== null) process.kill(-child.pid, "SIGKILL");
  await child?.exited;
  child = null;
  if (folder !== "") await rm(folder, { recursive: true, force: true });
});

/** What a shell script holds open, once it has made the file `ready`. */
async function heldBy(script: string, way: NodeJS.Platform): Promise<string[] | null> {
  folder = await realpath(await mkdtemp(join(tmpdir(), "open-files-")));
  child = Bun.spawn(["setsid", "sh", "-c", script], { cwd: folder, stdin: "ignore" });
  while (!existsSync(join(folder, "ready"))) await Bun.sleep(2);
  const { signal } = new AbortController();
  const open = await filesOpenForWriting(child.pid, (path) => path.endsWith(".log"), signal, way);
  return open?.map((path) => path.slice(folder.length + 1)) ?? null;
}

const WAIT = "touch ready; while :; do sleep 0.05; done";

describe.each(ways)("the way of %s", (way) => {
  test("a file the process writes is found, one it only reads is not", async () => {
    const script = `echo x > read.log; exec 3>write.log 4<read.log 5>other 6<>both.log; ${WAIT}`;
    expect((await heldBy(script, way))?.sort()).toEqual(["both.log", "write.log"]);
  });

  test("a file whose name takes more than letters is found by its name", async () => {
    const name = `two words, ü, a\nnew line, "a\\b" and ^A.log`;
    expect(await heldBy(`exec 3>'${name}'; ${WAIT}`, way)).toEqual([name]);
  });

  test("a file that a child of a child writes is found", async () => {
    expect(await heldBy(`(sh -c 'exec 3>deep.log; ${WAIT}'; true); true`, way)).toEqual(["deep.log"]);
  });

  test("what a holder started is its own affair", async () => {
    const script = `exec 3>own.log; (exec 3>&- 4>inner.log; ${WAIT}); true`;
    expect(await heldBy(script, way)).toEqual(["own.log"]);
  });

  test("a daemon it started is none of it", async () => {
    const script = `setsid sh -c 'exec 3>daemon.log; touch ready; while [ -e ready ]; do sleep 0.05; done' & wait`;
    expect(await heldBy(script, way)).toEqual([]);
  });

  test("a process that is gone holds nothing", async () => {
    const gone = Bun.spawn(["true"]);
    await gone.exited;
    const { signal } = new AbortController();
    expect(await filesOpenForWriting(gone.pid, () => true, signal, way)).toEqual([]);
  });
});

test.skipIf(process.platform !== "linux")(
  "a file read where another was just written is not taken for written",
  async () => {
    // Codex 0.169 reads the logs of other sessions under the number under which it opens its own.
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
    while (!existsSync(join(folder, "ready"))) await Bun.sleep(2);
    const { signal } = new AbortController();
    for (let look = 0; look < 2_000; look += 1) {
      expect(await filesOpenForWriting(child.pid, (path) => path.endsWith(".log"), signal)).toEqual([]);
    }
  },
);

test("a system that does not tell is told apart from one where nothing is open", async () => {
  const { signal } = new AbortController();
  expect(await filesOpenForWriting(process.pid, () => true, signal, "win32")).toBeNull();
});
