// What a subagent did, in place of the call that began it: closed, for most readers want to know what came of it.
import { plural } from "../html/moments.ts";
import { type Html, html } from "../html/template.ts";
import { shortName } from "./block.ts";

/** The blocks of a subagent in a box that opens. `part` counts the boxes, where one would be too large. */
export function renderSubagent(agent: string, blocks: readonly Html[], part: number): Html {
  const again = part > 1 && ", continued";
  return html`<details class="subagent"><summary><span class="kind">subagent</span> <code>${shortName(agent)}</code>${again}, ${plural(
    blocks.length,
    "step",
  )}</summary>
${blocks}</details>
`;
}
