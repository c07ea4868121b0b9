// Pairs calls with their results, which may come in any order, and background commands with the report of their end.
import type { SessionEvent } from "../../events/event.ts";
import { fieldsField, numberField, textField } from "../fields.ts";
import { callEvent, isShell, startedCommand, type ToolCall, unansweredEvent } from "./call-events.ts";
import { backgroundTask, type CallResult, persistedPath } from "./outputs.ts";
import type { BackgroundCommand } from "./parser-state.ts";
import type { TaskNotice } from "./task-notices.ts";

/** Access to the sidecar files of the log. */
export interface SessionFiles {
  /** The end of an output that was too large for the log; null when its file is gone. */
  persistedOutput(path: string): string | null;
  /** The events of a subagent until a time that were not returned before; null when the subagent has no log. */
  subagentEvents(subagent: SubagentReference, until: string | null): Iterable<SessionEvent> | null;
}

/** Names a subagent by its own id, or by the call that started it. */
export interface SubagentReference {
  id: string | null;
  call: string | null;
  /** The offset of the call in the session's log. */
  offset: number;
  /** Whether the subagent has ended: calls without a result were then interrupted. */
  isOver: boolean;
}

/** The end of a task may be reported again: by the queue, a user record or an attachment. */
const MAX_ENDED = 1_000;
const DELEGATING = new Set(["Agent", "Task"]);
const POLLING = new Set(["BashOutput", "TaskOutput", "AgentOutputTool"]);

export class OpenCalls {
  readonly #files: SessionFiles;
  readonly #agent: string | null;
  readonly #open = new Map<string, ToolCall>();
  readonly #background: Map<string, BackgroundCommand>;
  /** What commands printed before they were moved to the background. */
  readonly #printed = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(files: SessionFiles, agent: string | null, background: readonly BackgroundCommand[] = []) {
    this.#files = files;
    this.#agent = agent;
    this.#background = new Map(background.map((command) => [command.task, command]));
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  get background(): BackgroundCommand[] {
    return [...this.#background.values()];
  }

  add(call: ToolCall): void {
    this.#open.set(call.id, call);
  }

  /** The id of the open call that started a subagent with this prompt. */
  delegatingCall(prompt: string): string | null {
    for (const { id, name, input } of this.#open.values()) {
      if (DELEGATING.has(name) && textField(input, "prompt") === prompt) return id;
    }
    return null;
  }

  /** The events of a result; null when its call is unknown, as at the beginning of a range. */
  addResult(result: CallResult): Iterable<SessionEvent> | null {
    const call = this.#open.get(result.id);
    if (call === undefined) return null;
    this.#open.delete(result.id);
    const task = isShell(call.name) ? backgroundTask(result) : null;
    if (task !== null) {
      this.#leaveRunning(call, task, result);
      return [];
    }
    const delegated = this.#delegatedEvents(call, result);
    if (delegated !== null) return delegated;
    const path = persistedPath(result);
    const printed = path === null ? null : this.#files.persistedOutput(path);
    return [...this.#polledEvents(call, result), callEvent(call, result, printed)];
  }

  /** The events of a background task that has ended; null when the task is unknown. */
  endTask({ task, outcome, exitCode }: TaskNotice, at: string | null): Iterable<SessionEvent> | null {
    const command = this.#background.get(task);
    if (command !== undefined) {
      this.#forget(task);
      const status = exitCode ?? (outcome === "ok" ? 0 : null);
      return [{ ...this.#startedCommand(command, at), outcome, exitCode: status, output: this.#takePrinted(task) }];
    }
    if (this.#ended.has(task)) return [];
    return this.#files.subagentEvents({ id: task, call: null, offset: 0, isOver: true }, at);
  }

  /** A new turn begins at `next`: calls without a result will never get one. */
  interrupt(at: string | null, next: string | null): SessionEvent[] {
    return this.#abandon(at, next, "interrupted");
  }

  /** Called at the end of the range. */
  finish(at: string | null): SessionEvent[] {
    const running = this.background.map((command): SessionEvent => {
      return { ...this.#startedCommand(command, at), outcome: "running", output: this.#takePrinted(command.task) };
    });
    this.#background.clear();
    return [...this.#abandon(at, null, "running"), ...running];
  }

  #abandon(at: string | null, until: string | null, outcome: "interrupted" | "running"): SessionEvent[] {
    const calls = [...this.#open.values()];
    this.#open.clear();
    return calls.flatMap((call) => {
      const delegated = this.#subagentEvents(call, null, until, outcome === "interrupted");
      return delegated === null ? [unansweredEvent(call, at, outcome)] : [...delegated];
    });
  }

  #leaveRunning({ id, input, cwd, at, offset }: ToolCall, task: string, { details }: CallResult): void {
    const command = textField(input, "command") ?? "";
    this.#background.set(task, { task, id, command, cwd, startedAt: at, offset });
    this.#printed.set(task, textField(details ?? {}, "stdout") ?? "");
  }

  /** In older versions the model polls a task; the result of the last poll reports the end of the task. */
  #polledEvents({ name }: ToolCall, { details, at }: CallResult): SessionEvent[] {
    if (!POLLING.has(name) || details === null) return [];
    const polled = fieldsField(details, "task") ?? details;
    const task = textField(polled, "task_id") ?? textField(polled, "shellId");
    const command = task === null ? undefined : this.#background.get(task);
    const status = textField(polled, "status");
    if (task === null || command === undefined || status === null || /^(?:running|pending)$/.test(status)) return [];
    const exitCode = numberField(polled, "exit_code");
    const output = textField(polled, "output") ?? textField(polled, "stdout") ?? "";
    const outcome = exitCode === null ? "unknown" : exitCode === 0 ? "ok" : "failed";
    this.#forget(task);
    this.#printed.delete(task);
    return [{ ...this.#startedCommand(command, at), outcome, exitCode, output }];
  }

  #delegatedEvents(call: ToolCall, result: CallResult): Iterable<SessionEvent> | null {
    const recorded = textField(result.details ?? {}, "agentId");
    if (recorded === null && !DELEGATING.has(call.name)) return null;
    const id = recorded ?? /\bagentId: ([\w-]+)/.exec(result.text)?.[1] ?? null;
    const isAsync = result.details?.isAsync === true || /^Async agent launched/.test(result.text);
    return this.#subagentEvents(call, id, result.at, !isAsync);
  }

  #subagentEvents(
    { name, id: call, offset }: ToolCall,
    id: string | null,
    until: string | null,
    isOver: boolean,
  ): Iterable<SessionEvent> | null {
    if (id === null && !DELEGATING.has(name)) return null;
    return this.#files.subagentEvents({ id, call, offset, isOver }, until);
  }

  #forget(task: string): void {
    this.#background.delete(task);
    if (this.#ended.size < MAX_ENDED) this.#ended.add(task);
  }

  #takePrinted(task: string): string {
    const printed = this.#printed.get(task) ?? "";
    this.#printed.delete(task);
    return printed;
  }

  #startedCommand({ id, command, cwd, startedAt, offset }: BackgroundCommand, at: string | null) {
    const call = { id, name: "Bash", input: { command }, offset, at: startedAt, turn: null, agent: this.#agent, cwd };
    return startedCommand(call, at);
  }
}
