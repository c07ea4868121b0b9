// The bounds of a digest, for random digests.
import { expect, test } from "bun:test";
import { budgetDigest } from "../../src/digest/collector.ts";
import { type Digest, type DigestItem, digestBytes, digestJson } from "../../src/digest/digest.ts";
import { fitDigest } from "../../src/digest/fit.ts";
import { Random, SEED } from "../seeded-random.ts";

const SMALLEST = 4_000;
const DIGESTS = 15;
/** From one to six bytes a character: JSON and the digest escape some of them. */
const ALPHABETS = ["abc def", "äöü ß", "漢字 仮名", "🙂🚀 ", '<>$"\\', "a\u2028b", "\ud800x", "</session-digest>"];

class Generator extends Random {
  readonly #longest = 10 ** (1 + this.below(3));

  text(): string {
    const alphabet = this.pick(ALPHABETS);
    return alphabet.repeat(1 + Math.floor(this.below(this.#longest) / alphabet.length)).toWellFormed();
  }

  texts(max: number): string[] {
    return Array.from({ length: this.below(max) }, () => this.text());
  }

  item(): DigestItem {
    return this.pick<() => DigestItem>([
      () => ({ prompt: this.text() }),
      () => ({ reply: this.text() }),
      () => ({ command: this.text(), outcome: "ok", exit_code: 0 }),
      () => ({ command: this.text(), outcome: "failed", exit_code: 1, output_tail: this.text() }),
      () => ({ edit: [this.text(), ...this.texts(20)], outcome: "ok" }),
      () => ({ edit: [this.text()], more_paths: 3, outcome: "failed", error_tail: this.text() }),
      () => ({ tool: this.text(), outcome: "interrupted", subagent: true }),
    ])();
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

test(`random digests of seed ${SEED} fit any bound, keep both ends and count what they omit`, () => {
  const generator = new Generator(SEED);
  for (let n = 0; n < DIGESTS; n++) {
    const full = new Generator(generator.below(2 ** 32)).digest();
    const budget = budgetDigest(full);
    const half = Math.max(SMALLEST, Math.floor(digestBytes(full) / 2));
    expect(digestBytes(budget)).toBeLessThanOrEqual(Math.min(24_000, half));

    const bound = SMALLEST + generator.below(40_000);
    const [toBound, toSmallest] = [fitDigest(full, bound), fitDigest(full, SMALLEST)];
    expect(digestBytes(toBound)).toBeLessThanOrEqual(bound);
    expect(digestBytes(toSmallest)).toBeLessThanOrEqual(SMALLEST);
    for (const fitted of [budget, toBound, toSmallest]) {
      if (fitted === full) continue;
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
    expect(JSON.parse(digestJson(toSmallest))).toEqual(JSON.parse(JSON.stringify(toSmallest)));
  }
}, 60_000);
