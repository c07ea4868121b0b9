import type { Scenario } from "../scenario.ts";
import { basics } from "./basics.ts";
import { folders } from "./folders.ts";
import { forkedSessions } from "./forks.ts";
import { history } from "./history.ts";
import { interrupted } from "./interrupted.ts";
import { mcp } from "./mcp.ts";
import { movedFiles } from "./moved-files.ts";
import { otherCalls } from "./other-calls.ts";
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
  ...folders,
  ...forkedSessions,
  ...subagents,
  ...otherCalls,
  ...interrupted,
  ...mcp,
];
