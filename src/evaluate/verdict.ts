// What a model says about a run, and how its answer is checked.
import { z } from "zod";
import { redactDeep } from "../secrets/redact.ts";
import { jsonCandidates } from "./json-candidates.ts";
import { promptRepetition } from "./repetition.ts";

/** The types of conventional commits. */
export const TAGS = [
  "feat",
  "fix",
  "docs",
  "refactor",
  "test",
  "chore",
  "perf",
  "build",
  "ci",
  "style",
  "revert",
] as const;
export type Tag = (typeof TAGS)[number];

export interface Verdict {
  summary: string;
  bullets: string[];
  tags: Tag[];
  notes: string | null;
}

/** What the model is asked for. Lengths are left to the prompt: not every provider knows them in a schema. */
const answerSchema = z.strictObject({
  summary: z.string().describe("One line: what this run achieved."),
  bullets: z.array(z.string()).describe("Complete sentences: what changed and why."),
  tags: z.array(z.enum(TAGS)).describe("Which types of conventional commits the work amounts to."),
  notes: z.string().nullable().describe("What the next person must know; null when there is nothing."),
});

/** The answer's JSON schema, as `codex exec --output-schema` wants it: every property required. */
export function answerJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(answerSchema);
  return schema;
}

const line = (max: number) => z.string().transform(toLine).pipe(z.string().min(1).max(max));

/** What is taken: more than was asked for is cut or refused, never stored. */
const verdictSchema = z.object({
  summary: line(400),
  bullets: z.array(line(800)).min(1).max(20),
  tags: z.array(z.string().max(40)).max(30).transform(knownTags),
  notes: z
    .string()
    .max(2_000)
    .nullable()
    .transform((notes) => (notes === null ? null : toLine(notes) || null)),
});

const LONGEST_ANSWER = 200_000;

export type ParsedVerdict = { ok: true; verdict: Verdict; redactions: number } | { ok: false; problem: string };

/**
 * Reads a model's answer: strict JSON, or JSON that validates somewhere in prose or fences. An answer that repeats
 * a prompt word for word is refused.
 */
export function parseVerdict(answer: string, prompts: readonly string[]): ParsedVerdict {
  if (answer.trim() === "") return { ok: false, problem: "the answer is empty" };
  if (answer.length > LONGEST_ANSWER) return { ok: false, problem: "the answer is far too long" };
  let problem = "the answer holds no JSON object";
  for (const candidate of jsonCandidates(answer)) {
    const parsed = verdictSchema.safeParse(candidate);
    if (parsed.success) return checkRepetition(parsed.data, prompts);
    const [issue] = parsed.error.issues;
    problem = `the answer does not fit: ${issue?.path.join(".") || "answer"}: ${issue?.message ?? "invalid"}`;
  }
  return { ok: false, problem };
}

function checkRepetition(found: Verdict, prompts: readonly string[]): ParsedVerdict {
  const { value: verdict, count } = redactDeep(found);
  const texts = [verdict.summary, ...verdict.bullets, verdict.notes ?? ""];
  if (texts.some(promptRepetition(prompts))) {
    return { ok: false, problem: "the answer repeats a prompt word for word" };
  }
  return { ok: true, verdict, redactions: count };
}

/** One line without control characters, invisible direction marks or a list marker. */
function toLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .replace(/^\s*(?:[-*•]\s+)?/, "")
    .trim()
    .toWellFormed();
}

function knownTags(tags: string[]): Tag[] {
  const given = new Set(tags.map((tag) => tag.trim().toLowerCase()));
  return TAGS.filter((tag) => given.has(tag));
}
