import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConcurrencyWatch } from "../../../src/agents/codex/watch.ts";
import { findPrograms } from "../../../src/system/find-processes.ts";

let base: string;
let project: string;
const started: Bun.Subprocess[] = [];
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-screens-")));
  project = join(base, "shop");
  for (const folder of [join(project, "src"), join(base, "shop-2")]) mkdirSync(folder, { recursive: true });
  // Any program will do that stays: it is its file that has the name.
  copyFileSync(Bun.which("tail") ?? "", join(base, "codex"));
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(started.splice(0).map((child) => child.exited));
  rmSync(base, { recursive: true });
});

function start(folder: string, ...args: string[]): Bun.Subprocess {
  const child = Bun.spawn([join(base, "codex"), "-f", "/dev/null", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
  });
  started.push(child);
  return child;
}

/** Whether a run of that process was alone, when nothing changed from its start to its end. */
const isAlone = (tool: number) => new ConcurrencyWatch(() => findPrograms("codex", tool), project).finish();

test.skipIf(process.platform !== "linux")("a Codex in the project is company, one elsewhere is none", () => {
  const own = start(project);
  expect(isAlone(own.pid)).toBe(true);
  start(join(base, "shop-2"));
  expect(isAlone(own.pid)).toBe(true);
  start(join(project, "src"));
  expect(isAlone(own.pid)).toBe(false);
  // It was updated meanwhile.
  rmSync(join(base, "codex"));
  expect(isAlone(own.pid)).toBe(false);
  // What the run itself started is the run.
  expect(isAlone(process.pid)).toBe(true);
});

test.skipIf(process.platform !== "linux")("a server that works for others is no screen", () => {
  start(project, "app-server");
  expect(isAlone(start(project).pid)).toBe(true);
});

test.skipIf(process.platform !== "linux")("whoever came and went was there", async () => {
  const own = start(project);
  const screens = new ConcurrencyWatch(() => findPrograms("codex", own.pid), project);
  const other = start(project);
  await Bun.sleep(2_500);
  other.kill();
  await other.exited;
  expect(screens.finish()).toBe(false);
});

test("what cannot be looked at, or is not told, is no proof that nobody was there", () => {
  const fails = () => {
    throw new Error("too many open files");
  };
  expect(new ConcurrencyWatch(fails, project).finish()).toBe(false);
  expect(new ConcurrencyWatch(() => null, project).finish()).toBe(false);
  expect(new ConcurrencyWatch(() => [], project).finish()).toBe(true);
});

test("once nobody wants to know, nobody is asked any more", () => {
  let looks = 0;
  const screens = new ConcurrencyWatch(() => {
    looks += 1;
    return [];
  }, project);
  screens.stop();
  expect([screens.finish(), looks]).toEqual([false, 1]);
});

test.skipIf(process.platform !== "linux")("a program is told with its folder and its arguments", () => {
  start(project, "/dev/null");
  const nobody = 2 ** 30;
  const [seen] = findPrograms("codex", nobody)?.filter(({ cwd }) => cwd === project) ?? [];
  expect(seen?.args.slice(1, 4)).toEqual(["-f", "/dev/null", "/dev/null"]);
});
