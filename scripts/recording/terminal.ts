// Interactive Codex inside tmux: some things, like forks in older versions, exist only there.
import { type RunResult, run } from "../../src/system/spawn.ts";
import type { CodexSandbox } from "../../test/clients/codex-session.ts";
import type { ResponsesEndpoint } from "../../test/clients/responses-endpoint.ts";
import type { Step } from "../../test/clients/script.ts";

export interface TerminalSession {
  codex: string;
  cwd: string;
  /** What follows `codex`; its last word is the first prompt. */
  args: readonly string[];
  /** Prompts typed one by one, each after the answer to the one before. */
  typed: readonly string[];
  steps: readonly Step[];
}

const PATIENCE_MS = 30_000;
/** How long the screen may take to catch up with what was answered. */
const SETTLE_MS = 1_000;

/** Plays the steps in a terminal, and leaves it with `/quit`. */
export async function runInTerminal(
  sandbox: CodexSandbox,
  endpoint: ResponsesEndpoint,
  { codex, cwd, args, typed, steps }: TerminalSession,
): Promise<void> {
  const tmux = (...command: string[]): Promise<RunResult> =>
    run(["tmux", "-L", "recording", ...command], { cwd, env: { ...sandbox.env, TERM: "xterm-256color" } });
  const type = async (text: string) => {
    await tmux("send-keys", "-t", "codex", "-l", text);
    await Bun.sleep(SETTLE_MS);
    await tmux("send-keys", "-t", "codex", "Enter");
  };
  const unattended = "--dangerously-bypass-approvals-and-sandbox";
  try {
    await tmux("new-session", "-d", "-x", "120", "-y", "40", "-s", "codex", codex, unattended, ...args);
    const answers = steps.flatMap((step, index) => ("say" in step ? [index + 1] : []));
    for (const [index, answered] of answers.entries()) {
      await until(() => endpoint.requests.filter(({ path }) => path.endsWith("/responses")).length >= answered);
      await Bun.sleep(SETTLE_MS);
      await type(typed[index] ?? "/quit");
    }
    await until(async () => (await tmux("has-session", "-t", "codex")).code !== 0);
  } catch (error) {
    const screen = await tmux("capture-pane", "-p", "-t", "codex");
    throw new Error(`codex got stuck:\n${screen.stdout}`, { cause: error });
  } finally {
    await tmux("kill-server");
  }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error("waited too long");
    await Bun.sleep(100);
  }
}
