// Loads the settings. Precedence: flags, environment, the repository's file, the user's own file.
import { join } from "node:path";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { ExpectedError } from "../system/errors.ts";
import { configDirectory, type Environment, insideRoot, tildePath } from "../system/paths.ts";
import {
  type ConfigFile,
  type Key,
  readConfigFile,
  SETTINGS,
  type Setting,
  type Settings,
  type Value,
} from "./config-file.ts";

export type { Setting } from "./config-file.ts";

/** Every setting; null if it is not set. */
export type Config = { [K in Key]: Setting<Value<K>> | null };

export interface ConfigQuery {
  /** The project's root folder. */
  root: string;
  env: Environment;
  home: string;
  /** Values of command line flags; undefined for a flag that is not given. */
  flags?: { [K in Key]?: Value<K> | undefined };
  platform?: NodeJS.Platform;
}

export interface LoadedConfig {
  config: Config;
  /** Messages about ignored settings and files, with the reason. */
  warnings: string[];
  /** The files that were read, in order of precedence. */
  files: string[];
}

/** In order of precedence: only the first file that exists is read. */
const REPOSITORY_FILES = [".ai-code-sessions.toml", ".ais.toml"];

const YES = ["1", "true", "yes", "on"];
const NO = ["0", "false", "no", "off"];

/**
 * Loads every setting. A cloned repository is not trusted: its file may set the actor, the time zone and whether to write
 * a changelog. Other settings in it are ignored with a warning.
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
  for (const key of SETTINGS.keys()) {
    Object.assign(config, { [key]: layers.find((layer) => layer[key] !== undefined)?.[key] ?? null });
  }
  return { config: config as Config, warnings, files };
}

/** The settings of the user's own file alone. */
export function loadUserConfig(env: Environment, home: string): Settings {
  return userSettings({ env, home }, [], []);
}

/** The settings by their documented keys in a file. */
export function settingsByName(config: Config): Map<string, Setting<unknown> | null> {
  return new Map([...SETTINGS].map(([key, { places }]) => [places[0] ?? key, config[key] ?? null]));
}

function fromFlags(flags: NonNullable<ConfigQuery["flags"]>): Settings {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(given.map(([key, value]) => [key, { value, from: "the command line" }])) as Settings;
}

function fromEnvironment(env: Environment): Settings {
  const settings: Settings = {};
  for (const [key, { variables }] of SETTINGS) {
    const name = variables.find((variable) => (env[variable] ?? "").trim() !== "");
    if (name === undefined) continue;
    const value = variableValue(key, name, (env[name] ?? "").trim());
    Object.assign(settings, { [key]: { value, from: `\`${name}\`` } });
  }
  return settings;
}

function variableValue(key: Key, name: string, text: string): unknown {
  const isSwitch = key === "changelog" || key === "background";
  const value = isSwitch ? flagValue(text) : text;
  if (SETTINGS.get(key)?.value.safeParse(value).success) return value;
  const allowed = isSwitch ? "1 or 0" : key === "evaluator" ? EVALUATOR_NAMES.join(", ") : "shorter text";
  throw new ExpectedError(`\`${name}\` is ${JSON.stringify(text.slice(0, 80))}: expected ${allowed}`, {
    hint: `correct it or \`unset ${name}\``,
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
      warnings.push(`ignored \`${name}\`: it links to a file outside the repository`);
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
    if (SETTINGS.get(key)?.shared) Object.assign(shared, { [key]: settings[key] });
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
  for (const key of file.unknown) warnings.push(`ignored ${key}: unknown setting`);
}
