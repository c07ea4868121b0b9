// Turns system errors that the user can fix into messages with a hint.
import { ExpectedError, hasCode } from "./errors.ts";

const GONE = { reason: "its file system is not available", hint: "mount it again and try again" };
const LINK = { reason: "it is a symbolic link", hint: "replace the link with the file itself" };
const OWNER = "check its owner and mode";
const ROOM = "free some space and try again";

const REASONS: Record<string, { reason: string; hint: string }> = {
  EACCES: { reason: "permission denied", hint: OWNER },
  EAGAIN: { reason: "the system is out of resources", hint: "end some programs and try again" },
  EBUSY: { reason: "it is in use", hint: "close the program that uses it and try again" },
  EDQUOT: { reason: "the disk quota is used up", hint: ROOM },
  EEXIST: { reason: "a file with that name exists", hint: "move it away and try again" },
  EFBIG: { reason: "the file is too large", hint: "check `ulimit -f` and the file system's limits" },
  EHOSTDOWN: GONE,
  EIO: { reason: "input/output error", hint: "check the disk, then try again" },
  EISDIR: { reason: "it is a folder", hint: "move it away and try again" },
  ELOOP: LINK,
  EMFILE: { reason: "too many open files", hint: "raise `ulimit -n` and try again" },
  EMLINK: LINK,
  ENAMETOOLONG: { reason: "the name is too long", hint: "choose a shorter path" },
  ENFILE: { reason: "too many open files in the system", hint: "end some programs and try again" },
  ENODEV: GONE,
  ENOENT: { reason: "no such file or folder", hint: "check the path and try again" },
  ENOMEM: { reason: "not enough memory", hint: "end some programs and try again" },
  ENOSPC: { reason: "no space left", hint: ROOM },
  ENOTCONN: GONE,
  ENOTDIR: { reason: "a part of the path is not a folder", hint: "move that file away and try again" },
  ENXIO: GONE,
  EPERM: { reason: "operation not permitted", hint: OWNER },
  EROFS: { reason: "the file system is read-only", hint: "remount it read-write, or work on a copy" },
  ESTALE: GONE,
  ETIMEDOUT: { reason: "the operation timed out", hint: "check the disk or the network, then try again" },
};

/** Plain words for system calls whose name needs explaining. */
const VERBS: Record<string, string> = {
  chdir: "enter",
  copyfile: "copy",
  fchmod: "change the mode of",
  fstat: "inspect",
  fsync: "write",
  fdatasync: "write",
  ftruncate: "shorten",
  link: "name",
  lstat: "inspect",
  mkdir: "create",
  rm: "remove",
  rmdir: "remove",
  scandir: "read",
  spawn: "start",
  stat: "inspect",
  statx: "inspect",
  unlink: "remove",
};

/** Whether this is a system error that the user can fix: no space, no permission, a broken disk, …. */
export function isFixable(error: unknown): boolean {
  if (error instanceof ExpectedError) return isFixable(error.cause);
  return hasCode(error, ...Object.keys(REASONS));
}

/**
 * The error to throw when an operation on a file failed: an `ExpectedError` if the user can fix it, else the error
 * itself.
 */
export function explainFailure(verb: string, path: string, error: unknown): unknown {
  return explain(error, () => `cannot ${verb} \`${path}\``);
}

/**
 * Like `explainFailure`, for an error that was not handled where it occurred: operation and path are taken from the
 * error.
 */
export function explainSystemError(error: unknown): unknown {
  return explain(error, ({ syscall = "use", path }) => {
    // `spawn` errors have the program's name in `syscall`.
    const verb = VERBS[syscall.replace(/ .*/s, "")] ?? syscall;
    return `cannot ${verb}${path === undefined ? "" : ` \`${path}\``}`;
  });
}

function explain(error: unknown, what: (error: NodeJS.ErrnoException) => string): unknown {
  if (error instanceof ExpectedError || !hasCode(error, ...Object.keys(REASONS))) return error;
  const { reason, hint } = REASONS[error.code ?? ""] ?? { reason: error.message, hint: "try again" };
  return new ExpectedError(`${what(error)}: ${reason}`, { hint, cause: error });
}
