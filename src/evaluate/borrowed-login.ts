// The copy of the user's login that a tool gets. If the tool refreshed it, it replaces the user's own: refresh tokens
// are single-use, so the login that the user still has no longer works.
import { dirname, join } from "node:path";
import { sha256 } from "../system/crypto.ts";
import { parseJsonObject } from "../system/json.ts";
import { realPath } from "../system/paths.ts";
import { sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";
import type { Login } from "./evaluator.ts";
import { readUserFile, writePrivateFile } from "./user-file.ts";

/** The hash shows later whether the tool or the user changed the login. */
interface BorrowedLogin extends Login {
  sha256: string;
}

const RECORD_FILE = "loan.json";

/** Copies the login into the private folder; false if the user has none. */
export async function copyLogin(folder: string, { path, copy }: Login): Promise<boolean> {
  const login = await readUserFile(path);
  if (login === null) return false;
  const borrowed: BorrowedLogin = { path, copy, sha256: sha256(login) };
  await writePrivateFile(join(folder, RECORD_FILE), JSON.stringify(borrowed));
  await writePrivateFile(join(folder, copy), login);
  return true;
}

/** Replaces the user's login with the refreshed copy, unless the user changed or removed it meanwhile. */
export async function returnRefreshedLogin(folder: string): Promise<void> {
  const borrowed = await readRecord(folder);
  if (borrowed === null) return;
  const login = await readUserFile(join(folder, borrowed.copy));
  if (login === null || sha256(login) === borrowed.sha256 || parseJsonObject(login) === null) return;
  const original = await readUserFile(borrowed.path);
  if (original === null || sha256(original) !== borrowed.sha256) return;
  await writeAtomic(borrowed.path, login, { mode: 0o600, followLink: true });
}

/** Removes the temporary file that a process left beside the user's login when it was killed while replacing it. */
export async function removeLoginTemporaries(folder: string): Promise<void> {
  const borrowed = await readRecord(folder);
  if (borrowed !== null) sweepTemporaries(dirname(realPath(borrowed.path)));
}

async function readRecord(folder: string): Promise<BorrowedLogin | null> {
  const record = parseJsonObject((await readUserFile(join(folder, RECORD_FILE))) ?? "");
  const { path, copy, sha256: hash } = record ?? {};
  return typeof path === "string" && typeof copy === "string" && typeof hash === "string"
    ? { path, copy, sha256: hash }
    : null;
}
