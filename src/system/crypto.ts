// Hashes and random bytes. Bun's own APIs replace `node:crypto`, whose loading dominates the start of a wrapped tool.

export interface Hash {
  update(data: string | Uint8Array): Hash;
  /** In `latin1` each character is a byte. */
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

/** A fast hash of a text for tables in memory: 53 bits, so that it is an exact number. Never stored. */
export function tableHash(text: string): number {
  if (typeof Bun !== "undefined") return Number(BigInt.asUintN(53, BigInt(Bun.hash(text))));
  return Number.parseInt(sha256(text).slice(0, 13), 16);
}

/** Random bytes as hex digits. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
