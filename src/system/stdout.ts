// Writes to standard output. Bun's own API replaces `process.stdout`, whose setup takes twice as long as the rest of a
// short run, and whose buffer is lost when the process ends.

/** Writes to standard output and waits until everything is written. A closed pipe throws `EPIPE`. */
export async function writeStdout(text: string): Promise<void> {
  if (typeof Bun !== "undefined") await Bun.write(Bun.stdout, text);
  else await writeByNode(text);
}

async function writeByNode(text: string): Promise<void> {
  const { stdout } = process;
  // Without a listener a closed pipe would also raise an uncaught exception.
  stdout.once("error", () => {});
  await new Promise<void>((resolve, reject) => {
    stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
