// Counts of what a parser found in a log.

/** What a parser found. Unknown record types are counted, never dropped silently. */
export interface ParseStats {
  records: number;
  /** Records that do not parse, with the byte offsets of the first few. */
  unparsable: number;
  unparsableAt: number[];
  /** Unknown record types and how often each occurs. */
  unknown: Record<string, number>;
}

const MAX_OFFSETS = 10;
/** A hostile log may invent a type for each of its records. */
const MAX_UNKNOWN = 100;

export class ParseStatsCounter {
  readonly stats: ParseStats = {
    records: 0,
    unparsable: 0,
    unparsableAt: [],
    // Names come from the log and may collide with properties of `Object.prototype`.
    unknown: Object.create(null),
  };

  countRecord(): void {
    this.stats.records += 1;
  }

  countUnparsable(offset: number): void {
    this.stats.unparsable += 1;
    if (this.stats.unparsableAt.length < MAX_OFFSETS) this.stats.unparsableAt.push(offset);
  }

  countUnknown(name: string, times = 1): void {
    const { unknown } = this.stats;
    const known = Object.hasOwn(unknown, name);
    const key = known || Object.keys(unknown).length < MAX_UNKNOWN ? name.slice(0, 100) : "other";
    unknown[key] = (unknown[key] ?? 0) + times;
  }

  /** Adds what was found in a subagent's log. Its byte offsets are omitted: they belong to another file. */
  addSubagent({ unparsable, unknown }: ParseStats): void {
    this.stats.unparsable += unparsable;
    for (const [name, times] of Object.entries(unknown)) this.countUnknown(name, times);
  }
}
