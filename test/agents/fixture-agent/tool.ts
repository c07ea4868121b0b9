// The executable of Echo: answers a prompt, writes a file, and logs both.
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { logPath } from "./paths.ts";

const [flag, id = "", ...words] = process.argv.slice(2);
const path = logPath(process.env.ECHO_HOME ?? "", id);
mkdirSync(dirname(path), { recursive: true });
const log = (type: string, fields: object) => {
  appendFileSync(path, `${JSON.stringify({ type, at: new Date().toISOString(), ...fields })}\n`);
};

if (!existsSync(path)) log("start", { id, cwd: process.cwd() });
log("ask", { text: words.join(" ") });
const file = join(process.cwd(), `${words.at(-1)}.txt`);
appendFileSync(file, "done\n");
log("write", { path: file });
log("say", { text: "It is done." });
process.stdout.write(`${flag} ${id} ${words.join(" ")}\n`);
process.exitCode = 3;
