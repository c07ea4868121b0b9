// Every command, with its description. A command's file is loaded only when its flags are needed.
import { defineCommand } from "citty";
import { TOOLS } from "../agents/registry.ts";
import type { Args, Values } from "./args.ts";
import { alternatives, type CommandModule, type CommandNode, type Io } from "./command.ts";

/** A command whose file is loaded on demand. */
export function lazyCommand<A extends Args>(description: string, load: () => Promise<CommandModule<A>>): CommandNode {
  const command = defineCommand<Args>({
    meta: { description },
    args: async () => (await load()).args,
    // The parser has checked every value against its declaration.
    run: async ({ args, data }) => await (await load()).run(args as Values<A>, data as Io),
  });
  return command as CommandNode;
}

export const registry: CommandNode = {
  meta: { description: "turn each run of a coding agent into a readable transcript and a changelog entry" },
  args: {
    version: {
      type: "boolean",
      alias: "V",
      description: "print version, commit and build target; as JSON with `--json`",
    },
  },
  environment: { "CTX_DEBUG=1": "print a debug log on standard error: what was decided, why and when" },
  epilog: `Run ${alternatives(TOOLS.map((tool) => `\`ctx "label" --${tool}\``))} to start a tool and record its run.`,
  subCommands: {
    archive: lazyCommand("write one page that lists every session", () => import("./commands/archive.ts")),
    changelog: {
      meta: { description: "add missing entries to the changelog" },
      subCommands: {
        backfill: lazyCommand(
          "add missing entries for the runs in session directories",
          () => import("./commands/changelog-backfill.ts"),
        ),
        sync: lazyCommand(
          "add missing entries for the runs in the tools' native logs",
          () => import("./commands/changelog-sync.ts"),
        ),
      },
    },
    config: {
      meta: { description: "show the configuration" },
      subCommands: {
        show: lazyCommand("print every setting and where it is set", () => import("./commands/config-show.ts")),
      },
    },
    "export-latest": lazyCommand(
      "export the latest run; with `--changelog`, also add a changelog entry",
      () => import("./commands/export-latest.ts"),
    ),
    "find-source": lazyCommand("print the path of a run's native log", () => import("./commands/find-source.ts")),
    json: lazyCommand("render a native JSONL log as pages or Markdown", () => import("./commands/json.ts")),
    open: lazyCommand("open the transcript of a session in the browser", () => import("./commands/open.ts")),
    recover: lazyCommand(
      "finish runs that a crash or a closed terminal interrupted",
      () => import("./commands/recover.ts"),
    ),
    resume: {
      ...lazyCommand("choose a session and resume it", () => import("./commands/resume.ts")),
      startsTool: true,
    },
    scan: lazyCommand("find secrets in files; exit 1 if any are found", () => import("./commands/scan.ts")),
  },
};
