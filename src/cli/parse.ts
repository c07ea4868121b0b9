// Checks a command line before citty parses it: citty accepts unknown flags, flags without a value and surplus arguments,
// and does not see which of `--x` and `--no-x` came last.
import { parseArgs as tokenize } from "node:util";
import { parseArgs } from "citty";
import type { Arg, Args } from "./args.ts";
import { suggest } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

interface Flag {
  name: string;
  arg: Arg;
  short: string | undefined;
}

/** The flags by their long names and long aliases. */
type Flags = ReadonlyMap<string, Flag>;
type Token = Extract<ReturnType<typeof tokensOf>["tokens"][number], { kind: "option" }>;

/** The values of a command's arguments; null when help is asked for, whatever else is wrong with the command line. */
export function parseArguments(argv: readonly string[], args: Args): Record<string, unknown> | null {
  const dashes = argv.indexOf("--");
  const own = dashes === -1 ? argv : argv.slice(0, dashes);
  if (own.some((word) => word === "--help" || word === "-h")) return null;
  // Node and citty take `-o=x` as the value `=x`.
  const words = [...own.map((word) => word.replace(/^(-[a-z]+)=/i, "$1")), ...argv.slice(own.length)];
  const flags = flagsOf({ ...args, help: { type: "boolean", alias: "h" } });
  const { tokens, positionals } = tokensOf(words, flags);
  const given = checkFlags(
    tokens.filter((token) => token.kind === "option"),
    flags,
  );
  // As part of a group, such as `-qh`.
  if (given.has("help")) return null;
  const values: Record<string, unknown> = checkPositionals(positionals, args);
  for (const { name, arg } of flags.values()) {
    if (arg.required === true && !given.has(name)) throw new UsageError(`\`--${name}\` is required`, oneOf(arg));
    const uses = given.get(name) ?? [];
    if (arg.multiple) values[name] = uses.map(({ value }) => value ?? "");
    else if (uses.length > 1) values[name] = lastValue(uses.at(-1), arg);
  }
  return { ...parseArgs(words, args), ...values };
}

function flagsOf(args: Args): Flags {
  const flags = Object.entries(args).filter(([, arg]) => arg.type !== "positional");
  return new Map(
    flags.flatMap(([name, arg]) => {
      const aliases = aliasesOf(arg);
      const short = aliases.find((alias) => alias.length === 1);
      return [name, ...aliases.filter((alias) => alias.length > 1)].map(
        (long) => [long, { name, arg, short }] as const,
      );
    }),
  );
}

function tokensOf(args: string[], flags: Flags) {
  const options = [...flags].map(([long, { name, arg, short }]) => {
    const type: "boolean" | "string" = arg.type === "boolean" ? "boolean" : "string";
    return [long, long === name && short !== undefined ? { type, short } : { type }] as const;
  });
  return tokenize({ args, options: Object.fromEntries(options), allowPositionals: true, strict: false, tokens: true });
}

/** What was given for each flag, by its name. */
function checkFlags(tokens: readonly Token[], flags: Flags): Map<string, Token[]> {
  const given = new Map<string, Token[]>();
  for (const token of tokens) {
    const negated = token.name.startsWith("no-") && !token.inlineValue ? flags.get(token.name.slice(3)) : undefined;
    const flag = flags.get(token.name) ?? (negated?.arg.type === "boolean" ? negated : undefined);
    if (flag === undefined) throw unknownFlag(token, flags);
    checkValue(token, flag.arg);
    given.set(flag.name, [...(given.get(flag.name) ?? []), token]);
  }
  return given;
}

function checkValue({ rawName, value, inlineValue }: Token, arg: Arg): void {
  if (arg.type === "boolean") {
    if (value === undefined || value === "true" || value === "false") return;
    throw new UsageError(`\`${rawName}\` takes no value`, `write \`${rawName}\` alone`);
  }
  if (!value) throw new UsageError(`\`${rawName}\` needs a value`);
  if (!inlineValue && value.startsWith("-") && value !== "-") {
    const hint = value === "--" ? undefined : `if \`${value}\` is the value, write \`${rawName}=${value}\``;
    throw new UsageError(`\`${rawName}\` needs a value`, hint);
  }
  if (arg.type === "enum" && arg.options?.includes(value) === false) {
    throw new UsageError(`\`${rawName}\` cannot be \`${value}\``, oneOf(arg));
  }
}

/** The last one of a repeated flag counts, so that a shell alias can set a default. */
function lastValue(token: Token | undefined, arg: Arg): unknown {
  if (arg.type !== "boolean") return token?.value;
  return token?.value === undefined ? !token?.name.startsWith("no-") : token.value === "true";
}

/** The values of a positional that takes several. */
function checkPositionals(values: readonly string[], args: Args): Record<string, string[]> {
  const all = Object.entries(args).filter(([, arg]) => arg.type === "positional");
  const [list] = all.find(([, arg]) => arg.multiple) ?? [];
  const surplus = list === undefined ? values[all.length] : undefined;
  if (surplus !== undefined) throw new UsageError(`unexpected argument \`${surplus}\``);
  const missing = all.slice(values.length).find(([, arg]) => arg.required === true);
  if (missing !== undefined) throw new UsageError(`\`<${missing[0].toUpperCase()}>\` is required`);
  return list === undefined ? {} : { [list]: values.slice(all.length - 1) };
}

function unknownFlag({ rawName }: Token, flags: Flags): UsageError {
  const negatable = [...flags].filter(([, { arg }]) => arg.type === "boolean").map(([long]) => `no-${long}`);
  const nearest = rawName.startsWith("--")
    ? suggest(rawName.slice(2), [...flags.keys(), ...negatable], 0.4)
    : undefined;
  return new UsageError(`unknown flag \`${rawName}\``, nearest && `did you mean \`--${nearest}\`?`);
}

/** The other names of an argument: citty takes one or several. */
export function aliasesOf(arg: Arg): string[] {
  return "alias" in arg && arg.alias !== undefined ? [arg.alias].flat() : [];
}

function oneOf(arg: Arg): string | undefined {
  if (arg.type !== "enum") return undefined;
  return `one of: ${(arg.options ?? []).map((option) => `\`${option}\``).join(", ")}`;
}
