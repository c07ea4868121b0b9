// The script of a scripted model.

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
  /** A shell command; with `yieldMs` the tool returns after that time even if the command still runs. */
  | { run: string; workdir?: string; yieldMs?: number }
  | { patch: string }
  /** Input for the command that is still running; with an empty text the tool only waits for it. */
  | { stdin: string }
  /** Any function, whether the client offers it or not. */
  | { call: { name: string; namespace?: string; arguments: unknown } }
  /** JavaScript for code mode. */
  | { code: string };

interface StepOptions {
  /** A reasoning summary shown before the rest. */
  think?: string;
  /** A web search by the provider before the rest; alone it would end the turn. */
  search?: string;
  /** Waits this long before it answers. */
  delayMs?: number;
  /** Waits for this before it answers. */
  after?: Promise<unknown>;
  /** The number of input tokens that the answer reports, to trigger a compaction. */
  inputTokens?: number;
}

/** One step per request, the last one for all further requests; or a function that chooses by request. */
export type Script = readonly [Step, ...Step[]] | ((body: unknown) => Step | Promise<Step>);

/** A call by which newer versions of Codex start a subagent or send it a message. */
export function collaborate(name: string, args: unknown): Call {
  return { call: { name, namespace: "collaboration", arguments: args } };
}
