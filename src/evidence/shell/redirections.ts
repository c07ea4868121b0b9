// Where a command's input comes from and its output goes.
import type { Redirection, Word } from "unbash";
import type { ShellWord } from "./words.ts";

/** A file a command's output went to. */
export interface OutputFile {
  target: ShellWord;
  append: boolean;
}

/** The files that redirections write to; devices and copies of descriptors (`2>&1`) are none. */
export function outputsOf(redirects: readonly Redirection[], read: (word: Word) => ShellWord[]): OutputFile[] {
  const outputs: OutputFile[] = [];
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || redirect.target === undefined || !redirect.operator.includes(">")) continue;
    const [target] = read(redirect.target);
    if (target === undefined || target.value?.startsWith("/dev/")) continue;
    if (redirect.operator === ">&" && /^(\d+|-)$/.test(target.value ?? "")) continue;
    outputs.push({ target, append: redirect.operator === ">>" || redirect.operator === "&>>" });
  }
  return outputs;
}

/** Whether error messages go somewhere else than to the output a log keeps. */
export function silencesErrors(redirects: readonly Redirection[]): boolean {
  let outputElsewhere = false;
  let silenced = false;
  for (const redirect of redirects) {
    if (redirect.type !== "Redirect" || !redirect.operator.includes(">")) continue;
    const number = redirect.descriptor?.type === "FileDescriptor" ? redirect.descriptor.value : 1;
    const copied = redirect.operator === ">&" && /^\d+$/.test(redirect.target?.value ?? "");
    if (redirect.operator.startsWith("&>") || (redirect.operator === ">&" && !copied)) return true;
    if (number === 2) silenced = copied ? outputElsewhere : true;
    else if (number === 1) outputElsewhere = !copied;
  }
  return silenced;
}
