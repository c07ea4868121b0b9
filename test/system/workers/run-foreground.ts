// Runs a program in the foreground, and prints how it ended.
import { runForeground } from "../../../src/system/foreground.ts";

const [file = "", ...args] = process.argv.slice(2);
const ending = await runForeground([file, ...args], { cwd: process.cwd(), env: process.env, onStart: () => {} });
process.stdout.write(`${JSON.stringify(ending)}\n`);
