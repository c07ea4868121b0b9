// How a digest is reduced, step by step, and its bounds for random digests.
import { describe, expect, test } from "bun:test";
import { shorten } from "../../src/digest/clean-text.ts";
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

describe("a digest that is too large", () => {
  const bare: Digest = {
    schema: "ctx-digest-1",
    about: { tool: "codex", label: "Fix cart", project: "shop", start: null, end: null },
    prior_prompts: [],
    timeline: [],
    facts: {
      touched_files: { created: [], modified: [], deleted: [], moved: [] },
      tests: [],
      commits: [],
      failed_commands: [],
      failed_edits: 0,
      models: [],
      commands: 0,
      edits: 0,
    },
    omitted: {},
    redactions: 0,
  };
  const BARE_BYTES = digestBytes(bare);
  /** The room that is kept for the counts of omitted items, and the size of one count. */
  const COUNTS = 400 + 20;
  const call = (n: number, size: number): DigestItem => ({ command: `${n} `.padEnd(size, "x"), outcome: "ok" });
  const CALL_BYTES = digestBytes(call(0, 1_000)) + 1;
  const calls = (count: number) => Array.from({ length: count }, (_, n) => call(n, 1_000));
  const numbers = ({ timeline }: Digest) => timeline.map((item) => Number.parseInt(firstText(item), 10));
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  /** A bound with room for this many calls. */
  const roomFor = (count: number) => BARE_BYTES + COUNTS + count * CALL_BYTES;

  test("loses its oldest calls between the first 4 and the last 12, and no more than it must", () => {
    const full = { ...bare, timeline: calls(100) };
    expect(numbers(fitDigest(full, roomFor(30)))).toEqual([...range(0, 4), ...range(74, 100)]);
    expect(numbers(fitDigest(full, roomFor(30) - 50))).toEqual([...range(0, 4), ...range(75, 100)]);
    expect(numbers(fitDigest(full, roomFor(16)))).toEqual([...range(0, 4), ...range(88, 100)]);
    expect(fitDigest(full, roomFor(30)).omitted).toEqual({ calls: 70 });
    expect(fitDigest(full, digestBytes(full))).toBe(full);
  });

  test("then loses items up to the first and the last 3", () => {
    const full = { ...bare, timeline: calls(100) };
    expect(numbers(fitDigest(full, roomFor(15)))).toEqual([0, 2, 3, ...range(88, 100)]);
    expect(numbers(fitDigest(full, roomFor(4)))).toEqual([0, 97, 98, 99]);
  });

  test("then has its texts shortened to 300 characters, and edits to 3 paths", () => {
    const item: DigestItem = { edit: range(0, 10).map((n) => `${n}`.padEnd(350, "x")), more_paths: 2, outcome: "ok" };
    const label = "y".repeat(350);
    const about = { ...bare.about, label, project: label };
    const full = { ...bare, about, prior_prompts: ["why"], timeline: [...calls(100), item] };
    const fitted = fitDigest(full, roomFor(3) + 3_000);
    expect(numbers(fitted)).toEqual([0, 98, 99, 0]);
    expect(fitted.timeline[0]).toEqual({ command: shorten(`0 `.padEnd(1_000, "x"), 300), outcome: "ok" });
    expect(fitted.timeline.at(-1)).toEqual({
      edit: item.edit.slice(0, 3).map((path) => shorten(path, 300)),
      more_paths: 9,
      outcome: "ok",
    });
    expect(fitted.about).toMatchObject({ label: shorten(label, 300), project: shorten(label, 300) });
    expect(fitted.prior_prompts).toEqual([]);
    expect(fitted.omitted).toEqual({ calls: 97, prior_prompts: 1 });
  });

  test("and at last keeps the first and the last item, shortened to 40 characters", () => {
    // Six bytes a character.
    const timeline = range(0, 10).map((n): DigestItem => ({ command: `${n}`.padEnd(1_000, "<"), outcome: "ok" }));
    const fitted = fitDigest({ ...bare, timeline }, 4_000);
    expect(fitted.timeline).toEqual(
      ["0", "9"].map((n) => ({ command: shorten(shorten(n.padEnd(1_000, "<"), 300), 40), outcome: "ok" })),
    );
  });

  test("keeps 60, 20, 5 or none of each list of facts", () => {
    const created = range(0, 200).map((n) => `${n}`.padEnd(98, "x"));
    const full = { ...bare, facts: { ...bare.facts, touched_files: { ...bare.facts.touched_files, created } } };
    const keptIn = (count: number) => {
      const { facts, omitted } = fitDigest(full, BARE_BYTES + COUNTS + count * 101);
      const kept = facts.touched_files.created.map((path) => Number.parseInt(path, 10));
      expect(omitted.touched_files).toBe(200 - kept.length);
      return kept;
    };
    expect(keptIn(60)).toEqual([...range(0, 30), ...range(170, 200)]);
    expect(keptIn(59)).toEqual([...range(0, 10), ...range(190, 200)]);
    expect(keptIn(19)).toEqual([0, 1, 2, 198, 199]);
    expect(keptIn(4)).toEqual([]);
  });

  test("loses calls before replies, edits, failures and prompts, in this order", () => {
    const order = ["calls", "replies", "edits", "failures", "prompts"];
    const text = "x".repeat(1_000);
    const kinds: DigestItem[] = [
      { prompt: text },
      { reply: text },
      { edit: [text], outcome: "ok" },
      { edit: [text], outcome: "failed" },
      { command: text, outcome: "interrupted" },
      { notice: text },
      { search: text },
      { tool: text, outcome: "refused" },
    ];
    const count = (kind: string) => ({ calls: 40, failures: 60 })[kind] ?? 20;
    const timeline = [...range(0, 4).map(() => ({ search: "x" })), ...range(0, 20).flatMap(() => kinds)].concat(
      range(0, 12).map(() => ({ search: "x" })),
    );
    for (let bound = 160_000; bound > 10_000; bound -= 5_000) {
      const { omitted } = fitDigest({ ...bare, timeline }, bound);
      const last = order.findLastIndex((kind) => omitted[kind] !== undefined);
      for (const kind of order.slice(0, last)) expect(omitted[kind]).toBe(count(kind));
    }
  });
});
