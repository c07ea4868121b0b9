// Git keeps the rows of both sides when branches meet.
import { join } from "node:path";
import { createIfMissing } from "../system/write-atomic.ts";

const ATTRIBUTES = `# Rows are only ever appended: a merge keeps those of both sides, in any order.
*/entries.jsonl merge=union
*/failures.jsonl merge=union
`;

/** Writes `.changelog/.gitattributes` when there is none. What is there, even empty, is the user's. */
export function ensureAttributes(changelog: string): void {
  createIfMissing(join(changelog, ".gitattributes"), ATTRIBUTES);
}
