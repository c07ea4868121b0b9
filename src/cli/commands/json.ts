import { renderPages } from "../../wrap/render-log.ts";
import { outputArgs, transcriptArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolvePath, resolveRepository } from "../resolve.ts";
import { SECRETS_KEPT } from "../secrets-kept.ts";
import { showPage } from "../show-page.ts";
import { UsageError } from "../usage-error.ts";

const args = defineArgs({
  log: { type: "positional", required: true, description: "the native log, or a directory with one log in it" },
  output: { type: "string", alias: "o", valueHint: "dir", description: "where the pages go; made when it is missing" },
  label: { type: "string", valueHint: "text", description: "what the session is called" },
  ...transcriptArgs,
  open: { type: "boolean", description: "show the pages in the browser" },
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const { cwd, output, messages } = io;
  const directory = resolvePath(values.output, cwd);
  if (directory === null) throw new UsageError("`--output` is required", "name a directory: `-o DIR`");
  const options = {
    path: resolvePath(values.log, cwd) ?? cwd,
    label: values.label ?? null,
    repository: resolveRepository(values.repo),
    redacts: values["no-redact"] !== true,
  };
  const rendered = await renderPages(options, directory);
  messages.info(`read \`${rendered.log.path}\``);
  if (!options.redacts) messages.warn(SECRETS_KEPT);
  if (values.open) await showPage(rendered.indexHtml, values.json === true, io, rendered);
  else await (values.json ? output.json(rendered) : output.line(rendered.indexHtml));
  return "done";
});
