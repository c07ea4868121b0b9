// Paths among a command's arguments: which words are options, which are files, and where the files are.

import type { ShellWord } from "../shell/words.ts";
import type { FilePath } from "./operations.ts";

/** A typed path, relative to the folder in which the script began; null if unknown. */
export type Resolve = (path: string) => string | null;

/** The words that are neither options nor values of the `valued` options. */
export function operandsOf(args: readonly ShellWord[], valued = ""): ShellWord[] {
  const options = valued.split(" ");
  const operands: ShellWord[] = [];
  let onlyOperands = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === undefined) break;
    if (onlyOperands || word.value === null || !/^-./.test(word.value)) operands.push(word);
    else if (word.value === "--") onlyOperands = true;
    else if (options.includes(word.value)) index++;
  }
  return operands;
}

/** The one file a word names. `app/[id]/page.tsx` is a pattern to the shell, but rarely meant as one. */
export function pathOf({ value, glob }: ShellWord, at: Resolve): string | null {
  const typed = value ?? (glob !== undefined && !/[*?]/.test(glob.literal) ? glob.literal : null);
  return typed === null ? null : at(typed);
}

/** The known paths among the arguments. */
export function pathsOf(args: readonly ShellWord[], at: Resolve, valued = ""): string[] {
  return operandsOf(args, valued).flatMap((word) => pathOf(word, at) ?? []);
}

/** The known paths and globs among the arguments. */
export function filesOf(words: readonly ShellWord[], at: Resolve): FilePath[] {
  return words.flatMap(({ value, glob }): FilePath[] => {
    const typed = value ?? glob?.literal;
    const path = typed === undefined ? null : at(typed);
    if (path === null) return [];
    const bare = { path: path.replace(/(.)\/$/, "$1") };
    if (glob === undefined) return [bare];
    // `**` is one folder to bash and any number of them to zsh, and `..` leads out of the pattern.
    const segments = glob.pattern.split("/").filter((segment) => segment !== "" && segment !== ".");
    return segments.some((segment) => segment === ".." || segment.includes("**")) ? [] : [{ ...bare, glob: segments }];
  });
}

/** `mv a b`, `mv a b dir/`, `mv -t dir a b`: each source with its target. Several sources mean a folder. */
export function pairsOf(args: readonly ShellWord[], at: Resolve, valued = ""): { from: FilePath; to: string }[] {
  const into = args.findIndex(({ value }) => value === "-t" || value === "--target-directory");
  const operands = operandsOf(args, `${valued} -t --target-directory -S --suffix`);
  const target = into === -1 ? operands.pop() : args[into + 1];
  const to = target === undefined ? null : pathOf(target, at);
  if (to === null) return [];
  const isFolder =
    into !== -1 || operands.length > 1 || /(^|\/)\.{0,2}$/.test(target?.value ?? target?.glob?.literal ?? "");
  const destination = isFolder && !to.endsWith("/") ? `${to}/` : to;
  return filesOf(operands, at).map((from) => ({ from, to: destination }));
}

/** The word that follows one of these options. */
export function optionValue(args: readonly ShellWord[], ...names: string[]): string | null {
  const at = args.findIndex(({ value }) => names.includes(value ?? ""));
  return at === -1 ? null : (args[at + 1]?.value ?? null);
}
