import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CTX } from "../program.ts";
import { Sandbox } from "./sandbox.ts";

const PRINT_LINES = [process.execPath, resolve(import.meta.dir, "programs/print-lines.ts")];

test("writes 5 MB completely to a pipe whose reader starts late", async () => {
  await using sandbox = await Sandbox.create();
  const { stdout, stderr } = await sandbox.run([
    "sh",
    "-c",
    '"$@" | { sleep 0.1; wc -c; }',
    "sh",
    ...PRINT_LINES,
    "5000000",
  ]);
  expect(stdout.trim()).toBe("5000004");
  expect(stderr).toBe("written\n");
});

test("writes 5 MB completely to a non-blocking pipe", async () => {
  await using sandbox = await Sandbox.create();
  // Bun makes a pipe non-blocking if it reads from it.
  const { stdout } = await sandbox.run([...PRINT_LINES, "5000000"]);
  expect(stdout).toHaveLength(5_000_004);
  expect(stdout.endsWith("x\nend\n")).toBe(true);
});

test("distinguishes a closed pipe from a failure", async () => {
  await using sandbox = await Sandbox.create();
  const { stdout, stderr } = await sandbox.run(["sh", "-c", '"$@" | head -c 3', "sh", ...PRINT_LINES, "5000000"]);
  expect(stdout).toBe("xxx");
  expect(stderr).toBe("OutputClosed\n");
});

/** Starts `"$@"` after its output pipe is closed, and prints its exit status. */
const CLOSED_PIPE = `
  mkfifo gate
  { cat gate; "$@"; echo "exit $?" >&2; } | { exec 0<&-; echo > gate; }
`;

test.each([[["--help"]], [["--version"]], [["find-source", "--help"]]])(
  "%j into a closed pipe succeeds",
  async (args) => {
    await using sandbox = await Sandbox.create();
    const { stdout, stderr } = await sandbox.run(["sh", "-c", CLOSED_PIPE, "sh", ...CTX, ...args]);
    expect(stdout).toBe("");
    expect(stderr).toBe("exit 0\n");
  },
);

// Neither macOS nor Windows has this device, on which every write fails for lack of space.
test.skipIf(!existsSync("/dev/full"))("a full disk is an error that the user can fix", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stderr } = await sandbox.run(["sh", "-c", '"$@" --help > /dev/full', "sh", ...CTX]);
  expect(status).toBe(1);
  expect(stderr).toStartWith("error: cannot write: no space left\n\nhint: ");
});
