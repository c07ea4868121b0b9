import { afterEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOpenForWriting } from "../../src/system/open-files.ts";

const onLinux = test.skipIf(process.platform !== "linux");

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
async function heldBy(script: string): Promise<string[] | null> {
  folder = await realpath(await mkdtemp(join(tmpdir(), "open-files-")));
  child = Bun.spawn(["setsid", "sh", "-c", script], { cwd: folder, stdin: "ignore" });
  while (!existsSync(join(folder, "ready"))) await Bun.sleep(2);
  const open = filesOpenForWriting(child.pid, (path) => path.endsWith(".log"));
  return open?.map((path) => path.slice(folder.length + 1)) ?? null;
}

const WAIT = "touch ready; while :; do sleep 0.05; done";

onLinux("a file the process writes is found, one it only reads is not", async () => {
  expect(await heldBy(`echo x > read.log; exec 3>write.log 4<read.log 5>other; ${WAIT}`)).toEqual(["write.log"]);
});

onLinux("a file that a child of a child writes is found", async () => {
  expect(await heldBy(`(sh -c 'exec 3>deep.log; ${WAIT}'; true); true`)).toEqual(["deep.log"]);
});

onLinux("what a holder started is its own affair", async () => {
  expect(await heldBy(`exec 3>own.log; (exec 3>&- 4>inner.log; ${WAIT}); true`)).toEqual(["own.log"]);
});

onLinux("a daemon it started is none of it", async () => {
  const open = await heldBy(
    `setsid sh -c 'exec 3>daemon.log; touch ready; while [ -e ready ]; do sleep 0.05; done' & wait`,
  );
  expect(open).toEqual([]);
});

test("a system that does not tell is told apart from one where nothing is open", async () => {
  expect(filesOpenForWriting(process.pid, () => true, "darwin")).toBeNull();
});
