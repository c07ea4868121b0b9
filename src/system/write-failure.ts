// What a person can mend when the machine refuses something, in words.
import { ExpectedError, hasCode } from "./errors.ts";

const GONE = { reason: "what it lies on is gone", hint: "mount it again and try again" };
const LINK = { reason: "it is a symbolic link", hint: "replace the link by the file itself" };
const OWNER = "check who owns it and its mode";
const ROOM = "make room and try again";

const REASONS: Record<string, { reason: string; hint: string }> = {
  EACCES: { reason: "permission denied", hint: OWNER },
  EAGAIN: { reason: "the system has no more of what it takes", hint: "end some programs and try again" },
  EBUSY: { reason: "it is in use", hint: "end what uses it and try again" },
  EDQUOT: { reason: "the disk quota is used up", hint: ROOM },
  EEXIST: { reason: "a file is in the way", hint: "move it away and try again" },
  EFBIG: { reason: "the file may not grow any further", hint: "check `ulimit -f` and the file system's limits" },
  EHOSTDOWN: GONE,
  EIO: { reason: "input/output error", hint: "check the disk, then try again" },
  EISDIR: { reason: "it is a folder", hint: "move it away and try again" },
  ELOOP: LINK,
  EMFILE: { reason: "too many files are open", hint: "raise the limit of `ulimit -n` and try again" },
  EMLINK: LINK,
  ENAMETOOLONG: { reason: "the name is too long", hint: "choose a shorter path" },
  ENFILE: { reason: "the whole system has too many files open", hint: "end some programs and try again" },
  ENODEV: GONE,
  ENOENT: { reason: "no such file or folder", hint: "check what became of it and try again" },
  ENOMEM: { reason: "not enough memory", hint: "end some programs and try again" },
  ENOSPC: { reason: "no space left", hint: ROOM },
  ENOTCONN: GONE,
  ENOTDIR: { reason: "a part of the path is no folder", hint: "move that file away and try again" },
  ENXIO: GONE,
  EPERM: { reason: "operation not permitted", hint: OWNER },
  EROFS: { reason: "the file system is read-only", hint: "mount it writable or work on a copy" },
  ESTALE: GONE,
  ETIMEDOUT: { reason: "it takes too long to answer", hint: "check the disk or the network, then try again" },
};

/** What a system call is for, where its name does not say it. */
const VERBS: Record<string, string> = {
  chdir: "enter",
  copyfile: "copy",
  fchmod: "change",
  fstat: "look at",
  fsync: "write",
  fdatasync: "write",
  ftruncate: "shorten",
  link: "name",
  lstat: "look at",
  mkdir: "create",
  rm: "remove",
  rmdir: "remove",
  scandir: "read",
  spawn: "start",
  stat: "look at",
  statx: "look at",
  unlink: "remove",
};

/** Whether the machine refused something that the user can mend: no space, no permission, a broken disk, …. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof ExpectedError) return isRefusal(error.cause);
  return hasCode(error, ...Object.keys(REASONS));
}

/** The error to throw for a failed write: an expected one where the user can mend the cause, else the error itself. */
export function explainWriteFailure(verb: string, path: string, error: unknown): unknown {
  return explain(error, () => `cannot ${verb} \`${path}\``);
}

/** The same of an error that nobody met where it arose: what was done to which file is read off it. */
export function explainRefusal(error: unknown): unknown {
  return explain(error, ({ syscall = "use", path }) => {
    // A call that starts a program has the program's name in its own.
    const verb = VERBS[syscall.replace(/ .*/s, "")] ?? syscall;
    return `cannot ${verb}${path === undefined ? "" : ` \`${path}\``}`;
  });
}

function explain(error: unknown, what: (error: NodeJS.ErrnoException) => string): unknown {
  if (error instanceof ExpectedError || !hasCode(error, ...Object.keys(REASONS))) return error;
  const { reason, hint } = REASONS[error.code ?? ""] ?? { reason: error.message, hint: "try again" };
  return new ExpectedError(`${what(error)}: ${reason}`, { hint, cause: error });
}
