import { type RenderOptions, renderMarkdown, renderPages } from "../../library/render-log.ts";
import { writeAtomic } from "../../system/write-atomic.ts";
import { defineArgs, outputArgs, transcriptArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { NOT_REDACTED } from "../messages.ts";
import { resolvePath, resolveRepository } from "../resolve.ts";
import { showPage } from "../show-page.ts";
import { UsageError } from "../usage-error.ts";

export const args = defineArgs({
  log: { type: "positional", required: true, description: "native log, or a directory that contains one" },
  output: {
    type: "string",
    alias: "o",
    valueHint: "PATH",
    description: "directory for the pages, or file for the Markdown",
  },
  format: {
    type: "enum",
    options: ["html", "md"],
    description: "HTML pages (the default) or one Markdown file",
  },
  label: { type: "string", valueHint: "TEXT", description: "title of the transcript" },
  ...transcriptArgs,
  open: { type: "boolean", description: "open the pages in the browser" },
  ...outputArgs,
});

type JsonValues = Values<typeof args>;

export async function run(values: JsonValues, io: Io): Promise<Exit> {
  const options = {
    path: resolvePath(values.log, io.cwd) ?? io.cwd,
    label: values.label ?? null,
    repository: resolveRepository(values.repo),
    redacts: values.redact !== false,
  };
  await (values.format === "md" ? writeMarkdown(options, values, io) : writePages(options, values, io));
  if (!options.redacts) io.messages.warn(NOT_REDACTED);
  return "done";
}

async function writePages(options: RenderOptions, values: JsonValues, io: Io): Promise<void> {
  const { cwd, output, messages } = io;
  const directory = resolvePath(values.output, cwd);
  if (directory === null) throw new UsageError("`--output` is required", "name a directory: `-o DIR`");
  const rendered = await renderPages(options, directory);
  messages.info(`read \`${rendered.log.path}\``);
  if (values.open) await showPage(rendered.indexHtml, values.json === true, io, rendered);
  else await (values.json ? output.json(rendered) : output.line(rendered.indexHtml));
}

async function writeMarkdown(options: RenderOptions, values: JsonValues, io: Io): Promise<void> {
  const { cwd, output, messages } = io;
  if (values.open) throw new UsageError("`--open` and `--format md` cannot be used together", "omit one of them");
  const rendered = await renderMarkdown(options);
  messages.info(`read \`${rendered.log.path}\``);
  const path = resolvePath(values.output, cwd);
  if (path !== null) await writeAtomic(path, rendered.markdown);
  if (values.json) await output.json({ ...rendered, path });
  else await (path === null ? output.document(rendered.markdown) : output.line(path));
}
