// The bounds of a digest, over many digests that no test would think of.
import { describe, expect, test } from "bun:test";
import { budgetDigest } from "../../src/digest/collector.ts";
import { type Digest, type DigestItem, digestBytes, digestJson } from "../../src/digest/digest.ts";
import { fitDigest } from "../../src/digest/fit.ts";

const SMALLEST = 4_000;
/** Two bytes and more for each, up to six where JSON or the digest escapes it. */
const ALPHABETS = ["abc def", "äöü ß", "漢字 仮名", "🙂🚀 ", '<>$"\\', "a\u2028b", "\ud800x", "</session-digest>"];

/** The same digests on every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Generator {
  readonly #next: () => number;
  readonly #longest: number;

  constructor(seed: number) {
    this.#next = random(seed);
    this.#longest = 10 ** (1 + this.below(3));
  }

  below(max: number): number {
    return Math.floor(this.#next() * max);
  }

  text(): string {
    const alphabet = ALPHABETS[this.below(ALPHABETS.length)] ?? "";
    return alphabet.repeat(1 + Math.floor(this.below(this.#longest) / alphabet.length)).toWellFormed();
  }

  texts(most: number): string[] {
    return Array.from({ length: this.below(most) }, () => this.text());
  }

  item(): DigestItem {
    const items: (() => DigestItem)[] = [
      () => ({ prompt: this.text() }),
      () => ({ reply: this.text() }),
      () => ({ command: this.text(), outcome: "ok", exit_code: 0 }),
      () => ({ command: this.text(), outcome: "failed", exit_code: 1, output_tail: this.text() }),
      () => ({ edit: [this.text(), ...this.texts(20)], outcome: "ok" }),
      () => ({ edit: [this.text()], more_paths: 3, outcome: "failed", error_tail: this.text() }),
      () => ({ tool: this.text(), outcome: "interrupted", subagent: true }),
    ];
    return items[this.below(items.length)]?.() ?? { notice: "" };
  }

  digest(): Digest {
    const timeline = Array.from({ length: 1 + this.below(10 ** (1 + this.below(2))) }, () => this.item());
    return {
      schema: "ctx-digest-1",
      about: { tool: "codex", label: this.name(), project: this.name(), start: null, end: null },
      prior_prompts: this.texts(4),
      timeline,
      facts: {
        touched_files: {
          created: this.texts(40),
          modified: this.texts(20),
          deleted: this.texts(3),
          moved: this.texts(40).map((from) => ({ from, to: from })),
        },
        tests: this.texts(20).map((cmd) => ({ cmd, result: "pass" as const })),
        commits: this.texts(20).map((message) => ({ hash: "b56f337", message })),
        failed_commands: this.texts(20).map((source) => ({ command: source, exit_code: 1 })),
        failed_edits: this.below(9),
        models: this.texts(3),
        commands: this.below(1_000),
        edits: this.below(1_000),
      },
      omitted: {},
      redactions: this.below(1_000),
    };
  }

  name(): string {
    return this.text().slice(0, 200).toWellFormed();
  }
}

const KINDS = ["prompts", "replies", "failures", "edits", "calls"];
const items = ({ timeline, omitted }: Digest) =>
  timeline.length + KINDS.reduce((sum, kind) => sum + (omitted[kind] ?? 0), 0);
const files = ({ facts, omitted }: Digest) =>
  Object.values(facts.touched_files).flat().length + (omitted.touched_files ?? 0);
const firstText = (item: DigestItem | undefined) => String(Object.values(item ?? {}).flat()[0]);
const kind = (item: DigestItem | undefined) => Object.keys(item ?? {})[0];

function isSuccessfulCall(item: DigestItem): boolean {
  return ("command" in item || "tool" in item) && item.outcome === "ok";
}

describe.each([1, 2, 3])("40 digests from seed %d", (seed) => {
  test("stay within any bound, keep both ends, and say what they left out", () => {
    let shortened = 0;
    for (let n = 0; n < 40; n++) {
      const generator = new Generator(seed * 1_000 + n);
      const full = generator.digest();
      const budget = budgetDigest(full);
      const half = Math.max(SMALLEST, Math.floor(digestBytes(full) / 2));
      expect(digestBytes(budget)).toBeLessThanOrEqual(Math.min(24_000, half));

      const bound = SMALLEST + generator.below(40_000);
      for (const fitted of [budget, fitDigest(full, bound), fitDigest(full, SMALLEST)]) {
        if (fitted === full) continue;
        shortened++;
        expect(JSON.parse(digestJson(fitted))).toEqual(JSON.parse(JSON.stringify(fitted)));
        expect(items(fitted)).toBe(items(full));
        expect(files(fitted)).toBe(files(full));
        for (const end of [0, -1]) {
          const [kept, was] = [fitted.timeline.at(end), full.timeline.at(end)];
          expect(kind(kept)).toBe(kind(was));
          expect(firstText(was)).toStartWith(firstText(kept).slice(0, 10));
        }
        if (fitted.omitted.prompts !== full.omitted.prompts) {
          expect(fitted.timeline.slice(4, -12).filter(isSuccessfulCall)).toEqual([]);
        }
      }
      expect(digestBytes(fitDigest(full, bound))).toBeLessThanOrEqual(bound);
      expect(digestBytes(fitDigest(full, SMALLEST))).toBeLessThanOrEqual(SMALLEST);
    }
    expect(shortened).toBeGreaterThan(60);
  });
});
