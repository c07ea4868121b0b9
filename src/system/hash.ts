// Hashes. Under Bun not through `node:crypto`: loading it takes longer than all else before a tool starts.

/** What is given to it piece by piece, as one digest. */
export interface Hash {
  update(data: string | Uint8Array): Hash;
  /** Of `latin1` each character is a byte. */
  digest(encoding: "hex" | "base64" | "latin1"): string;
}

export function createHash(algorithm: "sha1" | "sha256"): Hash {
  if (typeof Bun !== "undefined") return new Bun.CryptoHasher(algorithm);
  return process.getBuiltinModule("node:crypto").createHash(algorithm);
}

/** The SHA-256 of a text, as 64 hex digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
