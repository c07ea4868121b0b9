import { mkdir, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

const USAGE = "usage: scripts/build [--target bun-linux-x64] [--outdir dist]";

/** The target this Bun builds for when none is named. */
export const HOST = `bun-${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** What a release is built for. */
export const TARGETS = [
  "bun-linux-x64",
  "bun-linux-arm64",
  "bun-linux-x64-musl",
  "bun-linux-arm64-musl",
  "bun-darwin-x64",
  "bun-darwin-arm64",
];

export interface BuildOptions {
  target: string;
  outdir: string;
  /** What is compiled; the program itself unless a benchmark wants something to compare it with. */
  entry?: string;
}

/** Compiles one executable under its two names and returns its path. */
export async function build({ target, outdir, entry = "src/main.ts" }: BuildOptions): Promise<string> {
  await mkdir(outdir, { recursive: true });
  const outfile = join(outdir, target.includes("windows") ? "ctx.exe" : "ctx");
  await Bun.build({
    entrypoints: [entry],
    // A command is not even read until it is asked for, and is compiled ahead of time: measured in pairs, splitting
    // takes `--version` from 27 ms to 5, bytecode takes the help of a command from 42 ms to 19.
    splitting: true,
    bytecode: true,
    format: "esm",
    minify: true,
    define: {
      BUILD_COMMIT: JSON.stringify(commit()),
      BUILD_TARGET: JSON.stringify(target.replace(/^bun-/, "")),
    },
    compile: {
      ...(target === HOST ? {} : { target: target as Bun.Build.CompileTarget }),
      outfile,
      // Else the program would run the preload scripts, and read the secrets, of whatever folder it is started in.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  });
  const link = join(outdir, "ai-code-sessions");
  await rm(link, { force: true });
  await symlink(basename(outfile), link);
  return outfile;
}

/** The commit that is built; marked when the work tree differs from it. */
function commit(): string {
  const git = Bun.spawnSync(["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]);
  return git.success ? git.stdout.toString().trim() : "unknown";
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      target: { type: "string", default: HOST },
      outdir: { type: "string", default: "dist" },
      help: { type: "boolean" },
    },
  });
  process.stdout.write(`${values.help ? USAGE : await build(values)}\n`);
}
