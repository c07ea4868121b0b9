import { listTranscripts } from "../../library/exported-sessions.ts";
import { ExpectedError } from "../../system/errors.ts";
import { isTracked } from "../../system/git.ts";
import { quoteWords } from "../../system/shell-quote.ts";
import { defineArgs, outputArgs, repositoryArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolveRoot } from "../resolve.ts";
import { showPage } from "../show-page.ts";
import { isTerminal } from "../terminal.ts";

export const args = defineArgs({
  latest: { type: "boolean", description: "open the most recent session without asking" },
  ...repositoryArgs,
  ...outputArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const root = await resolveRoot(values, io.cwd);
  const transcripts = listTranscripts(root);
  const [newest] = transcripts;
  if (newest === undefined) {
    throw new ExpectedError(`\`${root}\` has no exported session`, { hint: "run `ctx export-latest` first" });
  }
  const asks = values.latest !== true && values.json !== true && transcripts.length > 1;
  const picked = asks && isTerminal("stdin") && isTerminal("stderr") ? await pick(transcripts, io.now()) : newest;
  if ("signal" in picked) return picked;

  const { indexHtml, directory, label, id } = picked;
  if (indexHtml === null) {
    throw new ExpectedError(`session \`${label ?? id}\` in \`${directory}\` has no pages`, {
      hint: `create them with \`${quoteWords(["ctx", "json", directory, "-o", directory])}\``,
    });
  }
  if (await isTracked(root, indexHtml)) {
    throw new ExpectedError(`\`${indexHtml}\` is committed, and pages from a repository are not trusted`, {
      hint: `if it is yours, remove it from git with \`${quoteWords(["git", "rm", "--cached", "-r", "--", directory])}\``,
    });
  }
  await showPage(indexHtml, values.json === true, io);
  return "done";
}

async function pick(transcripts: ReturnType<typeof listTranscripts>, now: Date) {
  const { pickSession } = await import("../picker.ts");
  const sessions = transcripts.map((transcript) => ({ ...transcript, prompts: null, files: null }));
  return await pickSession(sessions, "Which session do you want to open?", now);
}
