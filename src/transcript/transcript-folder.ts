// The files of a transcript on disk. Each is replaced as a whole and only if it changed, all of them at the end: what a
// transcript cut short had made is never to be read. What an earlier one left there and this one has no place for is
// removed.
import { dirname, join } from "node:path";
import { makeDirectory, namesIn, removeFile } from "../system/directory.ts";
import { refuseOutside } from "../system/paths.ts";
import { type StagedFile, stageIfChanged, sweepTemporaries } from "../system/write-atomic.ts";
import type { OutputFile } from "./output-file.ts";

const MODE = 0o600;
/** As much as a page has, or what the search finds on it. */
const SPARE_BYTES = 512 * 1024;
/** How much memory may hold what waits to be written, in bytes, while more is made. */
const MOST_WAITING = 1_500_000;
const FILES = "files";
const SEARCH = "search";

export class TranscriptFolder {
  readonly #path: string;
  readonly #beside: string;
  readonly #search: string;
  /** Folders that were made. */
  readonly #made = new Set<string>();
  /** Names of the files beside the pages that were written. */
  readonly #kept = new Set<string>();
  readonly #writing = new Set<Promise<void>>();
  readonly #staged: StagedFile[] = [];
  readonly #spare: ArrayBufferLike[] = [];
  /** Bytes that are not written yet. */
  #waiting = 0;
  #failure: { error: unknown } | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#beside = join(path, FILES);
    this.#search = join(path, SEARCH);
    refuseOutside(path, this.#beside, "`files`");
    refuseOutside(path, this.#search, "`search`");
  }

  /** Begins to write a file, to be put in its place by `commit`. No name may be written twice. */
  write({ name, content }: OutputFile): void {
    const path = join(this.#path, name);
    const folder = dirname(path);
    if (folder !== this.#path && !this.#made.has(folder)) {
      makeDirectory(folder, 0o700);
      this.#made.add(folder);
    }
    if (name.startsWith(`${FILES}/`)) this.#kept.add(name.slice(FILES.length + 1));
    const bytes = this.#copy(content);
    this.#waiting += bytes.buffer.byteLength;
    const written = stageIfChanged(path, bytes, MODE)
      .then((file) => {
        if (file !== null) this.#staged.push(file);
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#waiting -= bytes.buffer.byteLength;
        this.#writing.delete(written);
        if (bytes.buffer.byteLength === SPARE_BYTES) this.#spare.push(bytes.buffer);
      });
    this.#writing.add(written);
  }

  /** What a page was gathered in is used again before it is written; so are the copies, once they are. */
  #copy(content: string | Uint8Array): Buffer {
    const length = Buffer.byteLength(content);
    if (length > SPARE_BYTES) return Buffer.from(content);
    const spare = this.#spare.pop() ?? new ArrayBuffer(SPARE_BYTES);
    const bytes = Buffer.from(spare, 0, length);
    if (typeof content === "string") bytes.write(content);
    else bytes.set(content);
    return bytes;
  }

  /** Waits until little is left to write. Throws what kept a file from being written. */
  async settle(most = MOST_WAITING): Promise<void> {
    while (this.#waiting > most) await Promise.race(this.#writing);
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Puts every file that was written in its place. Throws what kept one from being written: then none is put. */
  async commit(): Promise<void> {
    await Promise.all(this.#writing);
    await this.settle();
    for (let file = this.#staged.shift(); file !== undefined; file = this.#staged.shift()) file.commit();
  }

  /** Takes back what was written and not yet put in its place. */
  async discard(): Promise<void> {
    await Promise.all(this.#writing);
    for (const file of this.#staged.splice(0)) file.discard();
  }

  /** Whether all these pages are there, and what the search finds on them. */
  hasPages(count: { pages: number; timeline: number }): boolean {
    const has = { page: 0, index: 0 };
    for (const name of namesIn(this.#path)) {
      const { kind, number } = readPageName(name) ?? { kind: null, number: 0 };
      if (kind !== null && number <= (kind === "page" ? count.pages : count.timeline)) has[kind]++;
    }
    const shards = namesIn(this.#search).filter(
      (name) => (readShardName(name) ?? Number.POSITIVE_INFINITY) <= count.pages,
    );
    // The first page of the timeline has no number.
    return has.page === count.pages && shards.length === count.pages && has.index === Math.max(0, count.timeline - 1);
  }

  /**
   * Removes pages beyond the last, files of prompts after `ordinal` that were not written, and what killed processes
   * left half written.
   */
  sweep(count: { pages: number; timeline: number }, ordinal: number): void {
    for (const folder of [this.#path, this.#search, this.#beside]) sweepTemporaries(folder);
    for (const name of namesIn(this.#path)) {
      const { kind, number } = readPageName(name) ?? { kind: null, number: 0 };
      if (kind !== null && number > (kind === "page" ? count.pages : count.timeline))
        removeFile(join(this.#path, name));
    }
    for (const name of namesIn(this.#search)) {
      if ((readShardName(name) ?? 0) > count.pages) removeFile(join(this.#search, name));
    }
    for (const name of namesIn(this.#beside)) {
      const prompt = /^p(\d{1,9})-/.exec(name)?.[1];
      if (prompt !== undefined && Number(prompt) > ordinal && !this.#kept.has(name))
        removeFile(join(this.#beside, name));
    }
  }
}

function readPageName(name: string): { kind: "page" | "index"; number: number } | null {
  const [, kind, number] = /^(page|index)-(\d{3,9})\.html$/.exec(name) ?? [];
  return kind === "page" || kind === "index" ? { kind, number: Number(number) } : null;
}

function readShardName(name: string): number | null {
  const number = /^(\d{3,9})\.js$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}
