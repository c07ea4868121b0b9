// The one error class that is for the user: printed without a stack, with the command to run next.

/** A failure the user can mend. The message is a lower-case fragment; the hint names what to do next. */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/** A file or folder that is missing, of another kind or another user's; ESRCH: of a process that has ended. */
const UNREADABLE = ["ENOENT", "ENOTDIR", "EISDIR", "EINVAL", "ELOOP", "EACCES", "EPERM", "ESRCH"];

/** Whether an error is a system error with one of these codes (`ENOENT`, …). */
export function hasCode(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** What a function reads; null where that is gone, not readable, or not what it should be. */
export function ifReadable<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExpectedError || hasCode(error, ...UNREADABLE)) return null;
    throw error;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
