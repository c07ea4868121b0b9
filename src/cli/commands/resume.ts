import { existsSync } from "node:fs";
import { TOOLS, type Tool } from "../../agents/tools.ts";
import { type ListedSession, listSessions } from "../../library/sessions.ts";
import { ExpectedError } from "../../system/errors.ts";
import { topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolveRoot } from "../resolve.ts";
import { isTerminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const args = defineArgs({
  tool: { type: "positional", required: true, description: "whose session: `codex` or `claude`" },
  latest: { type: "boolean", description: "go on with the session worked on last, without asking" },
  ...placeArgs,
  ...outputArgs,
});

/** How each tool is called, and how it goes on with a session. */
const TOOL_WORDS = {
  codex: { name: "Codex", resume: ["resume"], home: "CODEX_HOME" },
  claude: { name: "Claude Code", resume: ["--resume"], home: "CLAUDE_CONFIG_DIR" },
} as const;

export default command(args, async (values, { program, cwd, env, home, now, output, messages, toolArgs }) => {
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

  await enter(session, cwd, (folder) => messages.info(`going on in \`${folder}\`, where the session belongs`));
  const { runWrapper } = await import("../wrapper.ts");
  const own = [...(values.quiet ? ["--quiet"] : []), ...(values.verbose ? ["--verbose"] : [])];
  return await runWrapper({ own, tool, toolArgs: [...TOOL_WORDS[tool].resume, session.id, ...toolArgs] }, program);
});

function toolOf(word: string): Tool {
  const tool = TOOLS.find((tool) => tool === word);
  if (tool !== undefined) return tool;
  throw new UsageError(`the tool cannot be \`${word}\``, `one of: ${TOOLS.map((name) => `\`${name}\``).join(", ")}`);
}

async function pick(
  sessions: readonly ListedSession[],
  tool: Tool,
  now: Date,
): Promise<ListedSession | { signal: NodeJS.Signals }> {
  const { name, resume } = TOOL_WORDS[tool];
  if (!isTerminal("stdin") || !isTerminal("stderr")) {
    throw new ExpectedError("there is no terminal to pick a session in", {
      hint: `use \`--latest\`, or name it: \`ctx --${tool} ${resume.join(" ")} ID\`; \`--json\` lists them`,
    });
  }
  const { pickSession } = await import("../session-picker.ts");
  const { session, signal } = await pickSession(sessions, `Go on with which session of ${name}?`, now);
  return session ?? { signal: signal ?? "SIGINT" };
}

/** A session of another work tree goes on there, where its directory and its changelog are. */
async function enter({ cwd, worktree }: ListedSession, here: string, onMove: (folder: string) => void): Promise<void> {
  const folder = [cwd, worktree].find((path) => existsSync(path));
  if (folder === undefined || realPath(await topLevel(here)) === worktree) return;
  process.chdir(folder);
  onMove(folder);
}

function noSessions(tool: Tool, root: string): ExpectedError {
  const { name, home } = TOOL_WORDS[tool];
  return new ExpectedError(`no session of ${name} began in \`${root}\``, {
    hint: `begin one with \`ctx "label" --${tool}\`, or set \`${home}\` if its files are elsewhere`,
  });
}
