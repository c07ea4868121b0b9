// Argument groups shared by commands, so that a flag means the same everywhere.
import { TOOLS } from "../agents/tools.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { defineArgs } from "./command.ts";

/** How much is said. */
export const verbosityArgs = defineArgs({
  verbose: { type: "boolean", alias: "v", description: "tell more of what happens" },
  quiet: { type: "boolean", alias: "q", description: "tell nothing but errors" },
});

/** How much is said, and in which form. */
export const outputArgs = defineArgs({
  json: { type: "boolean", description: "print the result as JSON" },
  ...verbosityArgs,
});

/** Which repository is meant, where it matters nothing else. */
export const placeArgs = defineArgs({
  "project-root": {
    type: "string",
    valueHint: "dir",
    description: "the repository that is meant; default: that of the current folder",
  },
});

/** Which run is meant. */
export const runArgs = defineArgs({
  tool: { type: "enum", options: [...TOOLS], required: true, description: "the agent that was run" },
  cwd: { type: "string", valueHint: "dir", description: "where the agent was started; default: here" },
  "project-root": {
    type: "string",
    valueHint: "dir",
    description: "the repository that was worked on; default: the git top level of `--cwd`, else `--cwd` itself",
  },
  start: { type: "string", valueHint: "time", description: "when the run began, ISO 8601" },
  end: { type: "string", valueHint: "time", description: "when the run ended, ISO 8601" },
  "session-id": { type: "string", valueHint: "id", description: "the tool's own id of the session" },
});

/** Whether and how a changelog entry is made. */
export const changelogArgs = defineArgs({
  changelog: {
    type: "boolean",
    description: "record a changelog entry; default: what the environment or a config file says",
    negativeDescription: "record none",
  },
  "changelog-actor": { type: "string", valueHint: "name", description: "who gets the credit" },
  "changelog-evaluator": {
    type: "enum",
    options: [...EVALUATOR_NAMES],
    description: "what writes the summary; `builtin` asks no model",
  },
  "changelog-model": { type: "string", valueHint: "model", description: "the model the evaluator uses" },
  "changelog-timeout": { type: "string", valueHint: "seconds", description: "how long the evaluator may take" },
});

/** How the pages of a session are made. Only a command line may say so: a repository's file never does. */
export const transcriptArgs = defineArgs({
  repo: {
    type: "string",
    valueHint: "owner/name",
    description: "where the repository lives on GitHub, or its address; default: what the log and `origin` say",
  },
  "no-redact": { type: "boolean", description: "leave secrets in the pages; entries never hold them" },
});

/** Polite to the model's provider, and to the person who works meanwhile. */
export const DEFAULT_CONCURRENCY = 2;

/** How runs that were found are recorded. */
export const workArgs = defineArgs({
  actor: { ...changelogArgs["changelog-actor"], alias: "changelog-actor" },
  evaluator: { ...changelogArgs["changelog-evaluator"], alias: "changelog-evaluator" },
  model: { ...changelogArgs["changelog-model"], alias: "changelog-model" },
  timeout: { ...changelogArgs["changelog-timeout"], alias: "changelog-timeout" },
  limit: { type: "string", valueHint: "n", description: "record at most so many runs" },
  "max-concurrency": {
    type: "string",
    valueHint: "n",
    description: `how many runs are evaluated at once; default: ${DEFAULT_CONCURRENCY}`,
  },
  "retry-failed": { type: "boolean", description: "try again what the evaluator failed at before" },
  "no-upgrade": { type: "boolean", description: "leave entries alone that no model saw" },
  "dry-run": { type: "boolean", description: "tell what would be done, and do nothing" },
  ...outputArgs,
});
