// Parses the tool calls of all Codex versions into one shape.
import { isAbsolute, join } from "node:path";
import { parseJson } from "../../system/json.ts";
import { asFields, asTexts, type Fields, field, fieldsField, textField } from "../fields.ts";
import { argvPatch } from "./apply-patch.ts";
import { decodePath, shellSource } from "./shell-source.ts";

/** What a call asks for. `stdin` writes to a running command, `wait` waits for a running script. */
export type ToolCall =
  | { kind: "command"; command: string; cwd: string | null }
  | { kind: "patch"; patch: string; cwd: string | null }
  | { kind: "stdin"; session: string; interrupts: boolean }
  | { kind: "script"; source: string; cwd: string | null }
  | { kind: "wait"; cell: string }
  | { kind: "tool"; name: string; input: unknown };

const SHELL_TOOLS = new Set(["shell", "container.exec", "local_shell", "shell_command", "exec_command"]);
const CTRL_C = "\u0003";

/** Parses a `function_call` or `custom_tool_call`. */
export function parseToolCall(payload: Fields, cwd: string | null): ToolCall {
  const name = textField(payload, "name") ?? "unknown";
  const raw = textField(payload, "arguments") ?? textField(payload, "input") ?? "";
  if (payload.type === "custom_tool_call" && name === "exec") return { kind: "script", source: raw, cwd };
  const parsed = parseJson(raw);
  const args = asFields(parsed);
  const namespace = textField(payload, "namespace");
  if (name === "apply_patch") {
    return { kind: "patch", patch: (args && (textField(args, "input") ?? textField(args, "patch"))) ?? raw, cwd };
  }
  const call = args === null ? null : parseTool(name, args, cwd);
  if (call !== null && (namespace === null || namespace === "functions")) return call;
  return { kind: "tool", name: namespace === null ? name : `${namespace}.${name}`, input: parsed ?? raw };
}

/** Parses a call of a known tool; null for any other tool. */
export function parseTool(name: string, args: Fields, cwd: string | null): ToolCall | null {
  if (SHELL_TOOLS.has(name)) return parseCommand(args, cwd);
  const session = idField(args, "session_id");
  if (name === "write_stdin" && session !== null) {
    return { kind: "stdin", session, interrupts: textField(args, "chars")?.includes(CTRL_C) ?? false };
  }
  const cell = idField(args, "cell_id");
  return name === "wait" && cell !== null ? { kind: "wait", cell } : null;
}

/** Parses a `local_shell_call`. */
export function parseLocalShellCall(payload: Fields, cwd: string | null): ToolCall {
  const action = fieldsField(payload, "action") ?? {};
  return parseCommand(action, cwd) ?? { kind: "tool", name: "local_shell", input: action };
}

function parseCommand(args: Fields, cwd: string | null): ToolCall | null {
  const dir = decodePath(textField(args, "workdir") ?? textField(args, "working_directory"));
  const where = dir === null || dir === "" ? cwd : isAbsolute(dir) || cwd === null ? dir : join(cwd, dir);
  const command = field(args, "command") ?? field(args, "cmd");
  if (typeof command === "string") return { kind: "command", command, cwd: where };
  const argv = asTexts(command);
  if (argv === null) return null;
  const patch = argvPatch(argv);
  return patch === null
    ? { kind: "command", command: shellSource(argv), cwd: where }
    : { kind: "patch", patch, cwd: where };
}

function idField(args: Fields, name: string): string | null {
  const value = field(args, name);
  return typeof value === "number" || typeof value === "string" ? String(value) : null;
}
