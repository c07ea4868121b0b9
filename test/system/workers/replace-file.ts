// Repeatedly replaces a file with a number of equal digits.
import { writeAtomic } from "../../../src/system/write-atomic.ts";

const [file = "", times = "0", width = "0", digit = "1"] = process.argv.slice(2);
for (let i = 0; i < Number(times); i += 1) await writeAtomic(file, digit.repeat(Number(width)));
