/** A failure the user can fix: printed without a stack. The message is a lower-case fragment; the hint says what to do. */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}

/**
 * Error codes for a file or folder that is missing, is of another kind, or belongs to another user. ESRCH is the error
 * for a file in `/proc` of a process that has ended.
 */
const UNREADABLE = ["ENOENT", "ENOTDIR", "EISDIR", "EINVAL", "ELOOP", "EACCES", "EPERM", "ESRCH"];

/** Whether an error is a system error with one of these codes (`ENOENT`, …). */
export function hasCode(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** Whether an error says that a file or folder is missing, unreadable, or of another kind. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof ExpectedError || hasCode(error, ...UNREADABLE);
}

/** The result of a function that reads a file or folder; null if that is missing, unreadable, or of another kind. */
export function ifReadable<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
