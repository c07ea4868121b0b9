import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  appendFileSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendLine, type Disk, jsonLine } from "../../src/system/append.ts";

const worker = join(import.meta.dir, "workers/append-lines.ts");
let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-append-"));
  file = join(dir, "rows.jsonl");
});
afterEach(() => rmSync(dir, { recursive: true }));

const content = () => readFileSync(file, "utf8");

function diskFull(): never {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

/** A disk that writes with this function. */
function disk(write: Disk["write"], sync: Disk["sync"] = fsyncSync): { disk: Disk } {
  return { disk: { write, sync } };
}

/** A disk that is full after this many bytes. */
function diskOf(room: number): { disk: Disk } {
  let left = room;
  return disk((fd, bytes) => {
    if (left === 0) diskFull();
    const count = writeSync(fd, bytes.subarray(0, left));
    left -= count;
    return count;
  });
}

describe("appendLine", () => {
  test("creates a missing file and extends an existing one", () => {
    appendLine(file, "one");
    appendLine(file, "two");
    expect(content()).toBe("one\ntwo\n");
  });

  test("writes a line with a single call", () => {
    const sizes: number[] = [];
    writeFileSync(file, "half");
    appendLine(
      file,
      "whole",
      disk((fd, bytes) => sizes.push(bytes.length) && writeSync(fd, bytes)),
    );
    expect(sizes).toEqual(["\nwhole\n".length]);
  });

  test("loses only the partial line that a file ends in", () => {
    writeFileSync(file, 'one\n{"half":');
    appendLine(file, "two");
    expect(content()).toBe('one\n{"half":\ntwo\n');
  });

  test("completes a short write", () => {
    appendLine(
      file,
      "äöü".repeat(10),
      disk((fd, bytes) => writeSync(fd, bytes.subarray(0, 7))),
    );
    expect(content()).toBe(`${"äöü".repeat(10)}\n`);
  });

  test("an exclusive writer restores the file when the disk fills up", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two two two", { ...diskOf(5), exclusive: true })).toThrow("no space left");
    expect(content()).toBe("one\n");
    appendLine(file, "three");
    expect(content()).toBe("one\nthree\n");
  });

  test("a shared file keeps a partial line, because cutting it off could cut the line of another process", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two two two", diskOf(5))).toThrow("no space left");
    appendLine(file, "three");
    expect(content()).toBe("one\ntwo t\nthree\n");
  });

  test("a disk that reports full only at the sync has not stored the line", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two", { ...disk(writeSync, diskFull), exclusive: true })).toThrow("no space left");
    expect(content()).toBe("one\n");
  });

  test("does not cut off what another process wrote in the meantime", () => {
    for (const exclusive of [false, true]) {
      rmSync(file, { force: true });
      let calls = 0;
      const failing = disk((fd, bytes) => {
        calls += 1;
        if (calls === 2) diskFull();
        const count = writeSync(fd, bytes.subarray(0, 3));
        appendLine(file, "theirs");
        return count;
      });
      expect(() => appendLine(file, "mine", { ...failing, exclusive })).toThrow("no space left");
      expect(content()).toBe("min\ntheirs\n");
    }
  });

  test("a file that git replaces during the write still gets the line", () => {
    writeFileSync(file, "one\n");
    let calls = 0;
    const write: Disk["write"] = (fd, bytes) => {
      calls += 1;
      if (calls === 1) {
        writeFileSync(`${file}.new`, "merged\n");
        renameSync(`${file}.new`, file);
      }
      if (calls === 2) rmSync(file);
      return writeSync(fd, bytes);
    };
    appendLine(file, "two", disk(write));
    expect(calls).toBe(3);
    expect(content()).toBe("two\n");
  });

  test("gives up on a file that is replaced at every attempt", () => {
    const write: Disk["write"] = (fd, bytes) => {
      rmSync(file);
      return writeSync(fd, bytes);
    };
    expect(() => appendLine(file, "one", disk(write))).toThrow("another process keeps creating and removing");
  });

  test("reports a line that another writer interrupted, and keeps the line of that writer", () => {
    let calls = 0;
    const torn = disk((fd, bytes) => {
      calls += 1;
      const count = writeSync(fd, calls === 1 ? bytes.subarray(0, 3) : bytes);
      if (calls === 1) appendLine(file, "theirs");
      return count;
    });
    expect(() => appendLine(file, "mine", torn)).toThrow("another process wrote");
    expect(content().split("\n")).toContain("theirs");
  });

  test("a write of 0 bytes is an error, not a loop", () => {
    expect(() =>
      appendLine(
        file,
        "one",
        disk(() => 0),
      ),
    ).toThrow("accepted no bytes");
    expect(content()).toBe("");
  });

  test("refuses a line that contains a line feed", () => {
    expect(() => appendLine(file, "one\ntwo")).toThrow("contains a line feed");
  });

  test("refuses a symbolic link, even a dangling one", () => {
    const elsewhere = join(dir, "elsewhere");
    symlinkSync(elsewhere, file);
    expect(() => appendLine(file, "one")).toThrow("it is a symbolic link");
    writeFileSync(elsewhere, "theirs\n");
    expect(() => appendLine(file, "one")).toThrow("it is a symbolic link");
    expect(readFileSync(elsewhere, "utf8")).toBe("theirs\n");
  });

  test("refuses a folder", () => {
    mkdirSync(file);
    expect(() => appendLine(file, "one")).toThrow("it is a folder");
  });

  // Windows has no named pipes in folders.
  test.if(process.platform !== "win32")("refuses a named pipe without waiting for a reader", () => {
    Bun.spawnSync(["mkfifo", file]);
    expect(() => appendLine(file, "one")).toThrow("not a regular file");
  });

  // Windows has no `ulimit`.
  test.if(process.platform !== "win32")(
    "a file at its size limit keeps only complete lines, and the error says so",
    async () => {
      appendFileSync(file, `${"y".repeat(100)}\n`);
      // The kernel truncates the write at the limit and then fails, as with a full disk.
      const limited = `trap '' XFSZ; ulimit -f 8; exec '${process.execPath}' '${worker}' '${file}' w 100 300 exclusive`;
      const child = Bun.spawn(["bash", "-c", limited], { stdout: "pipe", stderr: "pipe" });
      expect(await child.stdout.text()).toContain("the file is too large");
      expect(await child.exited).toBe(1);
      const lines = content().split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.length).toBeGreaterThan(10);
      expect(lines.slice(1).filter((line, i) => line !== `w:${i}:${"x".repeat(300)}`)).toEqual([]);
      expect(statSync(file).size).toBeLessThanOrEqual(8192);
    },
  );

  test("16 processes append 100 lines each without losing, splitting or repeating one", async () => {
    const names = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const children = names.map((name) => Bun.spawn([process.execPath, worker, file, name, "100", "500"]));
    expect(await Promise.all(children.map((child) => child.exited))).toEqual(names.map(() => 0));
    const lines = content().split("\n").filter(Boolean);
    const expected = names.flatMap((name) => Array.from({ length: 100 }, (_, i) => `${name}:${i}:${"x".repeat(500)}`));
    expect(lines.sort()).toEqual(expected.sort());
  });
});

test("a JSON line contains no line separator of any kind", () => {
  const value = { text: "a\nb\r\u0085c\u2028d\u2029e" };
  const line = jsonLine(value);
  expect(line).toBe('{"text":"a\\nb\\r\\u0085c\\u2028d\\u2029e"}');
  expect(JSON.parse(line)).toEqual(value);
});
