// What a scripted model does, as data.

/** What the model does in answer to one request. */
export type Step = StepOptions &
  (
    | Call
    | { together: readonly Call[] }
    | { say: string }
    | { status: number; body?: unknown; headers?: Record<string, string> }
    | { failed: { code: string; message: string } }
  );

export type Call =
  /** A shell command; with `yieldMs` the tool returns after so long, while the command may still run. */
  | { run: string; workdir?: string; yieldMs?: number }
  | { patch: string }
  /** Text for the command that is still running; without any, it is waited for. */
  | { stdin: string }
  /** Any function the client offers, or does not offer. */
  | { call: { name: string; namespace?: string; arguments: unknown } }
  /** JavaScript for code mode. */
  | { code: string };

interface StepOptions {
  /** A reasoning summary shown before the rest. */
  think?: string;
  /** A web search the provider made before the rest; by itself it would end the turn. */
  search?: string;
  /** Waits this long before it answers. */
  delayMs?: number;
  /** Waits for this before it answers. */
  after?: Promise<unknown>;
  /** The tokens the answer claims to have read, to bring a compaction about. */
  inputTokens?: number;
}

/** One step per request, the last one for ever; or a choice by what was asked, for agents that ask side by side. */
export type Script = readonly [Step, ...Step[]] | ((body: unknown) => Step | Promise<Step>);

/** How newer versions of Codex give work to a subagent, and speak with it: by its name. */
export function collaborate(name: string, args: unknown): Call {
  return { call: { name, namespace: "collaboration", arguments: args } };
}
