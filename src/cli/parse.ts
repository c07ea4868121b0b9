// The command line, read strictly: what is not declared is refused, and so is a flag without its value.
import type { ArgDef, ArgsDef } from "citty";
import { suggest } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

export interface Parsed {
  values: Record<string, string | boolean>;
  help: boolean;
}

const HELP: ArgDef = { type: "boolean", description: "show this help", alias: "h" };

/** No argument can hold it. */
const SEPARATOR = "\0";

/** The values of a flag that may be given several times: one whose `valueHint` ends in `…`. */
export function valuesOf(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(SEPARATOR);
}

/** The arguments every command has, besides its own. */
export function withHelp(args: ArgsDef): ArgsDef {
  return { ...args, help: HELP };
}

/** Reads the arguments of one command. Everything after `--` is a plain argument, whatever it looks like. */
export function parseArguments(argv: readonly string[], declared: ArgsDef): Parsed {
  const parser = new Parser(withHelp(declared));
  const cut = argv.indexOf("--");
  const flags = cut === -1 ? argv : argv.slice(0, cut);
  // Help wins over whatever else is wrong with the line: it is what mends it.
  if (flags.some((arg) => arg === "--help" || arg === "-h")) return { values: {}, help: true };
  parser.read([...flags]);
  if (cut !== -1) for (const arg of argv.slice(cut + 1)) parser.positional(arg);
  return parser.finish();
}

class Parser {
  readonly #flags = new Map<string, [string, ArgDef]>();
  readonly #positionals: string[] = [];
  readonly #values = new Map<string, string | boolean>();
  readonly #declared: ArgsDef;

  constructor(declared: ArgsDef) {
    this.#declared = declared;
    for (const [name, arg] of Object.entries(declared)) {
      if (arg.type === "positional") this.#positionals.push(name);
      else for (const key of [name, ...aliasesOf(arg)]) this.#flags.set(key, [name, arg]);
    }
  }

  read(queue: string[]): void {
    for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
      if (arg.startsWith("--")) this.#long(arg, queue);
      else if (arg.startsWith("-") && arg !== "-") this.#short(arg, queue);
      else this.positional(arg);
    }
  }

  positional(text: string): void {
    const [name] = this.#positionals;
    if (name === undefined) throw new UsageError(`unexpected argument \`${text}\``);
    if (name.endsWith("...")) {
      // It takes all there are; no path holds what stands between them.
      const before = this.#values.get(name);
      this.#values.set(name, before === undefined ? text : `${before}\0${text}`);
      return;
    }
    this.#positionals.shift();
    this.#values.set(name, text);
  }

  finish(): Parsed {
    // Asked for inside a cluster, such as `-qh`.
    if (this.#values.get("help") === true) return { values: {}, help: true };
    for (const [name, arg] of Object.entries(this.#declared)) {
      if (arg.required !== true || this.#values.has(name)) continue;
      const choice = arg.type === "enum" ? oneOf(arg) : undefined;
      throw new UsageError(`${arg.type === "positional" ? name : `\`--${name}\``} is required`, choice);
    }
    return { values: Object.fromEntries(this.#values), help: false };
  }

  #long(text: string, queue: string[]): void {
    const equals = text.indexOf("=");
    const name = text.slice(2, equals === -1 ? undefined : equals);
    const inline = equals === -1 ? undefined : text.slice(equals + 1);
    const found = name.length > 1 ? this.#flags.get(name) : undefined;
    if (found !== undefined) {
      this.#set(`--${name}`, ...found, inline, queue);
      return;
    }
    const negated = name.startsWith("no-") ? this.#flags.get(name.slice(3)) : undefined;
    if (negated?.[1].type !== "boolean" || inline !== undefined) throw this.#unknown(name);
    this.#values.set(negated[0], false);
  }

  #short(text: string, queue: string[]): void {
    for (let at = 1; at < text.length; at++) {
      const letter = text.charAt(at);
      const found = this.#flags.get(letter);
      if (found === undefined) throw new UsageError(`unknown flag \`-${letter}\``);
      const isLast = found[1].type !== "boolean";
      const rest = isLast ? text.slice(at + 1) : "";
      this.#set(`-${letter}`, ...found, rest === "" ? undefined : rest.replace(/^=/, ""), queue);
      if (isLast) return;
    }
  }

  #set(shown: string, name: string, arg: ArgDef, inline: string | undefined, queue: string[]): void {
    if (arg.type === "boolean") {
      if (inline !== undefined && inline !== "true" && inline !== "false") {
        throw new UsageError(`\`${shown}\` takes no value`, `write \`${shown}\` alone`);
      }
      this.#values.set(name, inline !== "false");
      return;
    }
    const value = inline ?? queue.shift();
    if (value === undefined || value === "") throw new UsageError(`\`${shown}\` needs a value`);
    if (inline === undefined && value.startsWith("-") && value !== "-") {
      throw new UsageError(`\`${shown}\` needs a value`, `if \`${value}\` is the value, write \`${shown}=${value}\``);
    }
    if (arg.type === "enum" && arg.options?.includes(value) === false) {
      throw new UsageError(`\`${shown}\` cannot be \`${value}\``, oneOf(arg));
    }
    const before = isRepeatable(arg) ? this.#values.get(name) : undefined;
    this.#values.set(name, before === undefined ? value : `${before}${SEPARATOR}${value}`);
  }

  #unknown(name: string): UsageError {
    const long = [...this.#flags.keys()].filter((key) => key.length > 1);
    const negatable = long.filter((key) => this.#flags.get(key)?.[1].type === "boolean").map((key) => `no-${key}`);
    const nearest = suggest(name, [...long, ...negatable], 0.4);
    return new UsageError(`unknown flag \`--${name}\``, nearest && `did you mean \`--${nearest}\`?`);
  }
}

function isRepeatable(arg: ArgDef): boolean {
  return arg.type === "string" && arg.valueHint?.endsWith("…") === true;
}

/** The other names of an argument: citty takes one or several. */
export function aliasesOf(arg: ArgDef): string[] {
  return "alias" in arg && arg.alias !== undefined ? [arg.alias].flat() : [];
}

function oneOf(arg: ArgDef & { options?: string[] }): string {
  return `one of: ${(arg.options ?? []).map((option) => `\`${option}\``).join(", ")}`;
}
