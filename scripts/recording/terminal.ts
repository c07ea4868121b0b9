// Runs Codex in a terminal. Some features, such as forks in older versions, are available only there.
import type { CodexSandbox } from "../../test/clients/codex-session.ts";
import type { ResponsesEndpoint } from "../../test/clients/responses-endpoint.ts";
import type { Step } from "../../test/clients/script.ts";
import { Terminal } from "../../test/clients/terminal.ts";

export interface TerminalSession {
  codex: string;
  cwd: string;
  /** The arguments of `codex`. The last one is the first prompt. */
  args: readonly string[];
  /** Further prompts, each typed after the previous answer. */
  typed: readonly string[];
  steps: readonly Step[];
}

/** How long the screen may take to show an answer. */
const SETTLE_MS = 1_000;

/** Plays the steps, and quits with `/quit`. */
export async function runInTerminal(
  sandbox: CodexSandbox,
  endpoint: ResponsesEndpoint,
  { codex, cwd, args, typed, steps }: TerminalSession,
): Promise<void> {
  await using terminal = await Terminal.open({ cwd, env: sandbox.env });
  const words = [codex, "--dangerously-bypass-approvals-and-sandbox", ...args];
  await terminal.enter(`${words.map(quoted).join(" ")}; echo "status $?"`);
  const answers = steps.flatMap((step, index) => ("say" in step ? [index + 1] : []));
  for (const [index, answered] of answers.entries()) {
    await terminal.waitFor(
      () => endpoint.requests.filter(({ path }) => path.endsWith("/responses")).length >= answered,
    );
    await Bun.sleep(SETTLE_MS);
    await terminal.type(typed[index] ?? "/quit");
    await Bun.sleep(SETTLE_MS);
    await terminal.press("Enter");
  }
  await terminal.waitFor(/^status \d+$/m);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
