import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConcurrencyWatch } from "../../../src/agents/codex/watch.ts";
import { findPrograms } from "../../../src/system/find-processes.ts";
import { waitUntil } from "../../wait-until.ts";

/** Elsewhere the folders and arguments of running programs are not read: `findPrograms` returns null. */
const onLinux = test.skipIf(process.platform !== "linux");

let base: string;
let project: string;
const started: Bun.Subprocess[] = [];
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-screens-")));
  project = join(base, "shop");
  for (const folder of [join(project, "src"), join(base, "shop-2")]) mkdirSync(folder, { recursive: true });
  // A copy of `tail` that keeps running under the name `codex`.
  copyFileSync(Bun.which("tail") ?? "", join(base, "codex"));
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(started.splice(0).map((child) => child.exited));
  rmSync(base, { recursive: true });
});

/** Starts a process named `codex` and waits until the kernel has loaded its program. */
async function start(folder: string, ...args: string[]): Promise<Bun.Subprocess> {
  const child = Bun.spawn([join(base, "codex"), "-f", "/dev/null", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  started.push(child);
  const isLoaded = () => readFileSync(`/proc/${child.pid}/cmdline`, "utf8").startsWith(join(base, "codex"));
  await waitUntil(isLoaded, { what: "the program of the process" });
  return child;
}

/** Whether no other Codex runs beside that process. */
const isAlone = (tool: number) => new ConcurrencyWatch(() => findPrograms("codex", tool), project).finish();

onLinux("another Codex in the project is found, one elsewhere is ignored", async () => {
  const own = await start(project);
  expect(isAlone(own.pid)).toBe(true);
  await start(join(base, "shop-2"));
  expect(isAlone(own.pid)).toBe(true);
  await start(join(project, "src"));
  expect(isAlone(own.pid)).toBe(false);
  // An update replaced the program file.
  rmSync(join(base, "codex"));
  expect(isAlone(own.pid)).toBe(false);
  // A process that the run itself started is not another Codex.
  expect(isAlone(process.pid)).toBe(true);
});

onLinux("an app server is ignored", async () => {
  await start(project, "app-server");
  expect(isAlone((await start(project)).pid)).toBe(true);
});

onLinux("a Codex that has exited again is found", async () => {
  const own = await start(project);
  const { promise: isSeen, resolve: see } = Promise.withResolvers<void>();
  const screens = new ConcurrencyWatch(() => {
    const programs = findPrograms("codex", own.pid);
    if (programs?.some(({ cwd }) => cwd === project)) see();
    return programs;
  }, project);
  const other = await start(project);
  await isSeen;
  other.kill();
  await other.exited;
  expect(screens.finish()).toBe(false);
});

test("false when the processes are unknown or cannot be listed", () => {
  const fails = () => {
    throw new Error("too many open files");
  };
  expect(new ConcurrencyWatch(fails, project).finish()).toBe(false);
  expect(new ConcurrencyWatch(() => null, project).finish()).toBe(false);
  expect(new ConcurrencyWatch(() => [], project).finish()).toBe(true);
});

test("a stopped watch does not list processes any more", () => {
  let lists = 0;
  const screens = new ConcurrencyWatch(() => {
    lists += 1;
    return [];
  }, project);
  screens.stop();
  expect([screens.finish(), lists]).toEqual([false, 1]);
});

onLinux("a program is listed with its folder and its arguments", async () => {
  await start(project, "/dev/null");
  const program = findPrograms("codex", 2 ** 30)?.find(({ cwd }) => cwd === project);
  expect(program?.args.slice(1, 4)).toEqual(["-f", "/dev/null", "/dev/null"]);
});
