import { type ExportedTranscript, listTranscripts } from "../../library/transcripts.ts";
import { ExpectedError } from "../../system/errors.ts";
import { isTracked } from "../../system/git.ts";
import { quoteWords } from "../../system/shell-quote.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolveRoot } from "../resolve.ts";
import { showPage } from "../show-page.ts";
import { isTerminal } from "../terminal.ts";

const args = defineArgs({
  latest: { type: "boolean", description: "open the session worked on last, without asking" },
  ...placeArgs,
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const root = await resolveRoot(values, io.cwd);
  const transcripts = listTranscripts(root);
  const [newest] = transcripts;
  if (newest === undefined) {
    throw new ExpectedError(`no session of \`${root}\` was exported`, { hint: "run `ctx export-latest` first" });
  }
  const asks = values.latest !== true && values.json !== true && transcripts.length > 1;
  const picked = asks && isTerminal("stdin") && isTerminal("stderr") ? await pick(transcripts, io.now()) : newest;
  if ("signal" in picked) return picked;

  const { indexHtml, directory, label, id } = picked;
  if (indexHtml === null) {
    throw new ExpectedError(`there are no pages of \`${label ?? id}\` in \`${directory}\``, {
      hint: `make them with \`${quoteWords(["ctx", "json", directory, "-o", directory])}\``,
    });
  }
  if (await isTracked(root, indexHtml)) {
    throw new ExpectedError(`\`${indexHtml}\` is committed: pages that come with a repository may hold anything`, {
      hint: `take it out with \`${quoteWords(["git", "rm", "--cached", "-r", "--", directory])}\` if it is yours`,
    });
  }
  await showPage(indexHtml, values.json === true, io);
  return "done";
});

async function pick(
  transcripts: readonly ExportedTranscript[],
  now: Date,
): Promise<ExportedTranscript | { signal: NodeJS.Signals }> {
  const { pickSession } = await import("../session-picker.ts");
  const sessions = transcripts.map((transcript) => ({ ...transcript, prompts: null, files: null }));
  const { session, signal } = await pickSession(sessions, "Open which session?", now);
  return session ?? { signal: signal ?? "SIGINT" };
}
