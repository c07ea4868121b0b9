// Reads a configuration file: its settings, each with the line it is on.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { TOOLS } from "../agents/registry.ts";
import { commandSetting, commandVariable } from "../agents/tool.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";

const MAX_BYTES = 64 * 1024;

const text = z.string().max(1000);

const secretRule = z.strictObject({
  kind: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      "`kind` must consist of lowercase letters, digits and hyphens, and begin with a letter",
    ),
  pattern: text,
});

/** A setting: its keys in a file (the first is the documented one), its environment variables, and its value. */
interface Definition {
  places: readonly string[];
  /** In order of precedence: the first variable that is not empty counts. */
  variables: readonly string[];
  value: z.ZodType;
  /** Whether a repository's file may set it. */
  shared: boolean;
}

const FIXED = {
  actor: {
    places: ["changelog.actor", "actor"],
    variables: ["CTX_ACTOR", "CHANGELOG_ACTOR"],
    value: text,
    shared: true,
  },
  changelog: {
    places: ["changelog.enabled", "changelog"],
    variables: ["CTX_CHANGELOG", "AI_CODE_SESSIONS_CHANGELOG"],
    value: z.boolean(),
    shared: true,
  },
  evaluator: {
    places: ["changelog.evaluator", "evaluator"],
    variables: ["CTX_CHANGELOG_EVALUATOR"],
    value: z.enum(EVALUATOR_NAMES),
    shared: false,
  },
  background: {
    places: ["changelog.background", "background"],
    variables: ["CTX_CHANGELOG_BACKGROUND"],
    value: z.boolean(),
    shared: false,
  },
  model: { places: ["changelog.model", "model"], variables: ["CTX_CHANGELOG_MODEL"], value: text, shared: false },
  tz: { places: ["ctx.tz", "tz"], variables: ["CTX_TZ"], value: text, shared: true },
  secretsAllow: {
    places: ["secrets.allow"],
    variables: [],
    value: z.array(z.string().max(4_096)).max(200),
    shared: false,
  },
  secretsRules: { places: ["secrets.rules"], variables: [], value: z.array(secretRule).max(100), shared: false },
} as const satisfies Record<string, Definition>;

type FixedKey = keyof typeof FIXED;
/** The command to run for a tool. */
type CommandKey = ReturnType<typeof commandSetting>;
export type Key = FixedKey | CommandKey;
export type Value<K extends Key> = K extends FixedKey ? z.output<(typeof FIXED)[K]["value"]> : string;

const COMMANDS = TOOLS.map((tool): [Key, Definition] => {
  const key = commandSetting(tool);
  return [key, { places: [`ctx.${key}`, key], variables: [commandVariable(tool)], value: text, shared: false }];
});

/** The settings by key, in the order in which they are shown. Each registered tool adds one, after `ctx.tz`. */
export const SETTINGS: ReadonlyMap<Key, Definition> = new Map(
  (Object.entries(FIXED) as [Key, Definition][]).flatMap((setting) =>
    setting[0] === "tz" ? [setting, ...COMMANDS] : [setting],
  ),
);

/** A value and its source, as a message or `config show` names it. */
export interface Setting<T> {
  value: T;
  from: string;
}

export type Settings = { [K in Key]?: Setting<Value<K>> };

/** The settings of a file, and its unknown keys. */
export interface ConfigFile {
  settings: Settings;
  unknown: string[];
}

/**
 * Reads a file; null if it does not exist. An invalid file throws an error that names the path as `shown`, and the
 * line.
 */
export function readConfigFile(path: string, shown: string): ConfigFile | null {
  const source = readSmallFile(path, shown);
  if (source === null) return null;
  const found = flatten(parseToml(source, shown));
  const settings: Settings = {};
  for (const [key, definition] of SETTINGS) {
    for (const place of definition.places) {
      const value = found.get(place);
      if (!found.delete(place) || value === "" || settings[key] !== undefined) continue;
      Object.assign(settings, { [key]: checked(definition, value, `\`${place}\` in ${at(shown, source, place)}`) });
    }
  }
  return {
    settings,
    unknown: [...found.keys()].map((place) => `\`${printable(place)}\` in ${at(shown, source, place)}`),
  };
}

function checked(definition: Definition, value: unknown, from: string): Setting<unknown> {
  const result = definition.value.safeParse(value);
  if (result.success) return { value: result.data, from };
  const problem = result.error.issues[0]?.message ?? "invalid";
  throw new ExpectedError(`${from}: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`, {
    hint: "correct or remove that line",
  });
}

function parseToml(source: string, shown: string): Record<string, unknown> {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line of the message is shown: the rest quotes the file.
    const problem = error.message.replace(/^Invalid TOML document: /, "").split("\n", 1)[0] ?? "";
    throw new ExpectedError(`\`${shown}:${error.line}\` is not valid TOML: ${problem}`, {
      hint: "correct or remove that line",
      cause: error,
    });
  }
}

/** The values of a table by dotted key. Nested tables are flattened one level deep: no key is nested deeper. */
function flatten(table: Record<string, unknown>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(table)) {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (!isTable) values.set(name, value);
    else for (const [inner, nested] of Object.entries(value)) values.set(`${name}.${inner}`, nested);
  }
  return values;
}

/** `file:line` of a key, or the file alone if the line is not found. */
function at(shown: string, source: string, place: string): string {
  let table = "";
  for (const [index, line] of source.split("\n").entries()) {
    table = /^\s*\[\s*([^[\]]+?)\s*\]/.exec(line)?.[1] ?? table;
    const key = /^\s*([\w.\s"'-]+?)\s*=/.exec(line)?.[1]?.replaceAll(/["'\s]/g, "");
    if (key !== undefined && (table === "" ? key : `${table}.${key}`) === place) return `\`${shown}:${index + 1}\``;
  }
  return `\`${shown}\``;
}

/** A key from an untrusted file, safe to print. */
function printable(place: string): string {
  return place.replaceAll(/[^\w.-]/g, "?").slice(0, 80);
}

function readSmallFile(path: string, shown: string): string | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() && stats.size <= MAX_BYTES) return readFileSync(fd, "utf8").replace(/^\uFEFF/, "");
    throw new ExpectedError(
      `\`${shown}\` is not a configuration file: ${stats.isFile() ? "too large" : "not a file"}`,
      {
        hint: "move it away and try again",
      },
    );
  } finally {
    closeSync(fd);
  }
}
