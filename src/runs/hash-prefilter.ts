/**
 * Texts that are looked for among bytes without decoding them: by their hashes, and whatever the case of their letters.
 * It may take another text for one of them, but never misses one.
 */
export class ByteSet {
  readonly #hashes: ReadonlySet<number>;

  constructor(texts: Iterable<string>) {
    this.#hashes = new Set([...texts].map((text) => hash(Buffer.from(text), 0, Buffer.byteLength(text))));
  }

  get isEmpty(): boolean {
    return this.#hashes.size === 0;
  }

  mayHold(bytes: Uint8Array, from: number, to: number): boolean {
    return this.#hashes.has(hash(bytes, from, to));
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = (Math.imul(value, 31) + ((bytes[at] ?? 0) | 0x20)) | 0;
  return value;
}
