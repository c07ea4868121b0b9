// The builtin descriptions of recorded sessions, and recorded answers, pass the review unchanged.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Tool } from "../../../src/agents/tool.ts";
import { DigestCollector } from "../../../src/digest/collector.ts";
import { evaluateBuiltin } from "../../../src/evaluate/builtin/builtin.ts";
import { parseDescription } from "../../../src/evaluate/description.ts";
import { reviewDescription } from "../../../src/evaluate/review/review.ts";
import { EvidenceCollector } from "../../../src/evidence/collect.ts";
import { readEvents, readHead } from "../../../src/sessions/read.ts";
import { about, evidence as sample } from "../../digest/sample.ts";

const FIXTURES = resolve(import.meta.dir, "../../fixtures");
/** Not the repository of the sessions: all facts come from the logs. */
const ROOT = resolve(FIXTURES, "codex-evaluator");

const logs = (["codex", "claude"] as const).flatMap((tool) =>
  readdirSync(resolve(FIXTURES, tool), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl") && !basename(path).startsWith("agent-"))
    .map((path) => ({ tool, path: resolve(FIXTURES, tool, path) })),
);

async function read(log: { tool: Tool; path: string }) {
  const head = await readHead(log);
  const facts = new EvidenceCollector();
  const digest = new DigestCollector();
  await readEvents(log, { from: 0, to: statSync(log.path).size }, (event) => {
    facts.push(event);
    digest.push(event);
  });
  const window = { start: null, end: null };
  const evidence = await facts.finish({ head, root: ROOT, home: "/home/dev", window });
  return { evidence, digest: digest.build(evidence, about) };
}

test.each(logs.map((log) => [log.path.slice(FIXTURES.length + 1), log] as const))("%s", async (_name, log) => {
  const { evidence, digest } = await read(log);
  const own = evaluateBuiltin(evidence, about).description;
  if (own.bullets.length === 0) return;
  expect(reviewDescription(own, { digest, evidence, own })).toEqual({ ok: true, description: own });
});

test.each(["0.101.0-ok", "0.169.0-ok"])("the answer of codex %s", (name) => {
  const parsed = parseDescription(readFileSync(resolve(FIXTURES, "codex-evaluator", name, "last_message"), "utf8"));
  if (!parsed.ok) throw new Error(parsed.problem);
  const digest = new DigestCollector().build(sample(), about);
  const own = evaluateBuiltin(sample(), about).description;
  expect(reviewDescription(parsed.description, { digest, evidence: sample(), own })).toEqual({
    ok: true,
    description: parsed.description,
  });
});
