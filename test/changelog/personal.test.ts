// Personal data in every text of a row is removed: home paths, addresses and host names.
import { expect, test } from "bun:test";
import { hostname } from "node:os";
import { failureRow, type RunToRecord, toEntry } from "../../src/changelog/build-rows.ts";
import type { Entry } from "../../src/changelog/entry.ts";
import { fitEntry } from "../../src/changelog/entry.ts";
import type { RecordContext } from "../../src/changelog/record.ts";
import { DigestCollector } from "../../src/digest/collector.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { scrubPaths } from "../../src/secrets/scrub-paths.ts";
import { evidence } from "../digest/sample.ts";
import { sessionHead } from "../evidence/events.ts";

const HOME = "/home/zelda";
const ROOT = `${HOME}/code/shop`;
/** A text of a log, and the part that must be removed. */
const PERSONAL: Record<string, [text: string, removed: string]> = {
  "the home folder": [`${HOME}/notes.md`, "zelda"],
  "the project, absolute": [`${ROOT}/src/cart.js`, "zelda"],
  "another home on Linux": ["/home/bob/x.md", "bob"],
  "a home on a Mac": ["/Users/alice/x.md", "alice"],
  "a home with other letters": ["/home/josé/x.md", "josé"],
  "a home on Windows": ["C:\\Users\\carol\\x.md", "carol"],
  "a home on Windows with a space": ["C:\\Users\\Carol Danvers\\x.md", "Danvers"],
  "a home in a subsystem": ["\\\\wsl$\\Ubuntu\\home\\dave\\x.md", "dave"],
  "a home seen from a subsystem": ["/mnt/c/Users/erin/x.md", "erin"],
  "the home of a named user": ["~frank/x.md", "frank"],
  "a home as the name of a folder": ["~/.claude/projects/-home-grace-shop/x.md", "grace"],
  "a mounted disk": ["/run/media/heidi/disk/x.md", "heidi"],
  "an address": ["ivan@corp.example", "ivan"],
  "a prompt": ["judy@notebook:~/shop", "judy"],
  "a login": ["ssh mallory@10.0.0.5", "mallory"],
};

/** A run with this text in every place that a log, a model or a person can write. */
function rowsFor(text: string) {
  const run: RunToRecord = {
    ...{ runId: "8a3d1e1b0507d234", continuationOf: null, label: text, sessionDir: `${ROOT}/.codex/sessions/x` },
    source: {
      ...{
        log: { tool: "claude", path: `${HOME}/.claude/projects/-home-zelda-code-shop/a.jsonl` },
        head: sessionHead(),
      },
      ...{ range: { from: 0, to: 1 }, window: { start: null, end: null }, root: ROOT, home: HOME },
    },
    facts: {
      evidence: evidence({
        touchedFiles: { created: [text], modified: [text], deleted: [text], moved: [{ from: text, to: text }] },
        tests: [{ cmd: `npm test ${text}`, result: "pass" }],
        commits: [{ hash: "b56f337", message: text }],
      }),
      ...{ digest: new DigestCollector(), priorPrompts: [], secrets: new Redactor(), start: null, end: null },
      parseStats: { records: 1, unparsable: 0, unparsableAt: [], unknown: {} },
    },
    transcript: Promise.resolve({ indexHtml: null, sourceJsonl: null, sourceMatchJson: null }),
  };
  const context = { actor: "ada", evaluator: { name: "codex" }, now: () => new Date(0) } as RecordContext;
  const entry: Entry = toEntry(
    run,
    { indexHtml: `${ROOT}/.codex/sessions/x/index.html`, sourceJsonl: null, sourceMatchJson: null },
    {
      description: {
        summary: `Read ${text}`,
        bullets: [`Read "${text}".`, `(${text})`],
        tags: [],
        notes: `See ${text}`,
      },
      redactions: 0,
      evaluator: {
        ...{ name: "codex", model: null, version: null, digest: "full", input_tokens: null, output_tokens: null },
        duration_ms: 1,
      },
    },
    context,
  );
  const failure = { class: "other", message: `no ${text}`, retryAt: null, stderrTail: `at ${text}\n${text}` } as const;
  return JSON.stringify([fitEntry(entry), failureRow(run, failure, context)]);
}

for (const [name, [text, gone]] of Object.entries(PERSONAL)) {
  test(`${name} is removed from rows`, () => {
    const rows = rowsFor(text);
    for (const one of [gone, HOME, "zelda"]) expect(rows).not.toContain(one);
  });
}

test("the host name is removed from rows, except in file names of the project", () => {
  const name = hostname();
  // Short names and common words stay, so that the text is readable.
  if (scrubPaths(name, { host: name }) === name) return;
  expect(rowsFor(`/srv/${name}/x on ${name}`)).not.toContain(name);
  expect(rowsFor(`src/${name}.ts`).match(new RegExp(`"src/${name}\\.ts"`, "g"))?.length).toBe(5);
});
