// Reads keys up to Enter, in raw mode, then leaves the terminal to a shell that reads a line.
import { spawnSync } from "node:child_process";
import { writeStderr } from "../../../src/system/stderr.ts";
import { TerminalInput } from "../../../src/system/terminal-input.ts";

const input = new TerminalInput();
input.setRawMode(true);
writeStderr("press\n");
let keys = "";
await new Promise<void>((resolve) => {
  input.on("data", (key: Buffer) => {
    keys += key.toString("latin1");
    if (!keys.endsWith("\r")) return;
    input.pause();
    resolve();
  });
});
input.destroy();
writeStderr(`read ${JSON.stringify(keys)}\n`);
spawnSync("sh", ["-c", 'read -r line; echo "left <$line>"'], { stdio: "inherit" });
