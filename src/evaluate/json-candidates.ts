// JSON objects in a model's answer, which may wrap them in prose or fences.
import { parseJson } from "../system/json.ts";

/** Each try costs a scan of the rest of the answer. */
const MAX_TRIES = 50;

/** The answer itself if it is JSON, else each object that parses, in order, outermost first. */
export function* jsonCandidates(answer: string): Generator<unknown> {
  const whole = parseJson(answer);
  if (whole !== undefined) {
    yield whole;
    return;
  }
  let from = answer.indexOf("{");
  for (let tries = 0; from !== -1 && tries < MAX_TRIES; tries++) {
    const end = objectEnd(answer, from);
    const found = end === null ? undefined : parseJson(answer.slice(from, end));
    if (found !== undefined) yield found;
    from = answer.indexOf("{", found === undefined || end === null ? from + 1 : end);
  }
}

/** Where the object that begins here ends; null when it never does. */
function objectEnd(text: string, from: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return null;
}
