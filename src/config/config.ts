// Settings and where each came from: flags before environment before the repository's file before the user's own.
import { join } from "node:path";
import { ExpectedError } from "../system/errors.ts";
import { configDirectory, type Environment, insideRoot, tildePath } from "../system/paths.ts";
import {
  type ConfigFile,
  KEYS,
  type Key,
  readConfigFile,
  type Setting,
  type Settings,
  type Value,
} from "./config-file.ts";

export type { Setting } from "./config-file.ts";

/** What the user set; null where nobody did. */
export type Config = { [K in Key]: Setting<Value<K>> | null };

export interface ConfigQuery {
  /** The project's root folder. */
  root: string;
  env: Environment;
  home: string;
  /** Values given on the command line, by setting; undefined where a flag was not given. */
  flags?: { [K in Key]?: Value<K> | undefined };
  platform?: NodeJS.Platform;
}

export interface LoadedConfig {
  config: Config;
  /** What was ignored and why, for the user to read. */
  warnings: string[];
  /** The files that were read, the weightiest first. */
  files: string[];
}

/** In order: the first that exists is read. */
const REPOSITORY_FILES = [".ai-code-sessions.toml", ".ais.toml"];

/** In order: the first that is set and not empty holds. */
const VARIABLES: Record<Key, readonly string[]> = {
  actor: ["CTX_ACTOR", "CHANGELOG_ACTOR"],
  changelog: ["CTX_CHANGELOG", "AI_CODE_SESSIONS_CHANGELOG"],
  evaluator: ["CTX_CHANGELOG_EVALUATOR"],
  background: ["CTX_CHANGELOG_BACKGROUND"],
  model: ["CTX_CHANGELOG_MODEL"],
  tz: ["CTX_TZ"],
  codexCommand: ["CTX_CODEX_CMD"],
  claudeCommand: ["CTX_CLAUDE_CMD"],
  secretsAllow: [],
  secretsRules: [],
};

const YES = ["1", "true", "yes", "on"];
const NO = ["0", "false", "no", "off"];

/**
 * Loads every setting. A cloned repository is not trusted: its file may choose the actor, the time zone and whether to
 * write a changelog; anything else in it is ignored with a warning.
 */
export function loadConfig(query: ConfigQuery): LoadedConfig {
  const warnings: string[] = [];
  const files: string[] = [];
  const layers = [
    fromFlags(query.flags ?? {}),
    fromEnvironment(query.env),
    repositorySettings(query, warnings, files),
    userSettings(query, warnings, files),
  ];
  const config: Partial<Config> = {};
  for (const key of Object.keys(KEYS) as Key[]) {
    Object.assign(config, { [key]: layers.find((layer) => layer[key] !== undefined)?.[key] ?? null });
  }
  return { config: config as Config, warnings, files };
}

/** What the user's own file says, and nobody else. */
export function loadUserConfig(env: Environment, home: string): Settings {
  return userSettings({ env, home }, [], []);
}

/** The settings by the names they have in a file. */
export function settingsByName(config: Config): Map<string, Setting<unknown> | null> {
  return new Map((Object.keys(KEYS) as Key[]).map((key) => [KEYS[key].places[0], config[key]]));
}

function fromFlags(flags: NonNullable<ConfigQuery["flags"]>): Settings {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given.map(([key, value]) => [key, { value, from: "the command line" }]));
}

function fromEnvironment(env: Environment): Settings {
  const settings: Settings = {};
  for (const key of Object.keys(KEYS) as Key[]) {
    const name = VARIABLES[key].find((variable) => (env[variable] ?? "").trim() !== "");
    const text = name === undefined ? "" : (env[name] ?? "").trim();
    if (name !== undefined)
      Object.assign(settings, { [key]: { value: variableValue(key, name, text), from: `\`${name}\`` } });
  }
  return settings;
}

function variableValue(key: Key, name: string, text: string): unknown {
  const isSwitch = key === "changelog" || key === "background";
  const value = isSwitch ? flagValue(text) : text;
  if (KEYS[key].value.safeParse(value).success) return value;
  const allowed = isSwitch ? "1 or 0" : key === "evaluator" ? KEYS.evaluator.value.options.join(", ") : "shorter text";
  throw new ExpectedError(`\`${name}\` is ${JSON.stringify(text.slice(0, 80))}: expected ${allowed}`, {
    hint: `set it anew or \`unset ${name}\``,
  });
}

function flagValue(text: string): boolean | string {
  if (YES.includes(text.toLowerCase())) return true;
  return NO.includes(text.toLowerCase()) ? false : text;
}

function repositorySettings(query: ConfigQuery, warnings: string[], files: string[]): Settings {
  for (const name of REPOSITORY_FILES) {
    const path = join(query.root, name);
    if (!insideRoot(query.root, path)) {
      warnings.push(`ignored \`${name}\`: it is a link that leads out of the repository`);
      continue;
    }
    const file = readConfigFile(path, name);
    if (file === null) continue;
    files.push(path);
    warnUnknown(file, warnings);
    return sharedOnly(file.settings, warnings);
  }
  return {};
}

function sharedOnly(settings: Settings, warnings: string[]): Settings {
  const shared: Settings = {};
  for (const key of Object.keys(settings) as Key[]) {
    if (KEYS[key].shared) Object.assign(shared, { [key]: settings[key] });
    else warnings.push(`ignored ${settings[key]?.from}: only your own configuration may set it`);
  }
  return shared;
}

function userSettings(
  query: Pick<ConfigQuery, "env" | "home" | "platform">,
  warnings: string[],
  files: string[],
): Settings {
  const folder = configDirectory(query.env, query.home, query.platform);
  const path = query.env.AI_CODE_SESSIONS_CONFIG || join(folder, "ai-code-sessions", "config.toml");
  const file = readConfigFile(path, tildePath(path, query.home));
  if (file === null) return {};
  files.push(path);
  warnUnknown(file, warnings);
  return file.settings;
}

function warnUnknown(file: ConfigFile, warnings: string[]): void {
  for (const key of file.unknown) warnings.push(`ignored ${key}: no such setting`);
}
