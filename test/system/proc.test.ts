import { afterEach, expect, test } from "bun:test";
import { lineage, processStatus } from "../../src/system/proc.ts";

/** Elsewhere there is no `/proc`: `processStatus` returns null. */
const onLinux = test.skipIf(process.platform !== "linux");

let child: Bun.Subprocess<"ignore", "pipe", "inherit"> | null = null;
afterEach(async () => {
  // The whole group, including the children of the shell.
  if (child !== null) process.kill(-child.pid, "SIGKILL");
  await child?.exited;
  child = null;
});

/** The pid that a shell script prints first. */
async function started(script: string): Promise<number> {
  child = Bun.spawn(["setsid", "sh", "-c", script], { stdin: "ignore", stdout: "pipe" });
  for await (const chunk of child.stdout) return Number(new TextDecoder().decode(chunk));
  throw new Error("the script printed nothing");
}

test("the lineage of a process up to itself", () => {
  expect(lineage(process.pid, process.pid)).toEqual([process.pid]);
});

onLinux("a lineage lists the processes between a descendant and its ancestor", async () => {
  const deep = await started("(sh -c 'echo $$; sleep 60; true'; true); true");
  const line = lineage(deep, process.pid) ?? [];
  expect(line[0]).toBe(deep);
  expect(line.slice(-2)).toEqual([child?.pid ?? 0, process.pid]);
  expect(line).toHaveLength(4);
});

onLinux("a process has no lineage from one that is not its ancestor", async () => {
  const other = await started("echo $$; sleep 60; true");
  expect(lineage(process.pid, other)).toBeNull();
  expect(lineage(1, other)).toBeNull();
});

onLinux("a process that has ended has no status", async () => {
  const pid = await started("echo $$; sleep 60; true");
  expect(processStatus(pid)).toMatchObject({ parent: process.pid, start: expect.stringMatching(/^\d+$/) });
  child?.kill("SIGKILL");
  await child?.exited;
  child = null;
  expect(processStatus(pid)).toBeNull();
});
