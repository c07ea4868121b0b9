// Prints N bytes through the program's output, then how that ended.
import { createOutput } from "../../../src/cli/output.ts";
import { writeStderr } from "../../../src/system/stderr.ts";

const output = createOutput(false);
const bytes = Number(process.argv[2]);
try {
  await output.line("x".repeat(bytes - 1));
  await output.line("end");
  writeStderr("written\n");
} catch (error) {
  writeStderr(`${error instanceof Error ? error.name : String(error)}\n`);
}
