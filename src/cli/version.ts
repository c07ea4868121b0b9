// `--version`, which loads nothing else: even `node:path` would take a fifth of its time.
import packageJson from "../../package.json" with { type: "json" };

/** Defined by `scripts/build`; absent when running from source. */
declare const BUILD_COMMIT: string;
declare const BUILD_TARGET: string;

const PROGRAMS = ["ctx", "ai-code-sessions"] as const;
export type Program = (typeof PROGRAMS)[number];

/** The name the program was called by: both names are the same file. */
export function programName(argv0: string): Program {
  const name = argv0
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, "");
  return PROGRAMS.find((program) => program === name) ?? "ctx";
}

/** How to print the version, when the command line asks for nothing else; or null. */
export function versionFormat(argv: readonly string[]): "text" | "json" | null {
  const isVersion = (arg: string) => arg === "--version" || arg === "-V";
  if (!argv.some(isVersion) || !argv.every((arg) => isVersion(arg) || arg === "--json")) return null;
  return argv.includes("--json") ? "json" : "text";
}

/** `ctx 0.1.0 (3f2a91c04d linux-x64)`, or the same as JSON. */
export function renderVersion(program: Program, format: "text" | "json"): string {
  const commit = typeof BUILD_COMMIT === "undefined" ? "source" : BUILD_COMMIT;
  const target = typeof BUILD_TARGET === "undefined" ? `${process.platform}-${process.arch}` : BUILD_TARGET;
  const { version } = packageJson;
  if (format === "json") return `${JSON.stringify({ name: program, version, commit, target }, null, 2)}\n`;
  return `${program} ${version} (${commit} ${target})\n`;
}
