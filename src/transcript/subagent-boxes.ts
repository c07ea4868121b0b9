// Consecutive blocks of one subagent are shown in a box, closed at first because most readers want the outcome. A box
// that grows too large is continued in another one.
import { firstLine, shortName } from "./blocks/block.ts";
import { plural } from "./html/format.ts";
import { type Html, html } from "./html/template.ts";

const MAX_BLOCKS = 200;
const MAX_BYTES = 100_000;
const MAX_TASKS = 1_000;
const MAX_TASK = 500;

interface Step {
  block: Html;
  /** Called once the block is on a page. */
  placed: () => void;
}

export class SubagentBoxes {
  readonly #add: (box: Html) => void;
  #agent: string | null = null;
  #steps: Step[] = [];
  #bytes = 0;
  #part = 0;
  /** The task of each subagent in this turn. */
  readonly #tasks = new Map<string, string>();

  constructor(add: (box: Html) => void) {
    this.#add = add;
  }

  /** Names the boxes of a subagent by its task until the turn ends. */
  setTask(agent: string, task: string): void {
    if (this.#tasks.size < MAX_TASKS && !this.#tasks.has(agent)) this.#tasks.set(agent, task.slice(0, MAX_TASK));
  }

  push(agent: string, step: Step): void {
    if (agent !== this.#agent) this.close();
    this.#agent = agent;
    this.#steps.push(step);
    this.#bytes += Buffer.byteLength(step.block.source);
    if (this.#steps.length >= MAX_BLOCKS || this.#bytes >= MAX_BYTES) this.#flush();
  }

  /** Writes the open box, before something that is not the subagent's. */
  close(): void {
    this.#flush();
    this.#agent = null;
    this.#part = 0;
  }

  /** Ends the turn. Tasks are forgotten so that a turn looks the same wherever reading started. */
  endTurn(): void {
    this.close();
    this.#tasks.clear();
  }

  #flush(): void {
    if (this.#agent === null || this.#steps.length === 0) return;
    const steps = this.#steps;
    this.#part++;
    this.#steps = [];
    this.#bytes = 0;
    this.#add(this.#render(this.#agent, steps));
    for (const { placed } of steps) placed();
  }

  #render(agent: string, steps: readonly Step[]): Html {
    const task = firstLine(this.#tasks.get(agent) ?? "");
    const title = task === "" ? html`<code>${shortName(agent)}</code>` : task;
    return html`<details class="subagent"><summary><span class="kind">subagent</span> ${title}${this.#part > 1 && ", continued"}, ${plural(
      steps.length,
      "step",
    )}</summary>
${steps.map(({ block }) => block)}</details>
`;
  }
}
