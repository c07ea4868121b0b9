import { existsSync } from "node:fs";
import { agentOf, TOOLS } from "../../agents/registry.ts";
import type { Tool } from "../../agents/tool.ts";
import { type ListedSession, listSessions } from "../../library/sessions.ts";
import { ExpectedError } from "../../system/errors.ts";
import { topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import { defineArgs, outputArgs, repositoryArgs, type Values } from "../args.ts";
import { alternatives, type Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolveRoot } from "../resolve.ts";
import { isTerminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

export const args = defineArgs({
  tool: {
    type: "positional",
    required: true,
    description: `tool of the session: ${alternatives(TOOLS.map((tool) => `\`${tool}\``))}`,
  },
  latest: { type: "boolean", description: "resume the most recent session without asking" },
  ...repositoryArgs,
  ...outputArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { program, cwd, env, home, now, output, messages, toolArgs } = io;
  const tool = toolOf(values.tool);
  const root = await resolveRoot(values, cwd);
  const latest = values.latest === true;
  const sessions = await listSessions({ tool, root, env, home, latest });
  if (values.json) {
    await output.json(sessions);
    return "done";
  }
  const [newest] = sessions;
  if (newest === undefined) throw noSessions(tool, root);
  const session = latest ? newest : await pick(sessions, tool, now());
  if ("signal" in session) return session;

  await enterFolder(session, cwd, (folder) => messages.info(`resuming in \`${folder}\`, where the session started`));
  const { runWrapper } = await import("../wrapper.ts");
  const own = [...(values.quiet ? ["--quiet"] : []), ...(values.verbose ? ["--verbose"] : [])];
  return await runWrapper(
    { own, tool, toolArgs: [...agentOf(tool).resumeArguments(session.id), ...toolArgs] },
    program,
  );
}

function toolOf(word: string): Tool {
  const tool = TOOLS.find((tool) => tool === word);
  if (tool !== undefined) return tool;
  throw new UsageError(`unknown tool \`${word}\``, `one of: ${TOOLS.map((name) => `\`${name}\``).join(", ")}`);
}

async function pick(sessions: readonly ListedSession[], tool: Tool, now: Date) {
  const { name, resumeArguments } = agentOf(tool);
  if (!isTerminal("stdin") || !isTerminal("stderr")) {
    throw new ExpectedError("cannot ask which session to resume: there is no terminal", {
      hint: `use \`--latest\`, or list the sessions with \`ctx resume ${tool} --json\` and run \`ctx --${tool} ${resumeArguments("ID").join(" ")}\``,
    });
  }
  const { pickSession } = await import("../picker.ts");
  return await pickSession(sessions, `Which ${name} session do you want to resume?`, now);
}

/** Changes to the worktree of a session, where its session directory and its changelog are. */
async function enterFolder(
  { cwd, worktree }: ListedSession,
  here: string,
  onMove: (folder: string) => void,
): Promise<void> {
  const folder = [cwd, worktree].find((path) => existsSync(path));
  if (folder === undefined || realPath(await topLevel(here)) === worktree) return;
  process.chdir(folder);
  onMove(folder);
}

function noSessions(tool: Tool, root: string): ExpectedError {
  const { name, homeVariable } = agentOf(tool);
  return new ExpectedError(`no ${name} session started in \`${root}\``, {
    hint: `start one with \`ctx "label" --${tool}\`, or set \`${homeVariable}\` if ${name} keeps its files elsewhere`,
  });
}
