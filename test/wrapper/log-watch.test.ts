import { afterEach, expect, test } from "bun:test";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRollouts } from "../../src/agents/codex/watch.ts";
import { LogWatch } from "../../src/wrapper/log-watch.ts";

const nameOf = (session: number) =>
  `rollout-2026-11-24T06-00-0${session}-01a201e4-cb84-7a11-a7c6-963cd916f63${session}.jsonl`;

let folder = "";
let tool: Bun.Subprocess<"pipe"> | null = null;
let watch: LogWatch | null = null;
afterEach(async () => {
  watch?.stop();
  tool?.kill("SIGKILL");
  await tool?.exited;
  await rm(folder, { recursive: true, force: true });
});

/** A shell that runs the lines it is sent. */
async function startTool(): Promise<{ pid: number; tell: (line: string) => void }> {
  folder = await realpath(await mkdtemp(join(tmpdir(), "log-watch-")));
  const shell = Bun.spawn(["sh"], { cwd: folder, stdin: "pipe" });
  tool = shell;
  const tell = (line: string) => {
    shell.stdin.write(`${line}\n`);
    shell.stdin.flush();
  };
  return { pid: shell.pid, tell };
}

test("reports each log that a tool opens once, in order", async () => {
  const { pid, tell } = await startTool();
  let told = Promise.withResolvers<void>();
  const batches: string[][] = [];
  watch = new LogWatch(openRollouts(pid), (found) => {
    batches.push(found);
    told.resolve();
  });
  tell(`exec 3>${nameOf(1)} 4>other.jsonl`);
  await told.promise;
  told = Promise.withResolvers();
  tell(`exec 5>${nameOf(2)}`);
  await told.promise;
  expect(batches).toEqual([[join(folder, nameOf(1))], [join(folder, nameOf(2))]]);
});
