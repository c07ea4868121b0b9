// Pairs calls with their results, which come in any order, and commands in the background with their end.
import type { SessionEvent } from "../../events/event.ts";
import { fieldsField, numberField, textField } from "../fields.ts";
import { commandOf, eventOf, isShell, type OpenCall, unanswered } from "./call-events.ts";
import { backgroundTask, type CallResult, persistedPath } from "./outputs.ts";
import type { BackgroundCommand } from "./parser-state.ts";
import type { TaskNotice } from "./task-notices.ts";

/** What lies beside the log. */
export interface World {
  /** The end of an output that was too large for the log; null where it is gone. */
  persisted(path: string): string | null;
  /** What a subagent did until then, as far as nobody asked for it yet; null where it left no log. */
  delegated(agent: AgentReference, until: string | null): Iterable<SessionEvent> | null;
}

/** What is known of a subagent: its own id, or the call that began it. */
export interface AgentReference {
  id: string | null;
  call: string | null;
  /** Where the call stands in the session's log. */
  offset: number;
  /** Whether it was waited for, or has told its end: what it has not finished by then was broken off. */
  isOver: boolean;
}

/** Tasks that ended already: the queue, a line of the user or an attachment may tell of them again. */
const MAX_ENDED = 1_000;
const DELEGATING = new Set(["Agent", "Task"]);
const POLLING = new Set(["BashOutput", "TaskOutput", "AgentOutputTool"]);

export class Calls {
  readonly #world: World;
  readonly #agent: string | null;
  readonly #open = new Map<string, OpenCall>();
  readonly #background: Map<string, BackgroundCommand>;
  /** What commands printed before they went to the background. */
  readonly #printed = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(world: World, agent: string | null, background: readonly BackgroundCommand[] = []) {
    this.#world = world;
    this.#agent = agent;
    this.#background = new Map(background.map((command) => [command.task, command]));
  }

  get isAnyOpen(): boolean {
    return this.#open.size > 0;
  }

  get background(): BackgroundCommand[] {
    return [...this.#background.values()];
  }

  open(call: OpenCall): void {
    this.#open.set(call.id, call);
  }

  /** The open call that handed a task to a subagent in these words. */
  delegatingCall(prompt: string): string | null {
    for (const { id, name, input } of this.#open.values()) {
      if (DELEGATING.has(name) && textField(input, "prompt") === prompt) return id;
    }
    return null;
  }

  /** What a result tells; null when nobody knows its call, as at the beginning of a range. */
  answer(result: CallResult): Iterable<SessionEvent> | null {
    const call = this.#open.get(result.id);
    if (call === undefined) return null;
    this.#open.delete(result.id);
    const task = isShell(call.name) ? backgroundTask(result) : null;
    if (task !== null) {
      this.#leaveRunning(call, task, result);
      return [];
    }
    const told = this.#delegated(call, result);
    if (told !== null) return told;
    return [...this.#polled(call, result), eventOf(call, result, this.#persisted(result))];
  }

  /** A task in the background has ended; null when it is none of ours. */
  ended(notice: TaskNotice, at: string | null): Iterable<SessionEvent> | null {
    const { task, outcome, exitCode } = notice;
    const command = this.#background.get(task);
    if (command !== undefined) {
      this.#forget(task);
      const status = exitCode ?? (outcome === "ok" ? 0 : null);
      return [{ ...this.#commandOf(command, at), outcome, exitCode: status, output: this.#takePrinted(task) }];
    }
    if (this.#ended.has(task)) return [];
    return this.#world.delegated({ id: task, call: null, offset: 0, isOver: true }, at);
  }

  /** A new turn begins at `next`: what has no result yet will never have one. */
  interrupt(at: string | null, next: string | null): SessionEvent[] {
    return this.#abandon(at, next, "interrupted");
  }

  /** The range is over. */
  finish(at: string | null): SessionEvent[] {
    const running = this.background.map((command): SessionEvent => {
      return { ...this.#commandOf(command, at), outcome: "running", output: this.#takePrinted(command.task) };
    });
    this.#background.clear();
    return [...this.#abandon(at, null, "running"), ...running];
  }

  #abandon(at: string | null, until: string | null, outcome: "interrupted" | "running"): SessionEvent[] {
    const calls = [...this.#open.values()];
    this.#open.clear();
    return calls.flatMap((call) => {
      const told = this.#toldBySubagent(call, null, until, outcome === "interrupted");
      return told === null ? [unanswered(call, at, outcome)] : [...told];
    });
  }

  #leaveRunning({ id, input, cwd, at, offset }: OpenCall, task: string, { details }: CallResult): void {
    const command = textField(input, "command") ?? "";
    this.#background.set(task, { task, id, command, cwd, startedAt: at, offset });
    this.#printed.set(task, textField(details ?? {}, "stdout") ?? "");
  }

  /** Older versions ask for the output of a task, and are told its end that way. */
  #polled({ name }: OpenCall, { details, at }: CallResult): SessionEvent[] {
    if (!POLLING.has(name) || details === null) return [];
    const about = fieldsField(details, "task") ?? details;
    const task = textField(about, "task_id") ?? textField(about, "shellId");
    const command = task === null ? undefined : this.#background.get(task);
    const status = textField(about, "status");
    if (task === null || command === undefined || status === null || /^(?:running|pending)$/.test(status)) return [];
    const exitCode = numberField(about, "exit_code");
    const output = textField(about, "output") ?? textField(about, "stdout") ?? "";
    const outcome = exitCode === null ? "unknown" : exitCode === 0 ? "ok" : "failed";
    this.#forget(task);
    this.#printed.delete(task);
    return [{ ...this.#commandOf(command, at), outcome, exitCode, output }];
  }

  #delegated(call: OpenCall, result: CallResult): Iterable<SessionEvent> | null {
    const noted = textField(result.details ?? {}, "agentId");
    if (noted === null && !DELEGATING.has(call.name)) return null;
    const id = noted ?? /\bagentId: ([\w-]+)/.exec(result.text)?.[1] ?? null;
    const isAsync = result.details?.isAsync === true || /^Async agent launched/.test(result.text);
    return this.#toldBySubagent(call, id, result.at, !isAsync);
  }

  #toldBySubagent(
    call: OpenCall,
    id: string | null,
    at: string | null,
    isOver: boolean,
  ): Iterable<SessionEvent> | null {
    if (id === null && !DELEGATING.has(call.name)) return null;
    return this.#world.delegated({ id, call: call.id, offset: call.offset, isOver }, at);
  }

  #persisted(result: CallResult): string | null {
    const path = persistedPath(result);
    return path === null ? null : this.#world.persisted(path);
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

  #commandOf({ id, command, cwd, startedAt, offset }: BackgroundCommand, at: string | null) {
    const call = { id, name: "Bash", input: { command }, offset, at: startedAt, turn: null, agent: this.#agent, cwd };
    return commandOf(call, at);
  }
}
