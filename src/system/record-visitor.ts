// What a scan of a JSONL file calls for its records.

/** How many bytes of a record `wants` receives: enough to recognize the record's type. */
export const HEAD_BYTES = 512;

/** Receives the records. Bytes are without the LF, and only valid during the call. */
export interface RecordVisitor {
  /**
   * Whether the record is needed. `head` is its first bytes decoded as Latin-1, which is fastest and keeps ASCII.
   * Records that are not needed are skipped without buffering.
   */
  wants?(head: string, offset: number): boolean;
  /** The length of the head, if fewer bytes than `HEAD_BYTES` are enough. */
  readonly headBytes?: number;
  /**
   * Returns whether the bytes are a record. If they are not, the line is damaged, and the whole records in it are passed
   * one by one, all with the offset and the end of the line. Of a very long record, long strings come without their
   * middle, and long lists without their end.
   */
  record(bytes: Buffer, offset: number, end: number): boolean;
  /** What records begin with, and what hardly occurs elsewhere: with it, whole records are found in any damaged line. */
  readonly opening?: string;
  /** Called after the records of a damaged line, if something in it is not part of a whole record. */
  damaged?(offset: number): void;
  /** Called after each chunk; the scan continues when the promise resolves. */
  drain?(): Promise<void>;
}
