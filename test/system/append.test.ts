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

/** A disk that writes in its own way. */
function disk(write: Disk["write"], sync: Disk["sync"] = fsyncSync): { disk: Disk } {
  return { disk: { write, sync } };
}

/** A disk that takes so many bytes and no more. */
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
  test("a missing file is created, an existing one grows", () => {
    appendLine(file, "one");
    appendLine(file, "two");
    expect(content()).toBe("one\ntwo\n");
  });

  test("the new line goes in with one write", () => {
    const sizes: number[] = [];
    writeFileSync(file, "half");
    appendLine(
      file,
      "whole",
      disk((fd, bytes) => sizes.push(bytes.length) && writeSync(fd, bytes)),
    );
    expect(sizes).toEqual(["\nwhole\n".length]);
  });

  test("a file that ends in half a line loses only that half", () => {
    writeFileSync(file, 'one\n{"half":');
    appendLine(file, "two");
    expect(content()).toBe('one\n{"half":\ntwo\n');
  });

  test("a short write is completed", () => {
    appendLine(
      file,
      "äöü".repeat(10),
      disk((fd, bytes) => writeSync(fd, bytes.subarray(0, 7))),
    );
    expect(content()).toBe(`${"äöü".repeat(10)}\n`);
  });

  test("a disk that fills up in the middle of a line leaves the file of a lone writer as it was", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two two two", { ...diskOf(5), exclusive: true })).toThrow("no space left");
    expect(content()).toBe("one\n");
    appendLine(file, "three");
    expect(content()).toBe("one\nthree\n");
  });

  test("where others may write, half a line stays, for cutting it off could cut theirs", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two two two", diskOf(5))).toThrow("no space left");
    appendLine(file, "three");
    expect(content()).toBe("one\ntwo t\nthree\n");
  });

  test("a disk that says at the sync that it is full has taken no line", () => {
    writeFileSync(file, "one\n");
    expect(() => appendLine(file, "two", { ...disk(writeSync, diskFull), exclusive: true })).toThrow("no space left");
    expect(content()).toBe("one\n");
  });

  test("what another process wrote meanwhile is not taken back", () => {
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

  test("a file that git replaces at that moment gets the line all the same", () => {
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

  test("a file that is replaced again and again is no file to write to", () => {
    const write: Disk["write"] = (fd, bytes) => {
      rmSync(file);
      return writeSync(fd, bytes);
    };
    expect(() => appendLine(file, "one", disk(write))).toThrow("being created and removed by another process");
  });

  test("a line torn by another writer is reported, and theirs stays whole", () => {
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

  test("a write of no bytes is an error, not a loop", () => {
    expect(() =>
      appendLine(
        file,
        "one",
        disk(() => 0),
      ),
    ).toThrow("accepted no bytes");
    expect(content()).toBe("");
  });

  test("a line that holds a line feed is refused", () => {
    expect(() => appendLine(file, "one\ntwo")).toThrow("contains a line feed");
  });

  test("a symbolic link is refused, also a dangling one", () => {
    const elsewhere = join(dir, "elsewhere");
    symlinkSync(elsewhere, file);
    expect(() => appendLine(file, "one")).toThrow("it is a symbolic link");
    writeFileSync(elsewhere, "theirs\n");
    expect(() => appendLine(file, "one")).toThrow("it is a symbolic link");
    expect(readFileSync(elsewhere, "utf8")).toBe("theirs\n");
  });

  test("a folder in the way is refused", () => {
    mkdirSync(file);
    expect(() => appendLine(file, "one")).toThrow("it is a folder");
  });

  test.if(process.platform !== "win32")("a named pipe is refused without waiting for a reader", () => {
    Bun.spawnSync(["mkfifo", file]);
    expect(() => appendLine(file, "one")).toThrow("not a regular file");
  });

  test.if(process.platform !== "win32")("a real file that may not grow: whole lines only, and it is said", async () => {
    appendFileSync(file, `${"y".repeat(100)}\n`);
    // The kernel cuts the write at the limit, then refuses the rest: what a full disk does.
    const limited = `trap '' XFSZ; ulimit -f 8; exec '${process.execPath}' '${worker}' '${file}' w 100 300 exclusive`;
    const child = Bun.spawn(["bash", "-c", limited], { stdout: "pipe", stderr: "pipe" });
    expect(await child.stdout.text()).toContain("the file is too large");
    expect(await child.exited).toBe(1);
    const lines = content().split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.slice(1).filter((line, i) => line !== `w:${i}:${"x".repeat(300)}`)).toEqual([]);
    expect(statSync(file).size).toBeLessThanOrEqual(8192);
  });

  test("16 processes append 100 lines each: none torn, none lost, none twice", async () => {
    const names = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const children = names.map((name) => Bun.spawn([process.execPath, worker, file, name, "100", "500"]));
    expect(await Promise.all(children.map((child) => child.exited))).toEqual(names.map(() => 0));
    const lines = content().split("\n").filter(Boolean);
    const expected = names.flatMap((name) => Array.from({ length: 100 }, (_, i) => `${name}:${i}:${"x".repeat(500)}`));
    expect(lines.sort()).toEqual(expected.sort());
  });
});

test("a JSON line holds no line end that any reader knows", () => {
  const value = { text: "a\nb\r\u0085c\u2028d\u2029e" };
  const line = jsonLine(value);
  expect(line).toBe('{"text":"a\\nb\\r\\u0085c\\u2028d\\u2029e"}');
  expect(JSON.parse(line)).toEqual(value);
});
