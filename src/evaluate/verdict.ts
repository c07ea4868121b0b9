// What a model says about a run, and how its answer is checked.
import { z } from "zod";
import { redactDeep } from "../secrets/redact.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { stripUnseen } from "../system/unseen.ts";
import { jsonCandidates } from "./json-candidates.ts";

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

/** Reads a model's answer: strict JSON, or JSON that validates somewhere in prose or fences. */
export function parseVerdict(answer: string): ParsedVerdict {
  if (answer.trim() === "") return { ok: false, problem: "the answer is empty" };
  if (answer.length > LONGEST_ANSWER) return { ok: false, problem: "the answer is far too long" };
  let problem = "the answer holds no JSON object";
  for (const candidate of jsonCandidates(answer)) {
    const parsed = verdictSchema.safeParse(candidate);
    if (parsed.success) {
      const { value: verdict, count } = redactDeep(parsed.data);
      return { ok: true, verdict, redactions: count };
    }
    const [issue] = parsed.error.issues;
    problem = `the answer does not fit: ${issue?.path.join(".") || "answer"}: ${issue?.message ?? "invalid"}`;
  }
  return { ok: false, problem };
}

/** One line without terminal codes, characters that nobody sees, or a list marker. */
function toLine(text: string): string {
  return stripUnseen(stripTerminalCodes(text))
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
