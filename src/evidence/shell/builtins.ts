// Commands that change the shell itself: where it stands, how it takes failures, what it reads next.
import { posix } from "node:path";
import type { Course } from "./courses.ts";
import type { ShellWord } from "./words.ts";

/** Where a path leads from a directory; null where one of them is unknown. `~` stands for the home directory. */
export function resolveFrom(directory: string | null, path: string): string | null {
  if (path.startsWith("/") || path === "~" || path.startsWith("~/")) return posix.normalize(path);
  // A log from Windows names its files from the drive.
  if (/^[A-Za-z]:[\\/]/.test(path)) return path;
  return directory === null || path.startsWith("~") ? null : posix.join(directory, path);
}

/** The course after `cd`, `pushd` or `popd` succeeded; any other command leaves it as it is. */
export function changeDirectory(words: readonly ShellWord[], course: Course): Course {
  const inner = words[0]?.value === "builtin" || words[0]?.value === "command" ? words.slice(1) : words;
  const program = inner[0]?.value;
  if (program === "popd") return { ...course, directory: null };
  if (program !== "cd" && program !== "pushd" && program !== "chdir") return course;
  const target = inner
    .slice(1)
    .find((word) => word.value === null || !/^-[LPe@-]*$/.test(word.value) || word.value === "-");
  if (target === undefined) return { ...course, directory: program === "cd" ? "~" : null };
  if (target.value === null || target.value === "-") return { ...course, directory: null };
  return { ...course, directory: resolveFrom(course.directory, target.value) };
}

/** The course after `set -e`, `set -o pipefail`, `set +e` and the like. */
export function setOptions(words: readonly ShellWord[], course: Course): Course {
  const flags = shellFlags(words.slice(1).map((word) => word.value ?? ""));
  return {
    ...course,
    failed: false,
    errexit: flags.errexit ?? course.errexit,
    pipefail: flags.pipefail ?? course.pipefail,
  };
}

/** Reads `-euo pipefail`; stops at the first word that is no option, whose place it tells. */
function shellFlags(args: readonly string[]): { errexit?: boolean; pipefail?: boolean; script: boolean; next: number } {
  const flags: { errexit?: boolean; pipefail?: boolean; script: boolean; next: number } = { script: false, next: 0 };
  for (; flags.next < args.length; flags.next++) {
    const arg = args[flags.next] ?? "";
    if (!/^[-+][A-Za-z]+$/.test(arg)) break;
    const on = arg.startsWith("-");
    if (arg.includes("e")) flags.errexit = on;
    if (arg.includes("c")) flags.script = true;
    if (arg.endsWith("o")) {
      flags.next++;
      if (args[flags.next] === "pipefail") flags.pipefail = on;
      if (args[flags.next] === "errexit") flags.errexit = on;
    }
  }
  return flags;
}

const SHELLS = new Set(["bash", "sh", "zsh", "dash", "ksh"]);

/** A script inside a command: `bash -lc '…'`, `eval '…'`, `sh <<EOF`. `shares`: it runs in the same shell. */
export function shellSource(
  { inner, program }: { inner: readonly ShellWord[]; program: string },
  input: string | null,
): { source: string; shares: boolean; errexit: boolean; pipefail: boolean } | null {
  if (program !== "eval" && !SHELLS.has(program)) return null;
  const values = inner.slice(1).map((word) => word.value);
  if (program === "eval") {
    if (values.length === 0 || values.includes(null)) return null;
    return { source: values.join(" "), shares: true, errexit: false, pipefail: false };
  }
  const flags = shellFlags(values.map((value) => value ?? ""));
  const source = values[flags.next];
  const { errexit = false, pipefail = false } = flags;
  if (input !== null && !flags.script && (source === undefined || source === "-s")) {
    return { source: input, shares: false, errexit, pipefail };
  }
  if (!flags.script || source === undefined || source === null) return null;
  return { source, shares: false, errexit, pipefail };
}
