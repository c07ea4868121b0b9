// What a long reading leaves behind is collected before it has doubled the memory: the engine lets what outlived its
// first moments lie until the heap is twice what was left of it the last time.

/** Where nothing is collected yet, in bytes: most of what `ctx` does never gets there. */
const ROOM_BYTES = 36 * 1024 * 1024;
/** How far the heap may grow beyond what is alive, so that a large one is not gone through again and again. */
const GROWTH = 1.25;
/** Every how many calls the heap is looked at: a look costs up to a quarter of a millisecond. */
const CALLS = 8;

let calls = 0;
let limit = ROOM_BYTES;

/** Collects what is garbage if there may be much of it. To be called between any two chunks of what is read. */
export function collectGarbage(): void {
  if (typeof Bun === "undefined" || ++calls % CALLS !== 0 || heapBytes() <= limit) return;
  Bun.gc(true);
  limit = Math.max(ROOM_BYTES, heapBytes() * GROWTH);
}

function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
