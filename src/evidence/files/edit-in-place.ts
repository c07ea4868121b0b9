// `sed -i` and `perl -pi`: programs that change the files they read.

import type { ShellWord } from "../shell/words.ts";
import { pathsOf, type Resolve } from "./arguments.ts";
import type { Operation } from "./operations.ts";

/** The files after the script. BSD's `-i ''` has the suffix of the backup as a word of its own. */
export function editInPlace(args: readonly ShellWord[], at: Resolve): Operation[] {
  let inPlace = false;
  let scripted = false;
  let suffix = "";
  const files: ShellWord[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    const value = word?.value;
    if (word === undefined) break;
    const [option, long, before = "", after = ""] =
      /^-(?:-in-place(?:=(.*))?|([0-9A-Za-z]*?)i(.*))$/.exec(value ?? "") ?? [];
    if (value === "--") continue;
    if (option !== undefined && !/[eEf]/.test(before)) {
      inPlace = true;
      // What follows the `i` is a suffix, unless it is more options: `-ie`, `-ni`, `-ipe`.
      suffix = long ?? after.replace(/^[pnelErsz]+$/, "");
      if (after.endsWith("e") && suffix === "") {
        scripted = true;
        index++;
      } else if (args[index + 1]?.value === "") index++;
    } else if (/^-[0-9A-Za-z]*[ef]$|^--(expression|file)$/.test(value ?? "")) {
      scripted = true;
      index++;
    } else if (/^--(expression|file)=/.test(value ?? "")) scripted = true;
    else if (value === null || !/^-./.test(value ?? "")) files.push(word);
  }
  if (!inPlace) return [];
  return pathsOf(scripted ? files : files.slice(1), at).flatMap((path): Operation[] => {
    const edited: Operation = { kind: "change", path };
    return suffix === "" || suffix.includes("*") ? [edited] : [{ kind: "write", path: path + suffix }, edited];
  });
}
