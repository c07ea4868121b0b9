// A file opened as what it should be: no link is followed, and no pipe or device is waited for that never ends.
import { closeSync, constants, fstatSync, lstatSync, openSync } from "node:fs";
import { ExpectedError } from "./errors.ts";

/** Missing on Windows, where `refuseLink` stands in for it. */
const NO_FOLLOW: number | undefined = constants.O_NOFOLLOW;

/** Opens a regular file; `verb` says in messages what for. System errors are left to the caller to explain. */
export function openRegular(path: string, flags: number, verb: string): number {
  if (NO_FOLLOW === undefined) refuseLink(path);
  const fd = openSync(path, flags | (NO_FOLLOW ?? 0) | constants.O_NONBLOCK, 0o666);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new ExpectedError(`cannot ${verb} \`${path}\`: it is no regular file`, { hint: "move it away and try again" });
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw Object.assign(new Error(`ELOOP: symbolic link, open '${path}'`), { code: "ELOOP" });
  }
}
