// The description of a run: the texts and tags that an evaluator writes for its entry. Parses it from a model's answer.
import { z } from "zod";
import { redactDeep } from "../secrets/redact.ts";
import { stripInvisible } from "../system/invisible-chars.ts";
import { parseJson } from "../system/json.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { CLAIM_KINDS, type Declaration } from "./declared-claims.ts";

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

export interface Description {
  summary: string;
  bullets: string[];
  tags: Tag[];
  notes: string | null;
  /** What the model declares about each bullet; null for a bullet without a declaration. Never stored. */
  declared?: (Declaration | null)[];
}

/** What the model is asked for. The prompt states the length limits: not every provider supports them in a schema. */
const answerSchema = z.strictObject({
  summary: z.string().describe("One line: what this run achieved."),
  bullets: z
    .array(
      z.strictObject({
        text: z.string().describe("A complete sentence: what changed and why."),
        facts: z.array(z.string()).describe("The ids of the facts that it rests on."),
        claims: z.array(z.enum(CLAIM_KINDS)).describe("The kinds of outcome that it claims; usually none."),
      }),
    )
    .describe("What changed and why, in order of importance."),
  tags: z.array(z.enum(TAGS)).describe("The types of conventional commits that fit the work."),
  notes: z.string().nullable().describe("What the next engineer must know; null if there is nothing."),
});

/** The JSON schema of the answer. Every property is required, as `codex exec --output-schema` demands. */
export function answerJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(answerSchema);
  return schema;
}

const line = (max: number) => z.string().transform(toLine).pipe(z.string().min(1).max(max));

const text = line(800);
/** A bullet with a declaration, or a sentence alone. */
const bulletSchema = z.union([
  text.transform((sentence) => ({ text: sentence, declaration: null })),
  z
    .object({
      text,
      facts: z.array(z.string().max(40)).max(200).catch([]),
      claims: z.array(z.string().max(40)).max(60).catch([]),
    })
    .transform(({ text: sentence, facts, claims }) => {
      const known = CLAIM_KINDS.filter((kind) => claims.includes(kind));
      return { text: sentence, declaration: { facts, claims: known } };
    }),
]);

/** The accepted answer. Longer texts are rejected; unknown tags and fields are ignored. */
const descriptionSchema = z
  .object({
    summary: line(400),
    bullets: z.array(bulletSchema).min(1).max(20),
    tags: z.array(z.string().max(40)).max(30).transform(knownTags),
    notes: z
      .string()
      .max(2_000)
      .nullable()
      .transform((notes) => (notes === null ? null : toLine(notes) || null)),
  })
  .transform(({ bullets, ...rest }): Description => {
    const declared = bullets.map(({ declaration }) => declaration);
    const texts = { ...rest, bullets: bullets.map((bullet) => bullet.text) };
    return declared.every((one) => one === null) ? texts : { ...texts, declared };
  });

const MAX_ANSWER_LENGTH = 200_000;
/** Each attempt to parse a JSON object scans the rest of the answer. */
const MAX_CANDIDATES = 50;

export type ParsedDescription =
  | { ok: true; description: Description; redactions: number }
  | { ok: false; problem: string };

/** Parses a model's answer: JSON, or the first valid JSON object in prose or a code fence. */
export function parseDescription(answer: string): ParsedDescription {
  if (answer.trim() === "") return { ok: false, problem: "the answer is empty" };
  if (answer.length > MAX_ANSWER_LENGTH) return { ok: false, problem: "the answer is too long" };
  let problem = "the answer contains no JSON object";
  for (const candidate of jsonCandidates(answer)) {
    const parsed = descriptionSchema.safeParse(candidate);
    if (parsed.success) {
      const { value: description, count } = redactDeep(parsed.data);
      return { ok: true, description, redactions: count };
    }
    const [issue] = parsed.error.issues;
    problem = `the answer does not match the schema: ${issue?.path.join(".") || "answer"}: ${issue?.message ?? "invalid"}`;
  }
  return { ok: false, problem };
}

/** The answer itself if it is JSON, else each object in it that parses, in order, outermost first. */
function* jsonCandidates(answer: string): Generator<unknown> {
  const whole = parseJson(answer);
  if (whole !== undefined) {
    yield whole;
    return;
  }
  let from = answer.indexOf("{");
  for (let tries = 0; from !== -1 && tries < MAX_CANDIDATES; tries++) {
    const end = objectEnd(answer, from);
    const found = end === null ? undefined : parseJson(answer.slice(from, end));
    if (found !== undefined) yield found;
    from = answer.indexOf("{", found === undefined || end === null ? from + 1 : end);
  }
}

/** Where the object that starts at `from` ends; null if it is not closed. */
function objectEnd(text: string, from: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return null;
}

/** One line without terminal codes, invisible characters and a list marker. */
function toLine(text: string): string {
  return stripInvisible(stripTerminalCodes(text))
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
