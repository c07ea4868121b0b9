// Takes the lock of a file, prints that, and keeps it until it is killed.
import { withLock } from "../../../src/system/lock.ts";

await withLock(process.argv[2] ?? "", async () => {
  process.stdout.write("held\n");
  await new Promise<never>(() => setInterval(() => {}, 60_000));
});
