// A made-up tool, Echo. Its logs are `$ECHO_HOME/logs/<session id>.jsonl`, and it takes a session's id as an argument.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Agent } from "../../../src/agents/agent.ts";
import { logPath } from "./paths.ts";

export const echo: Agent = {
  id: "echo",
  name: "Echo",
  program: "echo-agent",
  homeVariable: "ECHO_HOME",
  projectFolder: ".echo",
  sessionVariables: ["ECHO_SESSION"],
  homeOf: (env, home) => env.ECHO_HOME || join(home, ".echo"),
  readArguments: (args) => ({
    resume: args[0] === "--resume" ? { id: args[1] ?? null } : null,
    fork: false,
    sessionId: null,
    folder: null,
    isOther: args[0] === "--version",
    isBackground: false,
    isHeadless: true,
  }),
  resumeArguments: (sessionId) => ["--resume", sessionId],
  newSessionArguments: (sessionId) => ["--session", sessionId],
  watchRun: () => ({ observe: () => null, found() {}, stop() {} }),
  async bindRun({ resume, session_id }, { home }) {
    const path = logPath(home, resume?.id ?? session_id ?? "");
    return existsSync(path) ? [{ path, rule: resume === null ? "session-id" : "resumed" }] : [];
  },
  loadReader: async () => (await import("./reader.ts")).echoReader,
};
