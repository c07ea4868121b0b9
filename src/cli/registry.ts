// Every command, with its description. A command's file is loaded only when its flags are needed.
import { defineCommand } from "citty";
import { TOOLS } from "../agents/registry.ts";
import type { Args, Values } from "./args.ts";
import type { CommandModule, Io, Registered } from "./command.ts";

/** A command whose file is loaded on demand. */
export function defineLazy<A extends Args>(description: string, load: () => Promise<CommandModule<A>>): Registered {
  const command = defineCommand<Args>({
    meta: { description },
    args: async () => (await load()).args,
    // The parser has checked every value against its declaration.
    run: async ({ args, data }) => await (await load()).run(args as Values<A>, data as Io),
  });
  return command as Registered;
}

export const registry: Registered = {
  meta: { description: "turn each run of a coding agent into a readable transcript and one true changelog entry" },
  args: {
    version: { type: "boolean", alias: "V", description: "print version, commit and target; as JSON with `--json`" },
  },
  environment: { "CTX_DEBUG=1": "print each decision, its reason and its timing on standard error" },
  epilog: `Run ${TOOLS.map((tool) => `\`ctx "label" --${tool}\``).join(" or ")} to start a tool and record its run.`,
  subCommands: {
    archive: defineLazy("write one page that lists every session", () => import("./commands/archive.ts")),
    changelog: {
      meta: { description: "record the runs that the changelog is missing" },
      subCommands: {
        backfill: defineLazy(
          "record the runs in session directories that have no entry yet",
          () => import("./commands/changelog-backfill.ts"),
        ),
        sync: defineLazy(
          "record runs straight from the tools' native logs",
          () => import("./commands/changelog-sync.ts"),
        ),
      },
    },
    config: {
      meta: { description: "show the configuration" },
      subCommands: {
        show: defineLazy("print every setting and where it is set", () => import("./commands/config-show.ts")),
      },
    },
    "export-latest": defineLazy(
      "export the latest run and record its changelog entry",
      () => import("./commands/export-latest.ts"),
    ),
    "find-source": defineLazy("print the path of a run's native log", () => import("./commands/find-source.ts")),
    json: defineLazy("render a native log as pages or Markdown", () => import("./commands/json.ts")),
    open: defineLazy("open the transcript of a session in the browser", () => import("./commands/open.ts")),
    recover: defineLazy(
      "finish runs that a crash or a closed terminal interrupted",
      () => import("./commands/recover.ts"),
    ),
    resume: {
      ...defineLazy("choose a session and resume it", () => import("./commands/resume.ts")),
      startsTool: true,
    },
    scan: defineLazy("find secrets in files; exit 1 if any are found", () => import("./commands/scan.ts")),
  },
};
