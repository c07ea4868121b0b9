import { expect, test } from "bun:test";
import { endProcessesWith, hasProcessWith } from "../../src/system/find-processes.ts";
import { waitUntil } from "../wait-until.ts";

const mark = `test-${process.pid}`;
/** Elsewhere the environments of other processes are not read: `hasProcessWith` returns null. */
const onLinux = test.skipIf(process.platform !== "linux");

onLinux(
  "finds a variable of the environment while a process that was started with it, or a child of that process, runs",
  async () => {
    expect(hasProcessWith("CTX_TEST", mark)).toBe(false);
    // The shell exits at once and leaves a child. The child itself prints its pid: until its program is loaded, its
    // environment may read as empty.
    const child = "sh -c 'echo $$; exec >/dev/null; kill -STOP $$' &";
    const shell = Bun.spawn(["sh", "-c", child], {
      env: { CTX_TEST: mark, PATH: "/usr/bin:/bin" },
    });
    const pid = Number(await new Response(shell.stdout).text());
    await shell.exited;
    expect(hasProcessWith("CTX_TEST", mark)).toBe(true);
    expect(hasProcessWith("CTX_TEST", mark.slice(0, -1))).toBe(false);
    expect(hasProcessWith("TEST", mark)).toBe(false);
    process.kill(pid, "SIGKILL");
    await waitUntil(() => !hasProcessWith("CTX_TEST", mark), { what: "the end of the child" });
  },
);

onLinux("ends the processes with a variable, also those that ignore SIGTERM, and no others", async () => {
  const mark = `${process.pid}-to-end`;
  const start = (script: string, value: string) =>
    Bun.spawn(["sh", "-c", script], { env: { PATH: process.env.PATH ?? "", CTX_TEST: value }, stdout: "pipe" });
  const [willing, stubborn, other] = [
    start("sleep 60", mark),
    start("trap '' TERM; echo; while :; do sleep 0.1; done", mark),
    start("sleep 60", `${mark}-other`),
  ];
  await stubborn.stdout.getReader().read();
  await endProcessesWith("CTX_TEST", mark);
  await Promise.all([willing.exited, stubborn.exited]);
  expect(hasProcessWith("CTX_TEST", mark)).toBe(false);
  expect(other.exitCode).toBeNull();
  other.kill();
});
