// Every kind of secret in every context, checked in everything that is written about a session: the digest for a model,
// the entry, the record of a failure, the pages and their search index.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failureRow, type RunToRecord, toEntry } from "../../src/changelog/build-rows.ts";
import type { RecordContext } from "../../src/changelog/record.ts";
import { DigestCollector } from "../../src/digest/collector.ts";
import type { SessionEvent } from "../../src/events/event.ts";
import { EvidenceCollector } from "../../src/evidence/collect.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { Transcript } from "../../src/transcript/transcript.ts";
import { command, edit, prompt, reply, tool } from "../digest/sample.ts";
import { sessionHead } from "../evidence/events.ts";
import { KINDS, PLACES, type SecretKind } from "./kinds.ts";
import { leftOver } from "./left-over.ts";

type Write = "digest" | "entry" | "failure" | "pages" | "search";

/** The event that contains a text. */
const EVENTS: Record<string, (text: string) => SessionEvent> = {
  prompt,
  command: (text) => command(text),
  output: (text) => command("make deploy", { output: text, outcome: "failed", exitCode: 1 }),
  diff: (text) => ({
    ...edit([]),
    ...{ changes: [{ type: "update", path: "/home/dev/shop/a.js", movedTo: null, diff: text }], error: text },
  }),
  URL: reply,
  JSON: (text) => tool("fetch", { input: JSON.parse(text), output: text, outcome: "failed" }),
};

const HEAD = sessionHead();
const home = realpathSync(mkdtempSync(join(tmpdir(), "ctx-writes-")));
const root = home;
afterAll(() => rmSync(home, { recursive: true }));
const ALL = Object.entries(KINDS);
/**
 * The parts of samples that are not secret but occur in other samples: the number in one URL occurs in the token of
 * another.
 */
const AROUND = ALL.map(([, { secret, written = "" }]) => written.replace(secret, "")).join("\n");
const left = (secret: string, text: string) => leftOver(secret, text, AROUND) !== null;

async function written(kinds: readonly SecretKind[], place: string, redacts = true): Promise<Record<Write, string>> {
  const texts = kinds.map(({ secret, written }) => PLACES[place]?.(written ?? secret) ?? "");
  const events = texts.map((text) => EVENTS[place]?.(text) ?? prompt(text));
  const secrets = new Redactor();
  const [collector, digest] = [new EvidenceCollector(), new DigestCollector()];
  for (const event of events) {
    secrets.learn(event);
    collector.push(event);
    digest.push(event);
  }
  const window = { start: null, end: null };
  const evidence = await collector.finish({ head: HEAD, root, home, window });
  const about = { tool: "codex" as const, label: "", project: "shop", ...window, priorPrompts: texts.slice(0, 3) };
  const log = { tool: "codex" as const, path: `${root}/log.jsonl` };
  const transcript = { indexHtml: null, sourceJsonl: null, sourceMatchJson: null };
  const run: RunToRecord = {
    runId: "8a3d1e1b0507d234",
    continuationOf: null,
    label: texts[0] ?? "",
    sessionDir: null,
    source: { log, head: HEAD, range: { from: 0, to: 1 }, window, root, home },
    facts: {
      evidence,
      digest,
      priorPrompts: [],
      secrets,
      ...window,
      parseStats: { records: 1, unparsable: 0, unparsableAt: [], unknown: {} },
    },
    transcript: Promise.resolve(transcript),
  };
  const context = { actor: "ada", evaluator: { name: "codex" }, now: () => new Date(0) } as RecordContext;
  const description = { summary: texts[0] ?? "", bullets: texts, tags: [], notes: texts[1] ?? null };
  const evaluator = { name: "codex" as const, model: null, version: null, digest: "full" as const };
  const evaluation = {
    description,
    redactions: 0,
    evaluator: { ...evaluator, input_tokens: null, output_tokens: null, duration_ms: 1 },
  };
  const failures = texts.map((text) =>
    failureRow(run, { class: "other", message: text, retryAt: null, stderrTail: text }, context),
  );
  const files = pagesOf(events, redacts);
  const isSearch = ([name]: [string, string]) => name.startsWith("search/");
  return {
    digest: JSON.stringify(digest.build(evidence, { ...about, secrets })),
    entry: JSON.stringify(toEntry(run, transcript, evaluation, context)),
    failure: JSON.stringify(failures),
    pages: files.filter((file) => !isSearch(file)).join("\n"),
    search: files.filter(isSearch).join("\n"),
  };
}

function pagesOf(events: readonly SessionEvent[], redacts: boolean): [string, string][] {
  const files: [string, string][] = [];
  const transcript = new Transcript(
    { head: HEAD, label: "Deploy", actor: "ada", links: null, redacts },
    ({ name, content }) => files.push([name, typeof content === "string" ? content : Buffer.from(content).toString()]),
  );
  for (const event of events) transcript.push(event);
  transcript.finish();
  return files;
}

describe("no part of a secret is written", () => {
  for (const place of Object.keys(PLACES)) {
    test(place, async () => {
      const writes = await written(
        ALL.map(([, kind]) => kind),
        place,
      );
      for (const [write, text] of Object.entries(writes)) {
        expect(text.length, write).toBeGreaterThan(0);
        const missed = ALL.filter(([, { secret }]) => left(secret, text)).map(([kind]) => kind);
        expect(missed, write).toEqual([]);
      }
    });
  }
});

test("without redaction the secrets are written", async () => {
  const { pages, search } = await written(
    ALL.map(([, kind]) => kind),
    "output",
    false,
  );
  const found = (text: string) => ALL.filter(([, { secret }]) => left(secret, text)).length;
  expect(found(pages)).toBe(ALL.length);
  expect(found(search)).toBeGreaterThan(ALL.length / 2);
});

test("a secret that is recognized late is redacted in earlier events", async () => {
  const secret = "hunter22-and-more";
  const secrets = new Redactor();
  const events = [reply(`it says ${secret}`), command(`export DB_PASSWORD=${secret}`)];
  for (const event of events) secrets.learn(event);
  const digest = new DigestCollector();
  const collector = new EvidenceCollector();
  for (const event of events) {
    digest.push(event);
    collector.push(event);
  }
  const window = { start: null, end: null };
  const evidence = await collector.finish({ head: HEAD, root, home, window });
  const about = { tool: "codex" as const, label: "", project: "shop", ...window, priorPrompts: [] };
  expect(leftOver(secret, JSON.stringify(digest.build(evidence, { ...about, secrets })))).toBeNull();
});
