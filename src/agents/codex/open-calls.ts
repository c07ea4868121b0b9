// Pairs calls with their results. A call and the item about it become one event, whichever record comes first.
import type { CommandEvent, Outcome, SessionEvent } from "../../events/event.ts";
import { isBefore } from "../../events/timestamps.ts";
import { commandEvents, type Ended, type Origin, patchEvent, toolEvent } from "./call-events.ts";
import type { CompletedCalls } from "./completed-calls.ts";
import { type CallOutput, NO_OUTPUT, outputText, outputTexts, readOutput } from "./outputs.ts";
import { hasScriptError, ReportedItems, type ScriptStatus, scriptProgress, scriptSteps } from "./script-results.ts";
import type { ToolCall } from "./tool-calls.ts";

/** Of a longer output, only the end is kept: it shows the outcome of a command that is polled for hours. */
const MAX_OUTPUT = 1024 * 1024;

interface OpenCall {
  origin: Origin;
  call: ToolCall;
  /** The output so far of a call that is still running; null before its first output. */
  partial: Ended | null;
  /** What items have reported since the call was made. */
  reported: ReportedItems;
  /** The text parts a script has printed so far. */
  texts: string[];
  /** The call's key in `#background` while it runs in the background. */
  key: string | null;
  /** The event of a command item without output: the output of the call, which comes later, may have it. */
  held: CommandEvent | null;
}

export class OpenCalls {
  readonly #open = new Map<string, OpenCall>();
  readonly completed: CompletedCalls;
  /** What runs in the background: commands by their `write_stdin` number, scripts by their `wait` cell. */
  readonly #background = new Map<string, OpenCall>();
  readonly #scripts = new Set<OpenCall>();
  /** The keys of what outlived its call and has not been reported as ended. */
  readonly #running = new Set<string>();

  constructor(completed: CompletedCalls) {
    this.completed = completed;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  get hasRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Called for a call that the log repeats: its output is a repetition too, unless the call is still open. */
  ignore(id: string): void {
    if (!this.#open.has(id)) this.completed.add(id);
  }

  add(origin: Origin, call: ToolCall): OpenCall {
    const open = { origin, call, partial: null, reported: new ReportedItems(), texts: [], key: null, held: null };
    this.#open.set(origin.id, open);
    this.completed.delete(origin.id);
    if (call.kind === "script") this.#scripts.add(open);
    return open;
  }

  /**
   * Processes the events of an item and returns the new ones. The id is that of the call, unless a script made the
   * call. `session`: the number of the command's process, which `write_stdin` uses too.
   */
  addItem(id: string | null, items: SessionEvent[], session: string | null = null): SessionEvent[] {
    if (session !== null) this.#endSession(session, id);
    const events = items.map((event) => this.#withCallTime(id, event));
    for (const { reported } of this.#scripts) reported.add(events);
    // An item about writing to a running command has no events.
    if (id === null || events.length === 0) return events;
    const open = this.#open.get(id);
    const [event] = events;
    // Since 0.148, Codex may write an item before it has read the command's output: the item then has none.
    if (open?.call.kind === "command" && events.length === 1 && event?.kind === "command" && event.output === "") {
      open.held = event;
      return open.partial === null ? [] : this.#release(open, open.partial.output.text);
    }
    const isNew = !this.completed.has(id);
    this.#complete(id);
    return isNew ? events : [];
  }

  /** An item reports the end of a command that a script left running: the script's step needs no event of its own. */
  #endSession(session: string, id: string | null): void {
    this.#running.delete(sessionKey(session));
    const step = this.#background.get(sessionKey(session));
    if (step !== undefined && step.origin.id !== id) this.#complete(step.origin.id);
  }

  /** Adds the time of the command's call, or of the script that made it. */
  #withCallTime(id: string | null, event: SessionEvent): SessionEvent {
    const open = this.#open.get(id ?? "") ?? [...this.#scripts].at(-1);
    const calledAt = open?.origin.startedAt ?? null;
    if (event.kind !== "command" || calledAt === null || event.startedAt === null) return event;
    return isBefore(calledAt, event.startedAt) ? { ...event, calledAt } : event;
  }

  /**
   * Processes the output of a call. Returns null when the call is unknown, as at the beginning of a range. `hasItems`:
   * items report the calls of this turn, so a script need not be parsed.
   */
  addOutput(id: string, at: string | null, output: unknown, hasItems: boolean): SessionEvent[] | null {
    const open = this.#open.get(id);
    if (open === undefined) return this.completed.has(id) ? [] : null;
    const { call } = open;
    if (open.held !== null) return this.#release(open, readOutput(output).text);
    if (call.kind === "script") return this.#addScriptOutput(open, at, outputTexts(output), hasItems);
    if (call.kind === "wait") {
      this.#complete(id);
      const script = this.#background.get(cellKey(call.cell));
      return script === undefined ? [] : this.#addScriptOutput(script, at, outputTexts(output), hasItems);
    }
    if (call.kind === "tool") return this.#close(open, { at, output: { ...NO_OUTPUT, text: outputText(output) } });
    const read = readOutput(output);
    if (call.kind === "stdin") {
      this.#complete(id);
      if (hasItems || this.#background.has(sessionKey(call.session))) {
        return this.#continueCommand(call.session, call.interrupts, at, read);
      }
      // The command started before the range.
      return [toolEvent(open.origin, "write_stdin", { session_id: call.session }, { at, output: read })];
    }
    if (call.kind === "patch" || read.session === null) return this.#close(open, { at, output: read });
    this.#leaveRunning(open, sessionKey(read.session), { at, output: read });
    return [];
  }

  /** Called when the turn was stopped or a new one begins: calls without any output will never get any. */
  interrupt(at: string | null, hasItems: boolean): SessionEvent[] {
    return this.#abandon("interrupted", at, hasItems, ({ partial }) => partial === null);
  }

  /** Called at the end of the range. */
  finish(at: string | null): SessionEvent[] {
    return this.#abandon("running", at, false, () => true);
  }

  #abandon(outcome: Outcome, at: string | null, hasItems: boolean, isIt: (call: OpenCall) => boolean): SessionEvent[] {
    return [...this.#open.values()].filter(isIt).flatMap((open) => {
      if (open.held !== null) return this.#release(open, "");
      if (open.call.kind === "script") return this.#closeScript(open, at, "terminated", hasItems, outcome);
      return this.#close(open, { ...(open.partial ?? { at, output: NO_OUTPUT }), outcome });
    });
  }

  #release(open: OpenCall, output: string): SessionEvent[] {
    this.#complete(open.origin.id);
    return open.held === null ? [] : [{ ...open.held, output }];
  }

  #continueCommand(session: string, interrupts: boolean, at: string | null, more: CallOutput): SessionEvent[] {
    if (more.exitCode !== null) this.#running.delete(sessionKey(session));
    const command = this.#background.get(sessionKey(session));
    // A failed write says nothing about the command.
    if (command === undefined || (more.exitCode === null && more.session === null)) return [];
    const before = command.partial?.output ?? NO_OUTPUT;
    const output: CallOutput = {
      ...more,
      text: (before.text + more.text).slice(-MAX_OUTPUT),
      durationMs: (before.durationMs ?? 0) + (more.durationMs ?? 0),
      // A command that succeeds after Ctrl-C was not stopped by it.
      interrupted: (before.interrupted || interrupts) && more.exitCode !== 0,
    };
    command.partial = { at, output };
    return more.exitCode === null ? [] : this.#close(command, command.partial);
  }

  #addScriptOutput(open: OpenCall, at: string | null, texts: string[], hasItems: boolean): SessionEvent[] {
    const progress = scriptProgress(texts);
    if (progress === null) {
      // A notification of the running script, unless the script was stopped.
      const isStopped = readOutput(texts.join("\n")).interrupted;
      return isStopped ? this.#closeScript(open, at, "terminated", hasItems, "interrupted") : [];
    }
    open.texts.push(...texts.slice(1));
    if (progress.status !== "running") return this.#closeScript(open, at, progress.status, hasItems);
    this.#leaveRunning(open, cellKey(progress.cell), { at, output: NO_OUTPUT });
    return [];
  }

  /** `outcome` applies to calls without a result, when the script did not end by itself. */
  #closeScript(
    open: OpenCall,
    at: string | null,
    status: ScriptStatus,
    hasItems: boolean,
    outcome?: Outcome,
  ): SessionEvent[] {
    this.#complete(open.origin.id);
    if (open.call.kind !== "script") return [];
    // Items report everything in a script that completed: no call in it was refused, and no patch failed.
    if (hasItems && status === "completed" && !open.reported.isEmpty && !hasScriptError(open.texts)) return [];
    const { source, cwd } = open.call;
    const { steps, isComplete } = scriptSteps(source, cwd, open.texts, status);
    const events: SessionEvent[] = [];
    for (const [index, step] of steps.entries()) {
      const { call, output } = step;
      if (open.reported.covers(step, hasItems)) {
        // The item of a command that still runs follows when it ends.
        if (output.session !== null) this.#running.add(sessionKey(output.session));
        continue;
      }
      const origin = { ...open.origin, id: `${open.origin.id}.${index + 1}` };
      const ended = { at, output, ...(output.interrupted && outcome !== undefined ? { outcome } : {}) };
      if (call.kind === "stdin") events.push(...this.#continueCommand(call.session, call.interrupts, at, output));
      else if (output.session === null) events.push(...this.#close(this.add(origin, call), ended));
      else this.#leaveRunning(this.add(origin, call), sessionKey(output.session), ended);
    }
    const isUnderstood = steps.length > 0 && (isComplete || hasItems);
    if (isUnderstood || !open.reported.isEmpty) return events;
    const ended = { at, output: { ...NO_OUTPUT, text: open.texts.join("\n") } };
    return [...events, toolEvent(open.origin, "exec", source, outcome === undefined ? ended : { ...ended, outcome })];
  }

  #leaveRunning(open: OpenCall, key: string, partial: Ended): void {
    open.partial = partial;
    open.key = key;
    this.#background.set(key, open);
    this.#running.add(key);
  }

  #close({ call, origin }: OpenCall, ended: Ended): SessionEvent[] {
    this.#complete(origin.id);
    if (call.kind === "command") return commandEvents(origin, call.command, call.cwd, ended);
    if (call.kind === "patch") return [patchEvent(origin, call.patch, call.cwd, ended)];
    return call.kind === "tool" ? [toolEvent(origin, call.name, call.input, ended)] : [];
  }

  #complete(id: string): void {
    this.completed.add(id);
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#scripts.delete(open);
    if (open.key === null || this.#background.get(open.key) !== open) return;
    this.#background.delete(open.key);
    this.#running.delete(open.key);
  }
}

function sessionKey(session: string): string {
  return `session ${session}`;
}

function cellKey(cell: string): string {
  return `cell ${cell}`;
}
