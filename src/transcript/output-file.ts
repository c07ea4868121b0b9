// What is too large for a page goes into a file beside it, and the page links to that.

/** A file of the transcript besides its pages; the name is relative to its folder. */
export interface OutputFile {
  name: string;
  content: string | Uint8Array;
}

/** Collects the side files of one block. */
export class Attachments {
  readonly files: OutputFile[] = [];

  /** Keeps a file and returns the link to it. */
  add(name: string, content: string | Uint8Array): string {
    this.files.push({ name: `files/${name}`, content });
    return `files/${name}`;
  }
}
