import type { Agent } from "../agent.ts";
import { readArguments } from "./arguments.ts";
import { claudeHome } from "./paths.ts";
import { watchRun } from "./watch.ts";

export const claude: Agent = {
  id: "claude",
  name: "Claude Code",
  program: "claude",
  homeVariable: "CLAUDE_CONFIG_DIR",
  projectFolder: ".claude",
  worktreesFolder: ".claude/worktrees",
  sessionVariables: [],
  homeOf: claudeHome,
  readArguments,
  resumeArguments: (sessionId) => ["--resume", sessionId],
  newSessionArguments: (sessionId) => ["--session-id", sessionId],
  watchRun,
  bindRun: async (run, context) => await (await import("./bind.ts")).bindRun(run, context),
  loadReader: async () => (await import("./reader.ts")).claudeReader,
};
