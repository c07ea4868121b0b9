// Appends numbered lines to a file without a lock, and prints the first error.
import { appendLine } from "../../../src/system/append.ts";
import { ExpectedError } from "../../../src/system/errors.ts";

const [file = "", name = "", times = "0", width = "0", exclusive] = process.argv.slice(2);
try {
  for (let i = 0; i < Number(times); i += 1) {
    appendLine(file, `${name}:${i}:${"x".repeat(Number(width))}`, { exclusive: exclusive === "exclusive" });
  }
} catch (error) {
  if (!(error instanceof ExpectedError)) throw error;
  process.stdout.write(error.message);
  process.exitCode = 1;
}
