import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copySnapshot } from "../../src/system/copy.ts";
import { formatIdentity, identifySelf } from "../../src/system/process-identity.ts";
import { createAtomic, replaceFile, sweepTemporaries, writeAtomic } from "../../src/system/write-atomic.ts";

const worker = join(import.meta.dir, "workers/replace-file.ts");
let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-atomic-"));
  file = join(dir, "page.html");
});
afterEach(() => rmSync(dir, { recursive: true }));

const content = () => readFileSync(file, "utf8");
const mode = (path = file) => statSync(path).mode & 0o7777;

describe("writeAtomic", () => {
  test("creates and replaces a file and leaves no other", async () => {
    await writeAtomic(file, "one");
    await writeAtomic(file, new TextEncoder().encode("two"));
    expect(content()).toBe("two");
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });

  test("keeps the mode of the replaced file", async () => {
    writeFileSync(file, "one");
    chmodSync(file, 0o640);
    await writeAtomic(file, "two");
    expect(mode()).toBe(0o640);
  });

  test("applies a given mode from the start", async () => {
    let early = 0;
    await replaceFile(
      file,
      async (temporary, created) => {
        await writeFile(temporary, "secret", { flag: "wx", mode: created });
        early = mode(temporary);
      },
      { mode: 0o600 },
    );
    expect([early, mode()]).toEqual([0o600, 0o600]);
  });

  test("the temporary file for a private file is private", async () => {
    writeFileSync(file, "one", { mode: 0o600 });
    let early = 0;
    await replaceFile(file, async (temporary, created) => {
      await writeFile(temporary, "two", { mode: created });
      early = mode(temporary);
    });
    expect([early, mode()]).toEqual([0o600, 0o600]);
  });

  test("keeps the old file and no temporary one on failure", async () => {
    writeFileSync(file, "one");
    const failing = replaceFile(file, async (temporary) => {
      await writeFile(temporary, "tw");
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    });
    await expect(failing).rejects.toThrow("no space left");
    expect(content()).toBe("one");
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });

  test("refuses a symbolic link unless it may be followed", async () => {
    const real = join(dir, "real.html");
    writeFileSync(real, "one");
    symlinkSync(real, file);
    await expect(writeAtomic(file, "two")).rejects.toThrow("it is a symbolic link");
    await writeAtomic(file, "two", { followLink: true });
    expect(readFileSync(real, "utf8")).toBe("two");
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
  });

  test("refuses a folder, and names a missing one", async () => {
    mkdirSync(file);
    await expect(writeAtomic(file, "one")).rejects.toThrow("not a regular file");
    await expect(writeAtomic(join(dir, "missing", "page"), "one")).rejects.toThrow("no such file or folder");
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });

  // Only root may give a file to another user.
  test.if(process.getuid?.() === 0)("root keeps the owner", async () => {
    writeFileSync(file, "one");
    chownSync(file, 12345, 12346);
    await writeAtomic(file, "two");
    expect([statSync(file).uid, statSync(file).gid]).toEqual([12345, 12346]);
  });

  // Windows has no `ulimit`.
  test.if(process.platform !== "win32")("keeps the old file when a size limit is reached", async () => {
    writeFileSync(file, "old");
    const limited = `trap '' XFSZ; ulimit -f 8; exec '${process.execPath}' '${worker}' '${file}' 1 20000`;
    const child = Bun.spawn(["bash", "-c", limited], { stderr: "pipe" });
    expect(await child.stderr.text()).toContain("the file is too large");
    expect(await child.exited).not.toBe(0);
    expect(content()).toBe("old");
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });

  test("a reader sees only complete files from four writers", async () => {
    writeFileSync(file, "0".repeat(50_000));
    const children = [1, 2, 3, 4].map((n) => Bun.spawn([process.execPath, worker, file, "40", "50000", String(n)]));
    let running = true;
    const done = Promise.all(children.map((child) => child.exited)).finally(() => {
      running = false;
    });
    const seen = new Set<string>();
    while (running) {
      const text = content();
      seen.add(`${text.length}:${new Set(text).size}`);
      await new Promise(setImmediate);
    }
    expect(await done).toEqual([0, 0, 0, 0]);
    expect([...seen]).toEqual(["50000:1"]);
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });
});

describe("copySnapshot", () => {
  test("copies content and mode", async () => {
    const source = join(dir, "log.jsonl");
    writeFileSync(source, "a\n".repeat(100_000), { mode: 0o600 });
    await copySnapshot(source, file);
    expect(content()).toBe("a\n".repeat(100_000));
    expect(mode()).toBe(0o600);
  });

  test("replaces the copy of a file that grew", async () => {
    const source = join(dir, "log.jsonl");
    writeFileSync(source, "a\n");
    await copySnapshot(source, file);
    writeFileSync(source, "a\nb\n");
    await copySnapshot(source, file);
    expect(content()).toBe("a\nb\n");
    expect(readdirSync(dir).sort()).toEqual(["log.jsonl", "page.html"]);
  });

  test("keeps the old copy when the source is missing", async () => {
    writeFileSync(file, "old");
    await expect(copySnapshot(join(dir, "gone"), file)).rejects.toThrow(`cannot read \`${join(dir, "gone")}\``);
    expect(content()).toBe("old");
    expect(readdirSync(dir)).toEqual(["page.html"]);
  });
});

describe("createAtomic", () => {
  test("creates a complete, private file and no other", () => {
    expect(createAtomic(file, "one", 0o600)).toBe(true);
    expect([content(), mode(), readdirSync(dir)]).toEqual(["one", 0o600, ["page.html"]]);
  });

  test("keeps an existing file", () => {
    writeFileSync(file, "theirs");
    expect(createAtomic(file, "one", 0o600)).toBe(false);
    expect([content(), readdirSync(dir)]).toEqual(["theirs", ["page.html"]]);
  });

  test("explains why it failed, and leaves no files", () => {
    const missing = join(dir, "missing/page.html");
    expect(() => createAtomic(missing, "one", 0o600)).toThrow("no such file or folder");
    expect(readdirSync(dir)).toEqual([]);
  });
});

test("sweepTemporaries removes the files of killed processes only", async () => {
  const self = await identifySelf();
  const temporary = (change: object) => `.ctx-${formatIdentity({ ...self, ...change })}.tmp`;
  const kept = [
    temporary({}),
    temporary({ host: "0".repeat(12), boot: "0".repeat(12) }),
    ".ctx-notes.tmp",
    "page.html",
  ];
  const left = [temporary({ pid: 2 ** 22 - 1 }), temporary({ boot: "0".repeat(12) })];
  for (const name of [...kept, ...left]) writeFileSync(join(dir, name), "half");
  sweepTemporaries(dir);
  expect(readdirSync(dir).sort()).toEqual(kept.sort());
  // A path that is a file, and one that does not exist, are ignored.
  for (const other of [join(dir, "page.html"), join(dir, "missing")]) sweepTemporaries(other);
});
