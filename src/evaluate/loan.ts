// A login lent to an evaluation as a copy. One that was refreshed there goes back to the user: its refresh token is
// single-use, so the one the user still has is worth nothing any more.
import { dirname, join } from "node:path";
import { sha256 } from "../system/hash.ts";
import { parseJsonObject } from "../system/json.ts";
import { realPath } from "../system/paths.ts";
import { sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";
import type { Login } from "./program.ts";
import { readUserFile, writePrivateFile } from "./small-file.ts";

/** Which login was copied, to tell later whether the program or the user changed it. */
interface BorrowedLogin extends Login {
  sha256: string;
}

const RECORD_FILE = "loan.json";

/** Copies a login into a private folder; false when there is none to copy. */
export async function copyLogin(folder: string, { path, copy }: Login): Promise<boolean> {
  const login = await readUserFile(path);
  if (login === null) return false;
  const loan: BorrowedLogin = { path, copy, sha256: sha256(login) };
  await writePrivateFile(join(folder, RECORD_FILE), JSON.stringify(loan));
  await writePrivateFile(join(folder, copy), login);
  return true;
}

/** Replaces the user's login by the refreshed one, unless it changed meanwhile or is gone: then the user's wins. */
export async function returnRefreshedLogin(folder: string): Promise<void> {
  const loan = parseBorrowedLogin(await readUserFile(join(folder, RECORD_FILE)));
  if (loan === null) return;
  const login = await readUserFile(join(folder, loan.copy));
  if (login === null || sha256(login) === loan.sha256 || parseJsonObject(login) === null) return;
  const original = await readUserFile(loan.path);
  if (original === null || sha256(original) !== loan.sha256) return;
  await writeAtomic(loan.path, login, { mode: 0o600, followLink: true });
}

/** Removes the copy of a login that a process which is gone was about to hand back: it lies beside the user's own. */
export async function removeLoginTemporaries(folder: string): Promise<void> {
  const loan = parseBorrowedLogin(await readUserFile(join(folder, RECORD_FILE)));
  if (loan !== null) sweepTemporaries(dirname(realPath(loan.path)));
}

function parseBorrowedLogin(text: string | null): BorrowedLogin | null {
  const { path, copy, sha256: hash } = parseJsonObject(text ?? "") ?? {};
  return typeof path === "string" && typeof copy === "string" && typeof hash === "string"
    ? { path, copy, sha256: hash }
    : null;
}
