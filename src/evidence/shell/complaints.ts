// Programs that do not fail in silence. Where the output holds no complaint of theirs, they succeeded: that is how
// `cd web && npm test` with exit status 1 is known to be a failed test and not a missing folder.

import type { ShellWord } from "./words.ts";

const TALKATIVE = new Set(
  `cd pushd popd export unset set shopt source . alias umask echo printf mkdir touch rm rmdir mv cp ln chmod tee cat
   sed head tail ls pwd sleep date wait sort uniq wc tr cut nl awk column`.split(/\s+/),
);
const TALKATIVE_GIT = new Set(
  `add mv rm status log diff show branch rev-parse checkout switch restore reset init clone fetch tag stash
   worktree remote`.split(/\s+/),
);

/** Options that make a git command answer with its exit status. */
const ANSWERING = /^(--exit-code|--quiet|-q|--verify|--check)$/;

/** Whether this command surely succeeded, judged by what it did not say. */
export function surelySucceeded(
  { inner, program }: { inner: readonly ShellWord[]; program: string },
  silenced: boolean,
  output: string,
): boolean {
  if (program === "true" || program === ":" || program === "echo" || program === "printf") return true;
  if (silenced) return false;
  if (TALKATIVE.has(program)) return !complains(output, program === "." ? "source" : program);
  if (program !== "git" || inner.some((word) => ANSWERING.test(word.source))) return false;
  return TALKATIVE_GIT.has(inner[1]?.value ?? "") && !/^(fatal|error|usage|hint): |^ ! \[/m.test(output);
}

function complains(output: string, program: string): boolean {
  for (let at = output.indexOf(`${program}: `); at !== -1; at = output.indexOf(`${program}: `, at + 1)) {
    const before = output[at - 1];
    if (before === undefined || before === "\n" || before === " " || before === "/") return true;
  }
  return false;
}
