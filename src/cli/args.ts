// Flags as citty declares them, in groups that commands share, so that a flag means the same everywhere.
import type { ArgDef } from "citty";
import { TOOLS } from "../agents/registry.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";

/** An argument as citty declares it. With `multiple` it may be given several times, and its value is a list. */
export type Arg = ArgDef & { multiple?: true };
export type Args = Record<string, Arg>;

type ValueOf<A extends Arg> = A extends { multiple: true }
  ? string[]
  : A extends { type: "boolean" }
    ? boolean
    : A extends { type: "enum"; options: readonly (infer Option)[] }
      ? Option
      : string;

type GivenNames<A extends Args> = {
  [Name in keyof A]: A[Name] extends { required: true } | { multiple: true } ? Name : never;
}[keyof A];

/** The values of declared arguments. citty's own type accepts undeclared names and omits `undefined`. */
export type Values<A extends Args> = { [Name in GivenNames<A>]: ValueOf<A[Name]> } & {
  [Name in Exclude<keyof A, GivenNames<A>>]?: ValueOf<A[Name]> | undefined;
};

/** Keeps the types of declared arguments as narrow as they are written. */
export function defineArgs<const A extends Args>(args: A): A {
  return args;
}

const verbosityArgs = defineArgs({
  verbose: { type: "boolean", alias: "v", description: "print more details" },
  quiet: { type: "boolean", alias: "q", description: "print errors only" },
});

export const outputArgs = defineArgs({
  json: { type: "boolean", description: "print the result as JSON" },
  ...verbosityArgs,
});

export const repositoryArgs = defineArgs({
  "project-root": {
    type: "string",
    valueHint: "DIR",
    description: "repository to use; default: that of the current folder",
  },
});

/** Which run to export. */
export const runArgs = defineArgs({
  tool: { type: "enum", options: [...TOOLS], required: true, description: "tool that ran" },
  cwd: { type: "string", valueHint: "DIR", description: "folder in which the tool ran; default: the current folder" },
  "project-root": {
    type: "string",
    valueHint: "DIR",
    description: "repository to use; default: that of `--cwd`",
  },
  start: { type: "string", valueHint: "TIME", description: "start of the run, ISO 8601" },
  end: { type: "string", valueHint: "TIME", description: "end of the run, ISO 8601" },
  "session-id": { type: "string", valueHint: "ID", description: "id of the session" },
});

export const changelogArgs = defineArgs({
  changelog: {
    type: "boolean",
    description: "record a changelog entry; default: as configured",
    negativeDescription: "record no changelog entry",
  },
  "changelog-actor": { type: "string", valueHint: "NAME", description: "author of the entry" },
  "changelog-evaluator": {
    type: "enum",
    options: [...EVALUATOR_NAMES],
    description: "program that writes the summary; `builtin` uses no model",
  },
  "changelog-model": { type: "string", valueHint: "MODEL", description: "model of the evaluator" },
  "changelog-timeout": {
    type: "string",
    valueHint: "SECONDS",
    description: "stop the evaluator after SECONDS",
  },
});

/** How pages are rendered. Only a command line may set these flags: a repository's configuration never does. */
export const transcriptArgs = defineArgs({
  repo: {
    type: "string",
    valueHint: "OWNER/NAME",
    description:
      "repository to which links in the pages point: OWNER/NAME on GitHub, or its URL; default: taken from the log and `origin`",
  },
  redact: {
    type: "boolean",
    negativeDescription: "keep secrets in the pages; changelog entries never contain any",
  },
});

/** What the wrapper accepts before the flag that names the tool. */
export const wrapperArgs = defineArgs({
  label: { type: "positional", required: false, description: "what the run is about; default: the first prompt" },
  ...transcriptArgs,
  ...changelogArgs,
  ...verbosityArgs,
});

/** Few enough for the rate limits of a model's provider and for other work on the machine. */
export const DEFAULT_CONCURRENCY = 2;

/** How `changelog backfill` and `changelog sync` record the runs they find. */
export const batchArgs = defineArgs({
  actor: { ...changelogArgs["changelog-actor"], alias: "changelog-actor" },
  evaluator: { ...changelogArgs["changelog-evaluator"], alias: "changelog-evaluator" },
  model: { ...changelogArgs["changelog-model"], alias: "changelog-model" },
  timeout: { ...changelogArgs["changelog-timeout"], alias: "changelog-timeout" },
  limit: { type: "string", valueHint: "N", description: "record at most N runs" },
  "max-concurrency": {
    type: "string",
    valueHint: "N",
    description: `evaluate N runs at a time; default: ${DEFAULT_CONCURRENCY}`,
  },
  "retry-failed": { type: "boolean", description: "retry runs whose evaluation failed before" },
  upgrade: {
    type: "boolean",
    negativeDescription: "do not re-evaluate runs whose entries were written without a model",
  },
  "dry-run": { type: "boolean", description: "print what would be done, without doing it" },
  ...outputArgs,
});
