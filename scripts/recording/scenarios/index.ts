import type { Scenario } from "../scenario.ts";
import { agents } from "./agents.ts";
import { basics } from "./basics.ts";
import { movedFiles } from "./files.ts";
import { history } from "./history.ts";
import { interrupted } from "./interrupted.ts";
import { mcp } from "./mcp.ts";
import { media } from "./media.ts";
import { places } from "./places.ts";
import { python } from "./python.ts";
import { refused } from "./refused.ts";
import { runners } from "./runners.ts";
import { subagents } from "./subagents.ts";

export const scenarios: readonly Scenario[] = [
  ...basics,
  python,
  ...refused,
  ...history,
  ...movedFiles,
  ...runners,
  ...places,
  ...agents,
  ...subagents,
  ...media,
  ...interrupted,
  ...mcp,
];
