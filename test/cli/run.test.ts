import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { type Ended, Sandbox } from "./sandbox.ts";

const FRAME = [process.execPath, resolve(import.meta.dir, "programs/frame.ts")];

async function frame(...args: string[]): Promise<Ended> {
  await using sandbox = await Sandbox.create();
  return await sandbox.run([...FRAME, ...args]);
}

test.each([
  ["later", 75],
  ["status", 42],
  ["signal", 143],
])("a command that answers %s exits with %d and says nothing of it", async (name, status) => {
  expect(await frame("end", name)).toEqual({ status, stdout: "", stderr: "" });
});

test("an expected error has a hint and no stack, and cannot paint the terminal", async () => {
  expect(await frame("end", "expected")).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: cannot do \ufffdit\n\nhint: do otherwise\n",
  });
});

test("what the machine refuses is no bug, wherever it is met", async () => {
  expect(await frame("end", "refused")).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: cannot read `/nowhere`: no such file or folder\n\nhint: check the path and try again\n",
  });
});

test.each([
  ["bug", "we did not think of this"],
  ["stray-exception", "thrown on the way"],
  ["stray-rejection", "rejected on the way"],
])("%s: a bug shows its stack and asks to be reported", async (name, message) => {
  const { status, stdout, stderr } = await frame("end", name);
  expect({ status, stdout }).toEqual({ status: 70, stdout: "" });
  expect(stderr).toStartWith(`error: ${message}\n`);
  expect(stderr).toMatch(/\n +at .*frame\.ts/);
  expect(stderr).toMatch(/\n\nhint: this is a bug: report it.*\n$/);
});

test("the stack of a bug reaches to its cause", async () => {
  expect((await frame("end", "bug")).stderr).toContain("the cause");
});

test("a group lists what it holds, and runs nothing", async () => {
  const { status, stdout, stderr } = await frame("end");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("Usage: ctx end <command>");
  expect(stderr).toContain("  stray-rejection  end in some way\n");
  expect(await frame("end", "--help")).toEqual({ status: 0, stdout: stderr, stderr: "" });
  expect(await frame("help", "end")).toEqual({ status: 0, stdout: stderr, stderr: "" });
});

test("a mistake inside a group is mended with the whole name", async () => {
  expect((await frame("end", "latter")).stderr).toBe(
    "error: unknown command `end latter`\n\nhint: did you mean `end later`?\n",
  );
  expect((await frame("end", "later", "--wrong")).stderr).toBe(
    "error: unknown flag `--wrong`\n\nhint: run `ctx end later --help`\n",
  );
});

test("messages go to standard error by their weight, every time they are given", async () => {
  const repeated = "warning: repeated\n".repeat(8);
  const trouble = "error: trouble\n\nhint: a hint\n";
  expect(await frame("say")).toEqual({ status: 0, stdout: "", stderr: `information\n${repeated}${trouble}` });
  expect((await frame("say", "--verbose")).stderr).toStartWith("debug: detail\n");
  expect((await frame("say", "--quiet")).stderr).toBe(trouble);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends it as a signal, which a shell counts from 128",
  async (signal) => {
    const child = Bun.spawn([...FRAME, "end", "never"], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    // It has said something, so it is running.
    await child.stderr.getReader().read();
    child.kill(signal);
    await child.exited;
    expect(child.signalCode).toBe(signal);
  },
);
