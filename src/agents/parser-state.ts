// The state of a parser at a reading point, as it is kept and validated: each tool's parser has its own.
import { z } from "zod";
import { claudeState } from "./claude/parser-state.ts";
import { codexState } from "./codex/parser-state.ts";

export const parserState = z.discriminatedUnion("tool", [codexState, claudeState]);

export type ParserState = z.output<typeof parserState>;
