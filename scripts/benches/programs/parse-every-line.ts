// The baseline for readers of a log: parses every line, in constant memory.
import { scanRecords } from "../../../src/system/records.ts";
import { report } from "./report.ts";

const decoder = new TextDecoder();
let records = 0;
await scanRecords(
  process.argv[2] ?? "",
  {},
  {
    record(bytes) {
      JSON.parse(decoder.decode(bytes));
      records += 1;
      return true;
    },
  },
);
report(String(records));
