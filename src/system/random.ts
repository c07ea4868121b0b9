/** Random bytes as hex digits, from the web's own source: `node:crypto` is slow to load. */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
}
