// A process that goes on without us: in a session of its own, with no terminal, and nobody waiting for it.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** Where Bun mounts what a compiled program holds. */
const COMPILED_IN = /[/\\](\$bunfs|~BUN)[/\\]/;

/** Starts this very program once more, detached. Throws when it cannot be started. */
export async function startDetached(args: readonly string[], cwd: string): Promise<void> {
  const [file, ...before] = ownCommand();
  await spawnDetached(file, [...before, ...args], { cwd });
}

/** Starts a program, detached. Throws when it cannot be started. */
export async function spawnDetached(
  file: string,
  args: readonly string[],
  place: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<ChildProcess> {
  const child = spawn(file, args, { ...place, detached: true, stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  child.unref();
  return child;
}

/** The command that starts this program: the executable alone, or the runtime and the script it was given. */
function ownCommand(): [string, ...string[]] {
  const { execPath } = process;
  const script = process.argv[1];
  // The script of a compiled program lies within its executable, where no other process can read it.
  if (script === undefined || COMPILED_IN.test(script) || !existsSync(script)) return [execPath];
  return "Deno" in globalThis ? [execPath, "run", "--allow-all", script] : [execPath, script];
}
