// Exports when folders are missing, read-only or full: the error has no stack, and the next export after the repair
// completes the files.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CTX, SOURCES } from "../program.ts";
import { RecordedSession } from "./exported-session.ts";

const ALL = process.env.CTX_FAULTS === "all";
const BLOCK = 4096;
/** The free blocks and files of the full disk at first: slightly more than an export needs. */
const ROOM = { blocks: 36, files: 20 };

let session: RecordedSession;

beforeEach(async () => {
  session = await RecordedSession.create();
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
});

const REFUSED = (reason: string) => ({
  status: 1,
  stdout: "",
  stderr: expect.stringMatching(new RegExp(`^error: cannot .+: ${reason}\n\nhint: .+\n$`)),
});

// Bun needs more files than the limits leave to load the sources.
test.if(CTX !== SOURCES)("an export with too few open files works or reports an error", async () => {
  const statuses = [];
  for (const limit of [8, 9, 10, 11, 12, 14, 17, 32]) {
    const ended = await session.export(["prlimit", `--nofile=${limit}`, ...session.argv]);
    statuses.push(ended.status);
    if (ended.status === 0) continue;
    expect({ limit, ended }).toEqual({ limit, ended: REFUSED("too many open files") });
  }
  expect(statuses).toContain(1);
  expect(statuses.at(-1)).toBe(0);
  expect((await session.export()).status).toBe(0);
  expect(session.entries).toMatchObject({ entries: [{ actor: "ada" }], problems: [] });
});

test("an export works without a home folder", async () => {
  const home = join(session.sandbox.root, "home");
  const kept = { CODEX_HOME: join(home, ".codex"), HOME: "/proc/gone" };
  const gone = Object.fromEntries(
    ["CONFIG", "DATA", "STATE", "CACHE"].map((name) => [`XDG_${name}_HOME`, join("/proc/gone", name)]),
  );
  const ended = await session.sandbox.run(session.argv, { env: { ...gone, ...kept } });
  expect(ended).toMatchObject({ status: 0 });
  expect(session.entries.entries).toHaveLength(1);
});

test("a wrapped run works without a home folder and warns that a crash would lose it", async () => {
  const gone = { HOME: "/proc/gone", XDG_STATE_HOME: "/proc/gone/state", CTX_CODEX_CMD: "true" };
  const ended = await session.sandbox.ctx(["Fix cart", "--codex", "exec"], { cwd: session.root, env: gone });
  expect(ended).toMatchObject({ status: 0, stdout: "" });
  expect(ended.stderr).toStartWith("a crash would lose this run: cannot create `/proc/gone/state");
  expect(ended.stderr).not.toMatch(/\n +at /);
});

test.each([
  ["export-latest", ["export-latest", "--tool", "codex"]],
  ["a wrapped run", ["Fix cart", "--codex"]],
])("%s in a deleted folder reports an error", async (_, args) => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const ended = await session.export(["sh", "-c", script, "sh", ...CTX, ...args]);
  expect(ended).toMatchObject({ status: 1, stdout: "" });
  // Bun may notice the deleted folder first; it then prints its own message.
  expect(ended.stderr).toMatch(
    /^error: (the current folder was deleted\n\nhint: .+|The current working directory was deleted.+)\n$/,
  );
});

test("a tool that removes its own folder exits with its own status and no stack", async () => {
  const { sandbox, root } = session;
  const codex = join(sandbox.root, "codex");
  writeFileSync(codex, '#!/bin/sh\nrm -r "$PWD"\nexit 7\n', { mode: 0o755 });
  mkdirSync(join(root, "part"));
  const ended = await sandbox.ctx(["Fix cart", "--codex", "exec"], {
    cwd: join(root, "part"),
    env: { CTX_CODEX_CMD: codex },
  });
  expect(ended).toEqual({ status: 7, stdout: "", stderr: "" });
  expect(await sandbox.ctx(["recover", "--json"], { cwd: root })).toMatchObject({ status: 0, stdout: "[]\n" });
});

/** A file system in memory, mounted over the repository. Tests need the permission to mount it. */
class OwnDisk implements Disposable {
  readonly #path: string;

  constructor(path: string) {
    const copy = mkdtempSync(join(tmpdir(), "ctx-disk-"));
    cpSync(path, copy, { recursive: true });
    this.#path = path;
    mount(["-t", "tmpfs", "-o", "size=32m", "tmpfs", path]);
    cpSync(copy, path, { recursive: true });
    rmSync(copy, { recursive: true });
  }

  /** Leaves this much free space. */
  limit({ blocks, files }: typeof ROOM): void {
    const { blocks: all, bfree, files: names, ffree } = statfsSync(this.#path);
    const size = (all - bfree + blocks) * BLOCK;
    mount(["-o", `remount,size=${size},nr_inodes=${names - ffree + files}`, this.#path]);
  }

  unlimit(): void {
    mount(["-o", "remount,rw,size=32m,nr_inodes=100000", this.#path]);
  }

  makeReadOnly(): void {
    mount(["-o", "remount,ro", this.#path]);
  }

  [Symbol.dispose](): void {
    Bun.spawnSync(["umount", this.#path]);
  }
}

function mount(args: string[]): void {
  const { success, stderr } = Bun.spawnSync(["mount", ...args], { stderr: "pipe" });
  if (!success) throw new Error(stderr.toString());
}

/** Whether a disk may be mounted: that needs Linux, root, and a container that permits it. */
function mayMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "ctx-disk-"));
  const mounted = Bun.spawnSync(["mount", "-t", "tmpfs", "tmpfs", folder], { stderr: "ignore" }).success;
  if (mounted) Bun.spawnSync(["umount", folder]);
  rmSync(folder, { recursive: true });
  return mounted;
}

describe.if(mayMount())("a repository on its own disk", () => {
  test("is exported to as usual", async () => {
    using _ = new OwnDisk(session.root);
    expect(await session.export()).toMatchObject({ status: 0 });
    expect(session.entries).toMatchObject({ entries: [{ actor: "ada" }], problems: [] });
  });

  test("that fills up at any block or file: the export says so, and the next one leaves the same files as an undisturbed one", async () => {
    using disk = new OwnDisk(session.root);
    await session.export();
    const whole = session.state;
    const blocks = Array.from({ length: ROOM.blocks }, (_, i) => ({ ...ROOM, blocks: i }));
    const files = Array.from({ length: ROOM.files }, (_, i) => ({ ...ROOM, files: i }));
    const points = [...blocks, ...files].filter((_, i) => ALL || [0, 2, 18, 31, 41, 47].includes(i));
    let refused = 0;
    for (const room of points) {
      session.reset();
      disk.limit(room);
      const ended = await session.export();
      if (ended.status !== 0) {
        expect({ room, ended }).toEqual({ room, ended: REFUSED("no space left") });
        refused += 1;
      }
      expect(session.entries.problems).toEqual([]);
      disk.unlimit();
      expect({ room, status: (await session.export()).status }).toEqual({ room, status: 0 });
      expect({ room, state: session.state }).toEqual({ room, state: whole });
    }
    expect(refused).toBeGreaterThan(3);
    if (ALL) process.stdout.write(`a full disk at ${points.length} points: refused ${refused} times\n`);
  }, 600_000);

  test("that is read-only: exports are refused, reading works", async () => {
    const { sandbox, root, argv } = session;
    using disk = new OwnDisk(root);
    mkdirSync(join(sandbox.work, "pages"));
    disk.makeReadOnly();
    expect(await session.export()).toEqual(REFUSED("the file system is read-only"));
    const location = ["--cwd", argv[argv.indexOf("--cwd") + 1] ?? "", "--project-root", root];
    const found = await sandbox.ctx(["find-source", "--tool", "codex", ...location]);
    expect(found).toMatchObject({ status: 0 });
    const shown = await sandbox.ctx(["json", found.stdout.trim(), "--output", join(sandbox.work, "pages")], {
      cwd: root,
    });
    expect(shown).toMatchObject({ status: 0 });
    const planned = await sandbox.ctx(["changelog", "backfill", "--dry-run", "--project-root", root]);
    expect(planned).toMatchObject({ status: 0 });
    disk.unlimit();
    expect(await session.export()).toMatchObject({ status: 0 });
  });
});
