// Help pages: what citty's `renderUsage` prints for a command, laid out again in columns that fit the terminal.
import { stripVTControlCharacters } from "node:util";
import { renderUsage } from "citty";
import type { Arg, Args } from "./args.ts";
import type { CommandNode } from "./command.ts";
import { createOutput } from "./output.ts";
import { aliasesOf } from "./parse.ts";
import { isTerminal, type PageStyle, pageStyle } from "./terminal.ts";

/** The command that a help page describes. */
export type HelpPage = Pick<CommandNode, "meta" | "subCommands" | "environment" | "epilog"> & {
  /** The words that call the command. */
  name: string;
  args: Args;
  /** What follows the arguments on the usage line. */
  usageEnd?: string | undefined;
};

type Row = [left: string, right: string];

const HELP: Arg = { type: "boolean", alias: "h", description: "show this help" };
/** Marks where a description begins. */
const MARK = "\t";
/** A longer left side does not widen its column. */
const MAX_LEFT = 28;

/** Prints a help page on standard output. */
export async function printHelp(page: HelpPage): Promise<void> {
  await createOutput(isTerminal("stdout")).text(await renderHelp(page, pageStyle("stdout", process.env)));
}

export async function renderHelp(page: HelpPage, style: PageStyle): Promise<string> {
  const { name, meta, subCommands, usageEnd = "", environment = {}, epilog } = page;
  // Color depends on the stream; citty looks only at its environment.
  const text = stripVTControlCharacters(await renderUsage(markedCommand(page)));
  // The parts of citty's text: a line about the command, the usage line, each heading, each table, and where to find
  // more help.
  const [, call = "", ...blocks] = text.trimEnd().split("\n\n");
  const usage =
    subCommands === undefined
      ? call.replace("USAGE ", "").replace("[OPTIONS]", "[flags]").replaceAll("=<", " <").trimEnd() + usageEnd
      : `${name} <command> [flags]`;
  const rowsUnder = (heading: string) => rowsOf(blocks[blocks.indexOf(heading) + 1]);
  const sections: [title: string, rows: Row[]][] = [
    [
      "Arguments",
      [
        ...rowsUnder("ARGUMENTS").map(([left, right]): Row => [left, right.replace(" (Required)", "")]),
        ...(usageEnd === "" ? [] : [["ARGUMENT...", "arguments for the tool, passed on unchanged"] satisfies Row]),
      ],
    ],
    ["Commands", rowsUnder("COMMANDS")],
    [
      "Flags",
      rowsUnder("OPTIONS").map(([left, right]) => [
        left.startsWith("--") ? `    ${left}` : left,
        right.replace("(Required)", "(required)"),
      ]),
    ],
    ["Environment", Object.entries(environment)],
  ];
  const prose = (words: string) => wrap(words, style.columns).join("\n");
  return `${[
    prose(`${capital(meta.description ?? "")}.`),
    `${style.paint("bold", "Usage:")} ${usage}`,
    ...sections
      .filter(([, rows]) => rows.length > 0)
      .map(([title, rows]) => `${style.paint("bold", `${title}:`)}\n${table(rows, style)}`),
    ...(subCommands === undefined ? [] : [prose(`Run \`${name} <command> --help\` for the flags of a command.`)]),
    ...(epilog === undefined ? [] : [prose(epilog)]),
  ].join("\n\n")}\n`;
}

/**
 * The command with its descriptions marked, and without long aliases: citty prints every alias as if it were a letter.
 */
function markedCommand({ name, args, subCommands }: HelpPage): Parameters<typeof renderUsage>[0] {
  const shown = Object.entries({ ...args, help: HELP }).map(([name, arg]) => {
    const { description = "", negativeDescription } = arg as Arg & { negativeDescription?: string };
    const marked = {
      ...arg,
      description: MARK + description,
      alias: aliasesOf(arg).filter(({ length }) => length === 1),
    };
    const negative = negativeDescription && { negativeDescription: MARK + negativeDescription };
    return [arg.type === "positional" && arg.multiple ? `${name}...` : name, { ...marked, ...negative }];
  });
  const commands = Object.entries(subCommands ?? {}).map(([name, { meta }]) => {
    return [name, { meta: { description: MARK + meta.description } }];
  });
  return { meta: { name }, args: Object.fromEntries(shown), subCommands: Object.fromEntries(commands) };
}

/** The rows of one of citty's tables; a flag that has only its negation explained is shown only negated. */
function rowsOf(table = ""): Row[] {
  return table
    .split("\n")
    .map((line) => line.split(MARK).map((cell) => cell.trim()))
    .flatMap(([left = "", right = ""]): Row[] => (right === "" ? [] : [[left.replace("=<", " <"), right]]));
}

/**
 * Two columns, of which the right one is wrapped. If a left side is too wide for its column, its right side starts on
 * the next line.
 */
function table(rows: readonly Row[], { paint, columns }: PageStyle): string {
  const widest = Math.max(...rows.map(([left]) => left.length).filter((length) => length <= MAX_LEFT));
  const indent = Math.min(widest + 4, columns >> 1);
  const lines = rows.flatMap(([left, right]) => {
    const wrapped = wrap(right, columns - indent).map((line) => " ".repeat(indent) + line);
    const painted = `  ${paint("cyan", left)}`;
    if (left.length + 4 > indent) return [painted, ...wrapped];
    return [painted + (wrapped[0] ?? "").slice(left.length + 2), ...wrapped.slice(1)];
  });
  return lines.join("\n");
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
