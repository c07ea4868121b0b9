// Processes that keep running after `ctx` ends: in a session of their own, without a terminal.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Where Bun mounts the files inside a compiled executable. */
const EMBEDDED = /[/\\](\$bunfs|~BUN)[/\\]/;

/** Starts this program again, detached. Throws when it cannot be started. */
export async function startDetached(args: readonly string[], cwd: string): Promise<void> {
  const [file, ...before] = ownCommand();
  await spawnDetached(file, [...before, ...args], { cwd });
}

/** Starts a program, detached. Throws when it cannot be started. */
export async function spawnDetached(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<ChildProcess> {
  const child = spawn(file, args, { ...options, detached: true, stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  return child;
}

/** The command that starts this program: the executable alone, or the runtime and its script. */
function ownCommand(): [string, ...string[]] {
  const { execPath } = process;
  const script = process.argv[1];
  // A script embedded in the executable cannot be read by another process.
  if (script === undefined || EMBEDDED.test(script) || !existsSync(script)) return [execPath];
  return "Deno" in globalThis ? [execPath, "run", "--allow-all", script] : [execPath, script];
}
