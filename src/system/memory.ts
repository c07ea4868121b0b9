// Keeps memory low while large files are read.

/** No collection below this heap size, in bytes: most commands never reach it. */
const MIN_HEAP_BYTES = 36 * 1024 * 1024;
/** After a collection the heap may grow by this factor: a large heap of live data is not collected again and again. */
const GROWTH = 1.25;
/** Measuring the heap takes up to a quarter of a millisecond, so only every n-th call does. */
const CALLS_PER_CHECK = 8;

let calls = 0;
let limit = MIN_HEAP_BYTES;

/**
 * Collects garbage if much may have accumulated; called between chunks of a file. On its own the engine waits until
 * the heap is twice the size that the last collection left.
 */
export function collectGarbage(): void {
  if (typeof Bun === "undefined" || ++calls % CALLS_PER_CHECK !== 0 || heapBytes() <= limit) return;
  Bun.gc(true);
  limit = Math.max(MIN_HEAP_BYTES, heapBytes() * GROWTH);
}

function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * A copy of JSON data whose strings do not share memory with the original. The engine keeps a whole string alive for as
 * long as any slice of it is referenced: a hash of seven characters would keep a command's entire output.
 */
export function detachStrings<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data));
}
