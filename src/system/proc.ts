// Reading proc(5), where processes and their descriptors vanish while we look, and those of other users are none of ours.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hasCode } from "./errors.ts";

/** The numbers of all processes. */
export function processIds(): number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
}

export function namesIn(folder: string): string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

/** Empty where there is nothing to read. */
export function textOf(file: string, encoding: "utf8" | "latin1" = "utf8"): string {
  return unlessGone(() => readFileSync(file, encoding)) ?? "";
}

/** Where a link leads; null where it is gone. */
export function linkOf(path: string): string | null {
  return unlessGone(() => readlinkSync(path));
}

/** What was read; null where that is gone, or not for us. */
export function unlessGone<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM", "ENOTDIR")) return null;
    throw error;
  }
}
