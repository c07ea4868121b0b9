import type { Agent } from "../agent.ts";
import { readArguments } from "./arguments.ts";
import { codexHome } from "./paths.ts";
import { watchRun } from "./watch.ts";

export const codex: Agent = {
  id: "codex",
  name: "Codex",
  program: "codex",
  homeVariable: "CODEX_HOME",
  projectFolder: ".codex",
  sessionVariables: ["CODEX_THREAD_ID"],
  homeOf: codexHome,
  readArguments,
  resumeArguments: (sessionId) => ["resume", sessionId],
  watchRun,
  bindRun: async (run, context) => await (await import("./bind.ts")).bindRun(run, context),
  loadReader: async () => (await import("./reader.ts")).codexReader,
};
