import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { type Ended, Sandbox } from "./sandbox.ts";

const SAMPLE = [process.execPath, resolve(import.meta.dir, "programs/sample-commands.ts")];

async function sample(...args: string[]): Promise<Ended> {
  await using sandbox = await Sandbox.create();
  return await sandbox.run([...SAMPLE, ...args]);
}

test.each([
  ["later", 75],
  ["status", 42],
  ["signal", 143],
])("a command that returns %s exits %d and prints nothing", async (name, status) => {
  expect(await sample("end", name)).toEqual({ status, stdout: "", stderr: "" });
});

test("an expected error prints a hint and no stack, and its control characters are escaped", async () => {
  expect(await sample("end", "expected")).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: cannot do \ufffdit\n\nhint: do otherwise\n",
  });
});

test("a file system error is not reported as a bug", async () => {
  expect(await sample("end", "refused")).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: cannot read `/nowhere`: no such file or folder\n\nhint: check the path and try again\n",
  });
});

test.each([
  ["bug", "we did not think of this"],
  ["stray-exception", "thrown on the way"],
  ["stray-rejection", "rejected on the way"],
])("%s: a bug prints its stack and asks for a report", async (name, message) => {
  const { status, stdout, stderr } = await sample("end", name);
  expect({ status, stdout }).toEqual({ status: 70, stdout: "" });
  expect(stderr).toStartWith(`error: ${message}\n`);
  expect(stderr).toMatch(/\n +at .*sample-commands\.ts/);
  expect(stderr).toMatch(/\n\nhint: this is a bug: report it.*\n$/);
});

test("the stack of a bug includes its cause", async () => {
  expect((await sample("end", "bug")).stderr).toContain("the cause");
});

test("a group of commands prints its help page", async () => {
  const { status, stdout, stderr } = await sample("end");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("Usage: ctx end <command>");
  expect(stderr).toContain("  stray-rejection  end in some way\n");
  expect(await sample("end", "--help")).toEqual({ status: 0, stdout: stderr, stderr: "" });
  expect(await sample("help", "end")).toEqual({ status: 0, stdout: stderr, stderr: "" });
});

test("a hint about a command in a group contains its full name", async () => {
  expect((await sample("end", "latter")).stderr).toBe(
    "error: unknown command `end latter`\n\nhint: did you mean `end later`?\n",
  );
  expect((await sample("end", "later", "--wrong")).stderr).toBe(
    "error: unknown flag `--wrong`\n\nhint: run `ctx end later --help`\n",
  );
});

test("messages go to standard error by level, even when repeated", async () => {
  const repeated = "warning: repeated\n".repeat(8);
  const trouble = "error: trouble\n\nhint: a hint\n";
  expect(await sample("say")).toEqual({ status: 0, stdout: "", stderr: `information\n${repeated}${trouble}` });
  expect((await sample("say", "--verbose")).stderr).toStartWith("debug: detail\n");
  expect((await sample("say", "--quiet")).stderr).toBe(trouble);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends the program by that signal", async (signal) => {
  const child = Bun.spawn([...SAMPLE, "end", "never"], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  // The first output of the program shows that it is running.
  await child.stderr.getReader().read();
  child.kill(signal);
  await child.exited;
  expect(child.signalCode).toBe(signal);
});
