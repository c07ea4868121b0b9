// A file written only where there is none: whatever is there, even empty or a link, is the user's.
import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { createAtomic, sweepTemporaries } from "./write-atomic.ts";

/**
 * Creates a small file; false when something by that name exists. It is there whole or not at all: half of one would be
 * taken for the user's own from then on. What a killed process left of its own attempt is removed.
 */
export function createOnce(path: string, content: string): boolean {
  sweepTemporaries(dirname(path));
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
  return createAtomic(path, content, 0o666);
}
