// Help pages: pure text from what is declared.
import type { ArgDef, ArgsDef } from "citty";
import type { Paint } from "./color.ts";
import { aliasesOf, withHelp } from "./parse.ts";
import type { Group } from "./registry.ts";

export interface HelpStyle {
  paint: Paint;
  columns: number;
}

/** A longer flag with its value does not widen the left column. */
const MOST_LEFT = 28;

type Row = [left: string, right: string];

/** How a command is called; `name` is its own, program included. */
export function usageOf(name: string, args: ArgsDef): string {
  const positionals = Object.entries(args).filter(([, arg]) => arg.type === "positional");
  const words = positionals.map(([arg, { required }]) => (required === true ? `<${arg}>` : `[${arg}]`));
  return `${[name, ...words].join(" ")} [flags]`;
}

/** The page of one command. */
export function renderCommandHelp(usage: string, summary: string, args: ArgsDef, style: HelpStyle): string {
  const all = Object.entries(withHelp(args));
  const positionals = all.filter(([, arg]) => arg.type === "positional");
  const flags = all.filter(([, arg]) => arg.type !== "positional");
  return page(style, summary, usage, [
    ["Arguments", positionals.map(([arg, { description = "" }]): Row => [arg, description])],
    ["Flags", flags.flatMap(([flag, arg]) => flagRows(flag, arg))],
  ]);
}

/** The page of a group of commands: what it holds. `args` are the flags it takes without a command. */
export function renderGroupHelp(name: string, group: Group, args: ArgsDef, style: HelpStyle): string {
  const rows = [...group.commands].map(([command, node]): Row => [command, node.summary]);
  const flags = Object.entries(withHelp(args)).flatMap(([flag, arg]) => flagRows(flag, arg));
  const note = group.note === undefined ? "" : `${wrap(group.note, style.columns).join("\n")}\n`;
  const more = `\nRun \`${name} <command> --help\` for what a command takes.\n${note}`;
  return (
    page(style, group.summary, `${name} <command> [flags]`, [
      ["Commands", rows],
      ["Flags", flags],
    ]) + more
  );
}

function page(style: HelpStyle, summary: string, usage: string, sections: [title: string, rows: Row[]][]): string {
  const { paint } = style;
  const parts = [
    `${wrap(`${capital(summary)}.`, style.columns).join("\n")}\n`,
    `${paint("bold", "Usage:")} ${usage}\n`,
  ];
  for (const [title, rows] of sections) {
    if (rows.length > 0) parts.push(`${paint("bold", `${title}:`)}\n${table(rows, style)}`);
  }
  return parts.join("\n");
}

function flagRows(name: string, arg: ArgDef): Row[] {
  const shorts = aliasesOf(arg).filter((alias) => alias.length === 1);
  const names = [...shorts.map((short) => `-${short}`), `--${name}`].join(", ");
  const left = `${shorts.length > 0 ? "" : "    "}${names}${valueHint(name, arg)}`;
  const right = `${arg.description ?? ""}${arg.required === true ? " (required)" : ""}`;
  const negative = arg.type === "boolean" ? arg.negativeDescription : undefined;
  return negative === undefined
    ? [[left, right]]
    : [
        [left, right],
        [`    --no-${name}`, negative],
      ];
}

function valueHint(name: string, arg: ArgDef): string {
  if (arg.type === "boolean") return "";
  if (arg.type === "enum") return ` <${(arg.options ?? []).join("|")}>`;
  return ` <${arg.valueHint ?? name}>`;
}

/** Two columns, the right one wrapped; a left side too wide for its column has its right side below. */
function table(rows: readonly Row[], { paint, columns }: HelpStyle): string {
  const widest = Math.max(...rows.map(([left]) => left.length).filter((length) => length <= MOST_LEFT));
  const indent = Math.min(widest + 4, columns >> 1);
  const lines = rows.flatMap(([left, right]) => {
    const wrapped = wrap(right, columns - indent).map((line) => " ".repeat(indent) + line);
    const painted = `  ${paint("cyan", left)}`;
    if (left.length + 4 > indent) return [painted, ...wrapped];
    return [painted + (wrapped[0] ?? "").slice(left.length + 2), ...wrapped.slice(1)];
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
