// Repeatedly reads a number from a file and writes the next one, under the file's lock.
import { readFileSync, writeFileSync } from "node:fs";
import { withLock } from "../../../src/system/lock.ts";

const [file = "", times = "0"] = process.argv.slice(2);
for (let i = 0; i < Number(times); i += 1) {
  await withLock(file, async () => {
    const count = Number(readFileSync(file, "utf8"));
    await Promise.resolve();
    writeFileSync(file, String(count + 1));
  });
}
