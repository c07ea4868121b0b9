import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS } from "../../agents/tools.ts";
import type { Finding } from "../../secrets/scan/findings.ts";
import { scanPaths } from "../../secrets/scan/scan-files.ts";
import { scanStaged } from "../../secrets/scan/scan-staged.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { UsageError } from "../usage-error.ts";
import { visibleLine } from "../visible.ts";

const args = defineArgs({
  "path...": {
    type: "positional",
    description: "files and folders; default: `.changelog` and the session directories of the repository",
  },
  staged: { type: "boolean", description: "look through what git is about to commit instead" },
  ...placeArgs,
  ...outputArgs,
});

export default command(args, async (values, { cwd, output, messages }) => {
  const named = (values["path..."] ?? "").split("\0").filter((path) => path !== "");
  if (values.staged && named.length > 0) {
    throw new UsageError("`--staged` takes no paths", "leave one of them out");
  }
  const root = await resolveRoot(values, cwd);
  const findings: Finding[] = [];
  const report = async (finding: Finding): Promise<void> => {
    findings.push(finding);
    if (!values.json) await output.line(describe(finding));
  };
  const paths = named.length > 0 ? named.map((path) => resolvePath(path, cwd) ?? path) : ownFolders(root);
  const count = values.staged ? await scanStaged(root, report) : await scanPaths(paths, report);
  if (values.json) await output.json({ findings, ...count });
  const skipped = count.skipped === 0 ? "" : `, passed over ${count.skipped} (no text, or not to be read)`;
  messages.info(`looked through ${count.files} ${count.files === 1 ? "file" : "files"}${skipped}`);
  return findings.length === 0 ? "done" : "failed";
});

/** Where `ctx` writes in a repository. */
function ownFolders(root: string): string[] {
  const folders = [".changelog", ...TOOLS.map((tool) => `.${tool}/sessions`)];
  return folders.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
}

/** One line for each finding, whatever a file is called. */
function describe({ file, line, kind, masked }: Finding): string {
  return `${visibleLine(file)}:${line}: ${kind} ${masked}`;
}
