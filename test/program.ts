// The program under test: the built one if `scripts/test` names it in `CTX_TEST_PROGRAM`, otherwise its sources.
import { resolve } from "node:path";

type Argv = readonly [string, ...string[]];

export const SOURCES: Argv = [process.execPath, resolve(import.meta.dir, "../src/main.ts")];

const built = process.env.CTX_TEST_PROGRAM;

/** The argv that runs `ctx`. */
export const CTX: Argv = built ? [built] : SOURCES;
