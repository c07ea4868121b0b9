// What a subagent did, in place of the call that began it: closed, for most readers want to know what came of it.
import { plural } from "../html/format.ts";
import { type Html, html } from "../html/template.ts";
import { shortName } from "./block.ts";
import { firstLine } from "./first-line.ts";

/** What a box of a subagent tells without being opened. */
export interface SubagentBox {
  agent: string;
  /** What it was told to do; null where the conversation does not tell. */
  task: string | null;
  blocks: readonly Html[];
  /** Counts the boxes, where one would be too large. */
  part: number;
}

/** The blocks of a subagent in a box that opens. */
export function renderSubagent({ agent, task, blocks, part }: SubagentBox): Html {
  const title = task === null || firstLine(task) === "" ? html`<code>${shortName(agent)}</code>` : firstLine(task);
  const again = part > 1 && ", continued";
  return html`<details class="subagent"><summary><span class="kind">subagent</span> ${title}${again}, ${plural(
    blocks.length,
    "step",
  )}</summary>
${blocks}</details>
`;
}
