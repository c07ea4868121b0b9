// Pairs calls with their results: one event for each, whoever tells of it first, the call's output or an item.
import type { CommandEvent, Outcome, SessionEvent } from "../../events/event.ts";
import { isBefore } from "../../events/timestamps.ts";
import { commandEvents, type Ended, NO_OUTPUT, type Origin, patchEvent, toolEvent } from "./call-events.ts";
import { Settled } from "./completed-calls.ts";
import { type CallOutput, outputText, outputTexts, readOutput } from "./outputs.ts";
import { accountForScript, reportsError, type ScriptStatus, scriptProgress } from "./script-results.ts";
import { isCovered, isTold, noteTold, nothingTold, type Told } from "./told.ts";
import type { Intent } from "./tool-calls.ts";

/** More output than this is cut at its front: a command that is polled for hours tells how it ended at its end. */
const MAX_OUTPUT = 1024 * 1024;

interface OpenCall {
  origin: Origin;
  intent: Intent;
  /** The output so far of what still runs; null while there is no output at all. */
  soFar: Ended | null;
  /** What items have told since the call was made. */
  told: Told;
  /** The text parts a script has put out so far. */
  texts: string[];
  /** What it is known by while it runs in the background. */
  key: string | null;
  /** What an item told of a command without its output: the call's own output, yet to come, may hold it. */
  held: CommandEvent | null;
}

export class Calls {
  readonly #open = new Map<string, OpenCall>();
  readonly settled: Settled;
  /** What runs in the background: commands by the number `write_stdin` takes, scripts by the cell `wait` takes. */
  readonly #background = new Map<string, OpenCall>();
  readonly #scripts = new Set<OpenCall>();

  constructor(settled = new Settled()) {
    this.settled = settled;
  }

  /** Whether a result is still to come, also of what runs in the background. */
  get isAnyOpen(): boolean {
    return this.#open.size > 0;
  }

  open(origin: Origin, intent: Intent): void {
    this.#add(origin, intent);
  }

  /** An item tells of what ran; its id is that of the call, unless a script made it. Returns what is new of it. */
  tell(id: string | null, items: SessionEvent[]): SessionEvent[] {
    const events = items.map((event) => this.#withCall(id, event));
    for (const { told } of this.#scripts) noteTold(told, events);
    // Talking to a running command is told of by an item that holds nothing new.
    if (id === null || events.length === 0) return events;
    const call = this.#open.get(id);
    const [event] = events;
    // Since 0.148 an item may be written before the output of its command was read, and then tells none.
    if (call?.intent.kind === "command" && events.length === 1 && event?.kind === "command" && event.output === "") {
      call.held = event;
      return call.soFar === null ? [] : this.#release(call, call.soFar.output.text);
    }
    const isNew = !this.settled.has(id);
    this.#settle(id);
    return isNew ? events : [];
  }

  /** A command as an item tells it, with the time of its call, or of the script that made it. */
  #withCall(id: string | null, event: SessionEvent): SessionEvent {
    const call = this.#open.get(id ?? "") ?? [...this.#scripts].at(-1);
    const calledAt = call?.origin.startedAt ?? null;
    if (event.kind !== "command" || calledAt === null || event.startedAt === null) return event;
    return isBefore(calledAt, event.startedAt) ? { ...event, calledAt } : event;
  }

  /**
   * The output of a call; null when the call is not known, as at the beginning of a range. `items` says that items are
   * this turn's truth, so that a script need not be read.
   */
  answer(id: string, at: string | null, output: unknown, items: boolean): SessionEvent[] | null {
    const call = this.#open.get(id);
    if (call === undefined) return this.settled.has(id) ? [] : null;
    const { intent } = call;
    if (call.held !== null) return this.#release(call, readOutput(output).text);
    if (intent.kind === "script") return this.#answerScript(call, at, outputTexts(output), items);
    if (intent.kind === "wait") {
      this.#settle(id);
      const script = this.#background.get(cellKey(intent.cell));
      return script === undefined ? [] : this.#answerScript(script, at, outputTexts(output), items);
    }
    if (intent.kind === "tool") return this.#close(call, { at, output: { ...NO_OUTPUT, text: outputText(output) } });
    const read = readOutput(output);
    if (intent.kind === "stdin") {
      this.#settle(id);
      if (items || this.#background.has(sessionKey(intent.session))) {
        return this.#continue(intent.session, intent.interrupts, at, read);
      }
      // The command began before the range.
      return [toolEvent(call.origin, "write_stdin", { session_id: intent.session }, { at, output: read })];
    }
    if (intent.kind === "patch" || read.session === null) return this.#close(call, { at, output: read });
    this.#leaveRunning(call, sessionKey(read.session), { at, output: read });
    return [];
  }

  /** The turn was stopped, or a new one begins: what has no output yet will never have one. */
  interrupt(at: string | null, items: boolean): SessionEvent[] {
    return this.#abandon("interrupted", at, items, (call) => call.soFar === null);
  }

  /** The range is over. */
  finish(at: string | null): SessionEvent[] {
    return this.#abandon("running", at, false, () => true);
  }

  #abandon(outcome: Outcome, at: string | null, items: boolean, which: (call: OpenCall) => boolean): SessionEvent[] {
    const calls = [...this.#open.values()].filter(which);
    return calls.flatMap((call) => {
      if (call.held !== null) return this.#release(call, "");
      if (call.intent.kind === "script") return this.#closeScript(call, at, "terminated", items, outcome);
      return this.#close(call, { ...(call.soFar ?? { at, output: NO_OUTPUT }), outcome });
    });
  }

  #release(call: OpenCall, output: string): SessionEvent[] {
    this.#settle(call.origin.id);
    return call.held === null ? [] : [{ ...call.held, output }];
  }

  #continue(session: string, interrupts: boolean, at: string | null, more: CallOutput): SessionEvent[] {
    const command = this.#background.get(sessionKey(session));
    // What could not be written says nothing of the command.
    if (command === undefined || (more.exitCode === null && more.session === null)) return [];
    const before = command.soFar?.output ?? NO_OUTPUT;
    const stopped = before.interrupted || interrupts;
    const output: CallOutput = {
      ...more,
      text: (before.text + more.text).slice(-MAX_OUTPUT),
      durationMs: (before.durationMs ?? 0) + (more.durationMs ?? 0),
      // Ctrl-C was pressed; a command that ended well nevertheless was not stopped by it.
      interrupted: stopped && more.exitCode !== 0,
    };
    command.soFar = { at, output };
    return more.exitCode === null ? [] : this.#close(command, command.soFar);
  }

  #answerScript(call: OpenCall, at: string | null, texts: string[], items: boolean): SessionEvent[] {
    const progress = scriptProgress(texts);
    if (progress === null) {
      // A notification of the running script, unless the script was stopped.
      const stopped = readOutput(texts.join("\n")).interrupted;
      return stopped ? this.#closeScript(call, at, "terminated", items, "interrupted") : [];
    }
    call.texts.push(...texts.slice(1));
    if (progress.status !== "running") return this.#closeScript(call, at, progress.status, items);
    this.#leaveRunning(call, cellKey(progress.cell), { at, output: NO_OUTPUT });
    return [];
  }

  /** `outcome` is that of what has no result, where the script did not end by itself. */
  #closeScript(
    call: OpenCall,
    at: string | null,
    status: ScriptStatus,
    items: boolean,
    outcome?: Outcome,
  ): SessionEvent[] {
    this.#settle(call.origin.id);
    if (call.intent.kind !== "script") return [];
    // Of a script that came to its end, items have told everything: nothing in it was refused or did not fit.
    if (items && status === "completed" && isTold(call.told) && !reportsError(call.texts)) return [];
    const { source, cwd } = call.intent;
    const { steps, complete } = accountForScript(source, cwd, call.texts, status);
    const events: SessionEvent[] = [];
    for (const [index, { intent, output }] of steps.entries()) {
      const origin = { ...call.origin, id: `${call.origin.id}.${index + 1}` };
      const ended = { at, output, ...(output.interrupted && outcome !== undefined ? { outcome } : {}) };
      if (isCovered(call.told, items, intent, output)) continue;
      if (intent.kind === "stdin") events.push(...this.#continue(intent.session, intent.interrupts, at, output));
      else if (output.session === null) events.push(...this.#close(this.#add(origin, intent), ended));
      else this.#leaveRunning(this.#add(origin, intent), sessionKey(output.session), ended);
    }
    const understood = steps.length > 0 && (complete || items);
    if (understood || isTold(call.told)) return events;
    const output = { ...NO_OUTPUT, text: call.texts.join("\n") };
    return [
      ...events,
      toolEvent(call.origin, "exec", source, { at, output, ...(outcome === undefined ? {} : { outcome }) }),
    ];
  }

  #add(origin: Origin, intent: Intent): OpenCall {
    const call = { origin, intent, soFar: null, told: nothingTold(), texts: [], key: null, held: null };
    this.#open.set(origin.id, call);
    this.settled.delete(origin.id);
    if (intent.kind === "script") this.#scripts.add(call);
    return call;
  }

  #leaveRunning(call: OpenCall, key: string, soFar: Ended): void {
    call.soFar = soFar;
    call.key = key;
    this.#background.set(key, call);
  }

  #close(call: OpenCall, ended: Ended): SessionEvent[] {
    this.#settle(call.origin.id);
    const { intent, origin } = call;
    if (intent.kind === "command") return commandEvents(origin, intent.command, intent.cwd, ended);
    if (intent.kind === "patch") return [patchEvent(origin, intent.patch, intent.cwd, ended)];
    return intent.kind === "tool" ? [toolEvent(origin, intent.name, intent.input, ended)] : [];
  }

  #settle(id: string): void {
    this.settled.add(id);
    const call = this.#open.get(id);
    if (call === undefined) return;
    this.#open.delete(id);
    this.#scripts.delete(call);
    if (call.key !== null && this.#background.get(call.key) === call) this.#background.delete(call.key);
  }
}

function sessionKey(session: string): string {
  return `session ${session}`;
}

function cellKey(cell: string): string {
  return `cell ${cell}`;
}
