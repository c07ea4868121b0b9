import { join } from "node:path";

export function logPath(home: string, sessionId: string): string {
  return join(home, "logs", `${sessionId}.jsonl`);
}
