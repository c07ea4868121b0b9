// Takes the lock of a file, says so, and keeps it until it is ended.
import { withLock } from "../../../src/system/lock.ts";

await withLock(process.argv[2] ?? "", async () => {
  process.stdout.write("held\n");
  await new Promise<never>(() => setInterval(() => {}, 60_000));
});
