// Blocks of subagents on their way to a page: those that follow one another go into one box, as far as it stays small.
import { renderSubagent } from "./blocks/subagent.ts";
import type { Html } from "./html/template.ts";

const MAX_BLOCKS = 200;
const MAX_BYTES = 100_000;
const MAX_TASKS = 1_000;
const MAX_TASK = 500;

/** A block, and what is to be done once it is on a page. */
export interface Step {
  block: Html;
  placed: () => void;
}

export class SubagentBoxes {
  readonly #add: (box: Html) => void;
  #agent: string | null = null;
  #steps: Step[] = [];
  #bytes = 0;
  #part = 0;
  /** What each was told to do in this conversation. */
  readonly #tasks = new Map<string, string>();

  constructor(add: (box: Html) => void) {
    this.#add = add;
  }

  /** `agent` was told to do this: its boxes are named by it until the conversation ends. */
  tell(agent: string, task: string): void {
    if (this.#tasks.size < MAX_TASKS && !this.#tasks.has(agent)) this.#tasks.set(agent, task.slice(0, MAX_TASK));
  }

  /** The next prompt: a conversation is told the same way wherever reading began. */
  turn(): void {
    this.close();
    this.#tasks.clear();
  }

  push(agent: string, step: Step): void {
    if (agent !== this.#agent) this.close();
    this.#agent = agent;
    this.#steps.push(step);
    this.#bytes += Buffer.byteLength(step.block.source);
    if (this.#steps.length >= MAX_BLOCKS || this.#bytes >= MAX_BYTES) this.#flush();
  }

  /** Something else comes next. */
  close(): void {
    this.#flush();
    this.#agent = null;
    this.#part = 0;
  }

  #flush(): void {
    if (this.#agent === null || this.#steps.length === 0) return;
    const steps = this.#steps;
    this.#part++;
    this.#steps = [];
    this.#bytes = 0;
    const task = this.#tasks.get(this.#agent) ?? null;
    this.#add(renderSubagent({ agent: this.#agent, task, blocks: steps.map(({ block }) => block), part: this.#part }));
    for (const { placed } of steps) placed();
  }
}
