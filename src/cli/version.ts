// What `--version` prints. The entry point answers it before anything else is loaded: even `node:path` would cost a
// fifth of its time.
import packageJson from "../../package.json" with { type: "json" };

/** Stamped in by `scripts/build`; absent when the sources are run. */
declare const BUILD_COMMIT: string;
declare const BUILD_TARGET: string;

const PROGRAMS = ["ctx", "ai-code-sessions"] as const;
export type Program = (typeof PROGRAMS)[number];

/** The name the program was called by: both are the same file. */
export function programName(argv0: string): Program {
  const name = argv0
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, "");
  return PROGRAMS.find((program) => program === name) ?? "ctx";
}

/** The form in which the whole command line asks for the version; null when it asks for something else. */
export function versionFormat(argv: readonly string[]): "text" | "json" | null {
  const isVersion = (arg: string) => arg === "--version" || arg === "-V";
  if (!argv.some(isVersion) || !argv.every((arg) => isVersion(arg) || arg === "--json")) return null;
  return argv.includes("--json") ? "json" : "text";
}

/** One line, `ctx 0.1.0 (3f2a91c04d linux-x64)`, or the same facts as JSON. */
export function renderVersion(program: Program, format: "text" | "json"): string {
  const commit = typeof BUILD_COMMIT === "undefined" ? "source" : BUILD_COMMIT;
  const target = typeof BUILD_TARGET === "undefined" ? `${process.platform}-${process.arch}` : BUILD_TARGET;
  const { version } = packageJson;
  if (format === "json") return `${JSON.stringify({ name: program, version, commit, target }, null, 2)}\n`;
  return `${program} ${version} (${commit} ${target})\n`;
}
