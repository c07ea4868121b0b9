// The SHA-256 of a text. Under Bun not through `node:crypto`: loading it takes longer than all else before a tool starts.

/** 64 hex digits. */
export function sha256(text: string): string {
  if (typeof Bun !== "undefined") return new Bun.CryptoHasher("sha256").update(text).digest("hex");
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");
}
