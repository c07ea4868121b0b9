// What a parser met in a log, as counts.

/** What a reader met on its way; unknown types are counted, never dropped in silence. */
export interface Tally {
  records: number;
  /** Records that do not parse, with the byte offset of the first few. */
  unparsable: number;
  unparsableAt: number[];
  /** Unknown record types and how often each was met. */
  unknown: Record<string, number>;
}

const MAX_OFFSETS = 10;
/** A hostile log may invent a type for each of its records. */
const MAX_UNKNOWN = 100;

/** Counts what a parser meets. */
export class TallyKeeper {
  readonly tally: Tally = {
    ...{ records: 0, unparsable: 0, unparsableAt: [] },
    // Names come from a log, and may be those of what every other object has.
    unknown: Object.create(null),
  };

  met(): void {
    this.tally.records += 1;
  }

  unparsable(offset: number): void {
    this.tally.unparsable += 1;
    if (this.tally.unparsableAt.length < MAX_OFFSETS) this.tally.unparsableAt.push(offset);
  }

  unknown(name: string, times = 1): void {
    const { unknown } = this.tally;
    const known = Object.hasOwn(unknown, name);
    const key = known || Object.keys(unknown).length < MAX_UNKNOWN ? name.slice(0, 100) : "other";
    unknown[key] = (unknown[key] ?? 0) + times;
  }

  /** Takes over what was met in the log of a subagent: its positions are none of this one. */
  add({ unparsable, unknown }: Tally): void {
    this.tally.unparsable += unparsable;
    for (const [name, times] of Object.entries(unknown)) this.unknown(name, times);
  }
}
