// Loaded before the program: when it ends, prints its peak of resident memory in megabytes.
import { writeSync } from "node:fs";
import { peakMegabytes } from "../../../scripts/benches/programs/report.ts";

process.on("exit", () => writeSync(2, `\npeak ${peakMegabytes()}\n`));
