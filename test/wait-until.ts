import { existsSync } from "node:fs";

export interface Wait {
  /** What is awaited, for the message of a wait that fails. */
  what: string;
  /** Default: shorter than the timeout of a test, because the message of a wait says more. */
  timeoutMs?: number;
}

const POLL_MS = 5;

/** Waits until a condition holds; throws an error that names what was awaited if it does not in time. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { what, timeoutMs = 100_000 }: Wait,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await Bun.sleep(POLL_MS);
  }
}

/** Waits until a file or folder exists. */
export async function waitForFile(path: string): Promise<void> {
  await waitUntil(() => existsSync(path), { what: `\`${path}\`` });
}
