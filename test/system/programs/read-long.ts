// Reads the records of a file and keeps a number of them alive; prints the largest heap, in bytes, and the number of
// collections.
import { scanRecords } from "../../../src/system/records.ts";

const [, , path = "", count = ""] = process.argv;
const held: unknown[] = [];
let [most, collections, position] = [0, 0, 0];
const collect = Bun.gc;
Bun.gc = (force) => {
  collections++;
  return collect(force);
};
await scanRecords(
  path,
  {},
  {
    record(bytes) {
      held[position++ % Number(count)] = JSON.parse(new TextDecoder().decode(bytes));
      return true;
    },
    drain: async () => {
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external);
    },
  },
);
process.stdout.write(JSON.stringify({ most, collections }));
