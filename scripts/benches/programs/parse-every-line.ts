// The least a reader without any wit must do: parse every line of a log, in constant memory.
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
    },
  },
);
report(String(records));
