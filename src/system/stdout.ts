// Standard output. Under Bun not through `process.stdout`: setting that up takes twice the time of all the rest of a
// short run, and the end of the process cuts off what it still holds.

/** Writes to standard output and waits until all of it is taken. A reader that went away is an `EPIPE`. */
export async function writeStdout(text: string): Promise<void> {
  if (typeof Bun !== "undefined") await Bun.write(Bun.stdout, text);
  else await writeByNode(text);
}

async function writeByNode(text: string): Promise<void> {
  const { stdout } = process;
  // Without a listener a closed pipe would be an uncaught exception besides.
  stdout.once("error", () => {});
  await new Promise<void>((resolve, reject) => {
    stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
