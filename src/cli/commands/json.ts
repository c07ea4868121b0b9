import { type RenderOptions, renderMarkdown, renderPages } from "../../library/render-log.ts";
import { writeAtomic } from "../../system/write-atomic.ts";
import { outputArgs, transcriptArgs } from "../args.ts";
import { command, defineArgs, type Io, type Values } from "../command.ts";
import { resolvePath, resolveRepository } from "../resolve.ts";
import { SECRETS_KEPT } from "../secrets-kept.ts";
import { showPage } from "../show-page.ts";
import { UsageError } from "../usage-error.ts";

const args = defineArgs({
  log: { type: "positional", required: true, description: "the native log, or a directory with one log in it" },
  output: {
    type: "string",
    alias: "o",
    valueHint: "path",
    description: "the directory the pages go to, made when it is missing; the file, with `--format md`",
  },
  format: {
    type: "enum",
    options: ["html", "md"],
    description: "pages, or one Markdown text for a pull request; default: pages",
  },
  label: { type: "string", valueHint: "text", description: "what the session is called" },
  ...transcriptArgs,
  open: { type: "boolean", description: "show the pages in the browser" },
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const options = {
    path: resolvePath(values.log, io.cwd) ?? io.cwd,
    label: values.label ?? null,
    repository: resolveRepository(values.repo),
    redacts: values["no-redact"] !== true,
  };
  await (values.format === "md" ? makeMarkdown(options, values, io) : makePages(options, values, io));
  if (!options.redacts) io.messages.warn(SECRETS_KEPT);
  return "done";
});

async function makePages(options: RenderOptions, values: Values<typeof args>, io: Io): Promise<void> {
  const { cwd, output, messages } = io;
  const directory = resolvePath(values.output, cwd);
  if (directory === null) throw new UsageError("`--output` is required", "name a directory: `-o DIR`");
  const rendered = await renderPages(options, directory);
  messages.info(`read \`${rendered.log.path}\``);
  if (values.open) await showPage(rendered.indexHtml, values.json === true, io, rendered);
  else await (values.json ? output.json(rendered) : output.line(rendered.indexHtml));
}

async function makeMarkdown(options: RenderOptions, values: Values<typeof args>, io: Io): Promise<void> {
  const { cwd, output, messages } = io;
  if (values.open) throw new UsageError("`--open` shows pages, and `--format md` makes none", "leave one of them out");
  const rendered = await renderMarkdown(options);
  messages.info(`read \`${rendered.log.path}\``);
  const path = resolvePath(values.output, cwd);
  if (path !== null) await writeAtomic(path, rendered.markdown);
  if (values.json) await output.json({ ...rendered, path });
  else await (path === null ? output.document(rendered.markdown) : output.line(path));
}
