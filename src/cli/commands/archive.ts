import { writeArchive } from "../../library/archive.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { showPage } from "../show-page.ts";

const args = defineArgs({
  ...placeArgs,
  output: {
    type: "string",
    alias: "o",
    valueHint: "dir",
    description: "where the page goes; default: `.ai-code-sessions`, which git ignores",
  },
  open: { type: "boolean", description: "show the page in the browser" },
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const { cwd, output, messages } = io;
  const archive = await writeArchive(await resolveRoot(values, cwd), resolvePath(values.output, cwd));
  messages.info(archive.sessions === 1 ? "listed 1 session" : `listed ${archive.sessions} sessions`);
  if (values.open) await showPage(archive.indexHtml, values.json === true, io, archive);
  else await (values.json ? output.json(archive) : output.line(archive.indexHtml));
  return "done";
});
