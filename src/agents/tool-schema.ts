import { z } from "zod";
import { isTool, TOOLS } from "./registry.ts";

/** The id of a registered tool, checked when it is parsed: a test may register another agent. */
export const toolSchema = z.string().refine(isTool, {
  error: () => `Invalid option: expected one of ${TOOLS.map((tool) => `"${tool}"`).join("|")}`,
});
