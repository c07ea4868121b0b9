/** A file of the transcript. `name` is a path relative to the transcript's folder. */
export interface TranscriptFile {
  name: string;
  content: string | Uint8Array;
}

/** Collects the files that one block links to because they are too large for its page. */
export class Attachments {
  readonly files: TranscriptFile[] = [];

  /** Adds a file and returns its link. */
  add(name: string, content: string | Uint8Array): string {
    this.files.push({ name: `files/${name}`, content });
    return `files/${name}`;
  }
}
