// Where the traits of executables are remembered from one evaluation to the next. A cache: whatever is wrong with it,
// the program is asked again.
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { ExpectedError } from "../system/errors.ts";
import { writeAtomic } from "../system/write-atomic.ts";
import { identifyExecutable } from "./executable.ts";
import type { CliCapabilities } from "./traits.ts";

const VERSION = 1;
/** The executable may be a launcher that stays the same while what it launches is updated. */
const OLDEST_MS = 24 * 60 * 60 * 1000;
const MOST_KEPT = 16;
const LARGEST_FILE = 256 * 1024;

const keptSchema = z.object({
  identity: z.string().min(1).max(5_000),
  asked_at: z.iso.datetime(),
  version: z.string().max(100).nullable(),
  options: z.array(z.string().max(100)).max(500),
  leaves_home: z.boolean(),
});
const fileSchema = z.object({ schema: z.literal(VERSION), executables: z.array(keptSchema).max(MOST_KEPT) });
type Kept = z.output<typeof keptSchema>;

/** What is remembered of an executable; null when it must be asked. */
export function cachedCapabilities(cache: string, executable: string): CliCapabilities | null {
  const identity = identifyExecutable(executable);
  const kept = readKept(cache).find((one) => one.identity === identity);
  if (kept === undefined) return null;
  const { version, options, leaves_home: leavesHome } = kept;
  return { version, options: new Set(options), worksWithoutHome: leavesHome };
}

export async function storeCapabilities(
  cache: string,
  executable: string,
  { version, options, worksWithoutHome: leavesHome }: CliCapabilities,
): Promise<void> {
  const identity = identifyExecutable(executable);
  if (identity === null) return;
  const asked_at = new Date().toISOString();
  const kept: Kept = { identity, asked_at, version, options: [...options], leaves_home: leavesHome };
  await replaceKept(cache, [kept, ...othersThan(identity, readKept(cache))]);
}

/** After a failure nobody can explain, the executable is asked anew: it may be another one than it was. */
export async function dropCapabilities(cache: string, executable: string): Promise<void> {
  const kept = readKept(cache);
  const rest = othersThan(identifyExecutable(executable), kept);
  if (rest.length < kept.length) await replaceKept(cache, rest);
}

function othersThan(identity: string | null, kept: readonly Kept[]): Kept[] {
  return kept.filter((one) => one.identity !== identity);
}

function readKept(cache: string): Kept[] {
  try {
    if (statSync(cache).size > LARGEST_FILE) return [];
    const { data } = fileSchema.safeParse(JSON.parse(readFileSync(cache, "utf8")));
    return data?.executables.filter(({ asked_at }) => isFresh(Date.parse(asked_at))) ?? [];
  } catch {
    return [];
  }
}

function isFresh(askedAt: number): boolean {
  const age = Date.now() - askedAt;
  return age >= 0 && age < OLDEST_MS;
}

async function replaceKept(cache: string, executables: Kept[]): Promise<void> {
  const file = { schema: VERSION, executables: executables.slice(0, MOST_KEPT) };
  try {
    await writeAtomic(cache, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  } catch (error) {
    // A folder in its place, a full disk: then the next evaluation asks again.
    if (!(error instanceof ExpectedError) && !(error instanceof Error && "code" in error)) throw error;
  }
}
