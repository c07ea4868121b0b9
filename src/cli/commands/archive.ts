import { writeArchive } from "../../library/archive.ts";
import { plural } from "../../system/plural.ts";
import { defineArgs, outputArgs, repositoryArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { showPage } from "../show-page.ts";

export const args = defineArgs({
  ...repositoryArgs,
  output: {
    type: "string",
    alias: "o",
    valueHint: "DIR",
    description: "folder for the page; default: `.ai-code-sessions`, which git ignores",
  },
  open: { type: "boolean", description: "open the page in the browser" },
  ...outputArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { cwd, output, messages } = io;
  const archive = await writeArchive(await resolveRoot(values, cwd), resolvePath(values.output, cwd));
  messages.info(`listed ${plural(archive.sessions, "session")}`);
  if (values.open) await showPage(archive.indexHtml, values.json === true, io, archive);
  else await (values.json ? output.json(archive) : output.line(archive.indexHtml));
  return "done";
}
