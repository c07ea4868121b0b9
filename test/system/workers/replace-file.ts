// Replaces a file again and again by so many times the same digit.
import { writeAtomic } from "../../../src/system/write-atomic.ts";

const [file = "", times = "0", width = "0", digit = "1"] = process.argv.slice(2);
for (let i = 0; i < Number(times); i += 1) await writeAtomic(file, digit.repeat(Number(width)));
