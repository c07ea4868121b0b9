// One configuration file: TOML in, settings with their line numbers out.
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";

const MAX_BYTES = 64 * 1024;

const text = z.string().max(1000);

const secretRule = z.strictObject({
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a kind is small letters, digits and hyphens"),
  pattern: text,
});

/** Each setting: where it may stand in a file (the first place is the documented one), and what it may hold. */
export const KEYS = {
  actor: { places: ["changelog.actor", "actor"], value: text, shared: true },
  changelog: { places: ["changelog.enabled", "changelog"], value: z.boolean(), shared: true },
  evaluator: {
    places: ["changelog.evaluator", "evaluator"],
    value: z.enum(EVALUATOR_NAMES),
    shared: false,
  },
  background: { places: ["changelog.background", "background"], value: z.boolean(), shared: false },
  model: { places: ["changelog.model", "model"], value: text, shared: false },
  tz: { places: ["ctx.tz", "tz"], value: text, shared: true },
  codexCommand: { places: ["ctx.codex_cmd", "codex_cmd"], value: text, shared: false },
  claudeCommand: { places: ["ctx.claude_cmd", "claude_cmd"], value: text, shared: false },
  secretsAllow: { places: ["secrets.allow"], value: z.array(z.string().max(4_096)).max(200), shared: false },
  secretsRules: { places: ["secrets.rules"], value: z.array(secretRule).max(100), shared: false },
} as const;

export type Key = keyof typeof KEYS;
export type Value<K extends Key> = z.output<(typeof KEYS)[K]["value"]>;

/** A value and where it came from, as a message or `config show` names it. */
export interface Setting<T> {
  value: T;
  from: string;
}

export type Settings = { [K in Key]?: Setting<Value<K>> };

/** The settings of a file, and its keys that mean nothing; null when there is no such file. */
export interface ConfigFile {
  settings: Settings;
  unknown: string[];
}

/** Reads a file; a broken one is an error that names the line. `shown` is how messages call it. */
export function readConfigFile(path: string, shown: string): ConfigFile | null {
  const source = readSmallFile(path, shown);
  if (source === null) return null;
  const found = flatten(parseToml(source, shown));
  const settings: Settings = {};
  for (const key of Object.keys(KEYS) as Key[]) {
    for (const place of KEYS[key].places) {
      const value = found.get(place);
      if (!found.delete(place) || value === "" || settings[key] !== undefined) continue;
      Object.assign(settings, { [key]: checked(key, value, `\`${place}\` in ${at(shown, source, place)}`) });
    }
  }
  return {
    settings,
    unknown: [...found.keys()].map((place) => `\`${printable(place)}\` in ${at(shown, source, place)}`),
  };
}

function checked<K extends Key>(key: K, value: unknown, from: string): Setting<unknown> {
  const result = KEYS[key].value.safeParse(value);
  if (result.success) return { value: result.data, from };
  const problem = result.error.issues[0]?.message ?? "invalid";
  throw new ExpectedError(`${from}: ${problem.charAt(0).toLowerCase()}${problem.slice(1)}`, {
    hint: "mend or remove that line",
  });
}

function parseToml(source: string, shown: string): Record<string, unknown> {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only its first line: the rest quotes the file.
    const problem = error.message.replace(/^Invalid TOML document: /, "").split("\n", 1)[0] ?? "";
    throw new ExpectedError(`\`${shown}:${error.line}\` is not valid TOML: ${problem}`, {
      hint: "mend or remove that line",
      cause: error,
    });
  }
}

/** The values of a table by dotted key: tables are opened one level deep, which is all our keys need. */
function flatten(table: Record<string, unknown>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(table)) {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (!isTable) values.set(name, value);
    else for (const [inner, nested] of Object.entries(value)) values.set(`${name}.${inner}`, nested);
  }
  return values;
}

/** `file:line` of a key, or the file alone where its line cannot be told. */
function at(shown: string, source: string, place: string): string {
  let table = "";
  for (const [index, line] of source.split("\n").entries()) {
    table = /^\s*\[\s*([^[\]]+?)\s*\]/.exec(line)?.[1] ?? table;
    const key = /^\s*([\w.\s"'-]+?)\s*=/.exec(line)?.[1]?.replaceAll(/["'\s]/g, "");
    if (key !== undefined && (table === "" ? key : `${table}.${key}`) === place) return `\`${shown}:${index + 1}\``;
  }
  return `\`${shown}\``;
}

/** A key from a file nobody vouches for, harmless to print. */
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
    throw new ExpectedError(`\`${shown}\` is no configuration file: ${stats.isFile() ? "too large" : "not a file"}`, {
      hint: "move it away and try again",
    });
  } finally {
    closeSync(fd);
  }
}
