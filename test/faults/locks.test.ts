// A lock whose holder was killed at any system call of taking it and giving it back.
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { withLock } from "../../src/system/lock.ts";
import { countFaults, faulty, MAY_TRACE, traced, writingCalls } from "./strace.ts";

const COUNT_UP = resolve(import.meta.dir, "../system/workers/count-up.ts");

test.if(MAY_TRACE)(
  "killed at any call of two locks, a holder is no obstacle, and leaves nothing once another was in",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "ctx-locks-"));
    const log = `${folder}.trace`;
    try {
      const file = join(folder, "count");
      const argv = [process.execPath, COUNT_UP, file, "2"];
      writeFileSync(file, "0");
      await Bun.spawn(traced(log, argv)).exited;
      const calls = writingCalls(log, folder);
      expect(calls.map(({ name }) => name)).toEqual(expect.arrayContaining(["mkdir", "rename", "rmdir", "write"]));
      let kills = 0;
      for (const call of calls) {
        writeFileSync(file, "0");
        await Bun.spawn(faulty(log, call, "SIGKILL", argv), { stderr: "ignore" }).exited;
        kills += countFaults(log);
        expect(await withLock(file, () => "in", { waitMs: 0 })).toBe("in");
        expect({ call, left: readdirSync(folder) }).toEqual({ call, left: ["count"] });
        expect(readFileSync(file, "utf8")).toMatch(/^[012]?$/);
      }
      expect(kills).toBeGreaterThan(calls.length / 2);
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(log, { force: true });
    }
  },
  120_000,
);
