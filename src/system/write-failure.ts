// What a person can mend when a write fails, in words.
import { ExpectedError, hasCode, messageOf } from "./errors.ts";

const REASONS: Record<string, { reason: string; hint: string }> = {
  EACCES: { reason: "permission denied", hint: "check who owns it and its mode" },
  EDQUOT: { reason: "the disk quota is used up", hint: "make room and try again" },
  EEXIST: { reason: "a file is in the way", hint: "move it away and try again" },
  EFBIG: { reason: "the file may not grow any further", hint: "check `ulimit -f` and the file system's limits" },
  EISDIR: { reason: "it is a folder", hint: "move it away and try again" },
  ELOOP: { reason: "it is a symbolic link", hint: "replace the link by the file itself" },
  EMLINK: { reason: "it is a symbolic link", hint: "replace the link by the file itself" },
  ENAMETOOLONG: { reason: "the name is too long", hint: "choose a shorter path" },
  ENOSPC: { reason: "no space left", hint: "make room and try again" },
  ENOTDIR: { reason: "a part of the path is no folder", hint: "move that file away and try again" },
  EPERM: { reason: "operation not permitted", hint: "check who owns it and its mode" },
  EROFS: { reason: "the file system is read-only", hint: "mount it writable or work on a copy" },
};

/** The error to throw for a failed write: an expected one where the user can mend the cause, else the error itself. */
export function explainWriteFailure(verb: string, path: string, error: unknown): unknown {
  if (error instanceof ExpectedError || !hasCode(error, ...Object.keys(REASONS))) return error;
  const { reason, hint } = REASONS[error.code ?? ""] ?? { reason: messageOf(error), hint: "try again" };
  return new ExpectedError(`cannot ${verb} \`${path}\`: ${reason}`, { hint, cause: error });
}
