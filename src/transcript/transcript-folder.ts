// The files of a transcript on disk. Changed files are staged under temporary names and put in place together at the
// end, so that nobody reads a transcript that is half written. Files left by an earlier transcript are then removed.
import { dirname, join } from "node:path";
import { makeDirectory, namesIn, removeFile } from "../system/directory.ts";
import { refuseOutside } from "../system/paths.ts";
import { type StagedFile, stageIfChanged, sweepTemporaries } from "../system/write-atomic.ts";
import type { TranscriptFile } from "./attachments.ts";

const MODE = 0o600;
/** Larger than a page, or the search entries of one. */
const SPARE_BYTES = 512 * 1024;
/** The most bytes waiting to be written while more pages are rendered. */
const MAX_WAITING = 1_500_000;
const ATTACHMENTS = "files";
const SEARCH = "search";

interface PageCount {
  pages: number;
  timeline: number;
}

export class TranscriptFolder {
  readonly #path: string;
  readonly #attachments: string;
  readonly #search: string;
  /** Subfolders that were created. */
  readonly #created = new Set<string>();
  /** Names of the attachments that were written. */
  readonly #written = new Set<string>();
  readonly #writing = new Set<Promise<void>>();
  readonly #staged: StagedFile[] = [];
  readonly #spare: ArrayBufferLike[] = [];
  /** Bytes that are not written yet. */
  #waiting = 0;
  #failure: { error: unknown } | null = null;

  constructor(path: string) {
    this.#path = path;
    this.#attachments = join(path, ATTACHMENTS);
    this.#search = join(path, SEARCH);
    refuseOutside(path, this.#attachments, "`files`");
    refuseOutside(path, this.#search, "`search`");
  }

  /** Starts to write a file that `commit` will put in place. Each name can be written once. */
  write({ name, content }: TranscriptFile): void {
    const path = join(this.#path, name);
    const folder = dirname(path);
    if (folder !== this.#path && !this.#created.has(folder)) {
      makeDirectory(folder, 0o700);
      this.#created.add(folder);
    }
    if (name.startsWith(`${ATTACHMENTS}/`)) this.#written.add(name.slice(ATTACHMENTS.length + 1));
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

  /** Copies content into a reusable buffer, because the caller reuses its own before the file is written. */
  #copy(content: string | Uint8Array): Buffer {
    const length = Buffer.byteLength(content);
    if (length > SPARE_BYTES) return Buffer.from(content);
    const spare = this.#spare.pop() ?? new ArrayBuffer(SPARE_BYTES);
    const bytes = Buffer.from(spare, 0, length);
    if (typeof content === "string") bytes.write(content);
    else bytes.set(content);
    return bytes;
  }

  /** Waits until at most `most` bytes are left to write. Throws if a file could not be written. */
  async settle(most = MAX_WAITING): Promise<void> {
    while (this.#waiting > most) await Promise.race(this.#writing);
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Puts all written files in place. Throws if a file could not be written; then none is put in place. */
  async commit(): Promise<void> {
    await Promise.all(this.#writing);
    await this.settle();
    for (let file = this.#staged.shift(); file !== undefined; file = this.#staged.shift()) file.commit();
  }

  /** Removes the files that were written but not put in place. */
  async discard(): Promise<void> {
    await Promise.all(this.#writing);
    for (const file of this.#staged.splice(0)) file.discard();
  }

  /** Whether the first pages and their search entries exist. */
  hasPages(count: PageCount): boolean {
    const found = { page: 0, index: 0 };
    for (const name of namesIn(this.#path)) {
      const page = readPageName(name);
      if (page !== null && !isBeyond(page, count)) found[page.kind]++;
    }
    const search = namesIn(this.#search).filter((name) => (readSearchName(name) ?? Infinity) <= count.pages);
    // The first page of the timeline has no number.
    return (
      found.page === count.pages && search.length === count.pages && found.index === Math.max(0, count.timeline - 1)
    );
  }

  /**
   * Removes pages beyond the last, attachments of prompts after `ordinal` that were not written, and temporary files of
   * processes that were killed.
   */
  sweep(count: PageCount, ordinal: number): void {
    for (const folder of [this.#path, this.#search, this.#attachments]) sweepTemporaries(folder);
    removeWhere(this.#path, (name) => {
      const page = readPageName(name);
      return page !== null && isBeyond(page, count);
    });
    removeWhere(this.#search, (name) => (readSearchName(name) ?? 0) > count.pages);
    removeWhere(this.#attachments, (name) => {
      const prompt = /^p(\d{1,9})-/.exec(name)?.[1];
      return prompt !== undefined && Number(prompt) > ordinal && !this.#written.has(name);
    });
  }
}

function removeWhere(folder: string, isObsolete: (name: string) => boolean): void {
  for (const name of namesIn(folder)) if (isObsolete(name)) removeFile(join(folder, name));
}

interface PageName {
  kind: "page" | "index";
  number: number;
}

function readPageName(name: string): PageName | null {
  const [, kind, number] = /^(page|index)-(\d{3,9})\.html$/.exec(name) ?? [];
  return kind === "page" || kind === "index" ? { kind, number: Number(number) } : null;
}

function isBeyond({ kind, number }: PageName, count: PageCount): boolean {
  return number > (kind === "page" ? count.pages : count.timeline);
}

function readSearchName(name: string): number | null {
  const number = /^(\d{3,9})\.js$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}
