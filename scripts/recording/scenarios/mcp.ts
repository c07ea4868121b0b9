// Calls of tools of an MCP server.
import type { Scenario } from "../scenario.ts";

const SERVER = `import { createInterface } from "node:readline";
const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "notes", version: "1" } });
  } else if (method === "tools/list") {
    const inputSchema = { type: "object", properties: { text: { type: "string" } } };
    answer(id, { tools: [{ name: "add_note", description: "Adds a note", inputSchema }] });
  } else if (method === "tools/call") {
    const isError = params.arguments.text === "";
    answer(id, { content: [{ type: "text", text: isError ? "empty note" : "noted" }], isError });
  }
}
`;

const clients = [
  { version: "0.65.0", model: "gpt-5.1-codex", call: { name: "mcp__notes__add_note" } },
  { version: "0.169.0", model: "gpt-5.5", call: { name: "add_note", namespace: "mcp__notes" } },
];

export const mcp: readonly Scenario[] = clients.map(({ version, model, call }) => ({
  name: `${version}-mcp`,
  version,
  model,
  folder: "shop",
  files: { "cart.js": "export const total = 0;\n", "notes/server.mjs": SERVER },
  settings: 'mcp_servers.notes = { command = "node", args = ["/home/dev/shop/notes/server.mjs"] }',
  runs: [
    {
      prompt: "Note that the total is nought",
      steps: [
        { call: { ...call, arguments: { text: "total is 0; see cart.js" } } },
        { call: { ...call, arguments: { text: "" } } },
        { run: "echo '// noted' >> cart.js" },
        { say: "Noted." },
      ],
    },
  ],
}));
