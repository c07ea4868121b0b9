import { existsSync } from "node:fs";
import { join } from "node:path";
import { AGENTS } from "../../agents/registry.ts";
import type { Finding } from "../../secrets/scan/findings.ts";
import { scanPaths } from "../../secrets/scan/scan-files.ts";
import { scanStaged } from "../../secrets/scan/scan-staged.ts";
import { plural } from "../../system/plural.ts";
import { defineArgs, outputArgs, repositoryArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { escapeLine } from "../terminal-escape.ts";
import { UsageError } from "../usage-error.ts";

export const args = defineArgs({
  path: {
    type: "positional",
    multiple: true,
    required: false,
    description: "files and folders; default: the repository's `.changelog` and session directories",
  },
  staged: { type: "boolean", description: "search the changes staged in git instead" },
  ...repositoryArgs,
  ...outputArgs,
});

export async function run(values: Values<typeof args>, { cwd, output, messages }: Io): Promise<Exit> {
  if (values.staged && values.path.length > 0) {
    throw new UsageError("`--staged` and paths cannot be used together", "omit one of them");
  }
  const root = await resolveRoot(values, cwd);
  const findings: Finding[] = [];
  const report = async (finding: Finding): Promise<void> => {
    findings.push(finding);
    if (!values.json) await output.line(lineOf(finding));
  };
  const named = values.path.filter((path) => path !== "").map((path) => resolvePath(path, cwd) ?? path);
  const paths = named.length > 0 ? named : ownFolders(root);
  const count = values.staged ? await scanStaged(root, report) : await scanPaths(paths, report);
  if (values.json) await output.json({ findings, ...count });
  const skipped = count.skipped === 0 ? "" : `, skipped ${count.skipped} (not text, or not readable)`;
  messages.info(`scanned ${plural(count.files, "file")}${skipped}`);
  return findings.length === 0 ? "done" : "failed";
}

/** The folders that `ctx` writes in a repository. */
function ownFolders(root: string): string[] {
  const folders = [".changelog", ...AGENTS.map(({ projectFolder }) => `${projectFolder}/sessions`)];
  return folders.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
}

function lineOf({ file, line, kind, masked }: Finding): string {
  return `${escapeLine(file)}:${line}: ${kind} ${masked}`;
}
