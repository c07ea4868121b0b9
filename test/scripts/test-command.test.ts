import { expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");

function run(...args: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, "scripts/test.ts", ...args], { cwd: ROOT });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("--help lists the options and runs nothing", () => {
  const { exitCode, stdout } = run("--help");
  expect(exitCode).toBe(0);
  for (const flag of ["--quick", "--long", "--verbose"]) expect(stdout).toContain(flag);
  expect(stdout).not.toContain("ok    ");
});

test("--quick and --long cannot be used together", () => {
  expect(run("--quick", "--long")).toMatchObject({ exitCode: 2, stdout: "" });
});
