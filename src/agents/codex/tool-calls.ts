// What a call asks for, whatever the version calls its tools.
import { isAbsolute, join } from "node:path";
import { parseJson } from "../../system/json.ts";
import { asFields, asTexts, type Fields, field, fieldsField, textField } from "../fields.ts";
import { argvPatch } from "./apply-patch.ts";
import { directoryOf, shellSource } from "./shell-source.ts";

export type Intent =
  | { kind: "command"; command: string; cwd: string | null }
  | { kind: "patch"; patch: string; cwd: string | null }
  | { kind: "stdin"; session: string; interrupts: boolean }
  | { kind: "script"; source: string; cwd: string | null }
  | { kind: "wait"; cell: string }
  | { kind: "tool"; name: string; input: unknown };

const SHELL_TOOLS = new Set(["shell", "container.exec", "local_shell", "shell_command", "exec_command"]);
const CTRL_C = "\u0003";

/** The intent of a `function_call` or `custom_tool_call`. */
export function intentOfCall(payload: Fields, cwd: string | null): Intent {
  const name = textField(payload, "name") ?? "unknown";
  const raw = textField(payload, "arguments") ?? textField(payload, "input") ?? "";
  if (payload.type === "custom_tool_call" && name === "exec") return { kind: "script", source: raw, cwd };
  const parsed = parseJson(raw);
  const args = asFields(parsed);
  const namespace = textField(payload, "namespace");
  if (name === "apply_patch") {
    return { kind: "patch", patch: (args && (textField(args, "input") ?? textField(args, "patch"))) ?? raw, cwd };
  }
  const intent = args === null ? null : intentOfTool(name, args, cwd);
  if (intent !== null && (namespace === null || namespace === "functions")) return intent;
  return { kind: "tool", name: namespace === null ? name : `${namespace}.${name}`, input: parsed ?? raw };
}

/** The intent of a known tool and its arguments; null for every other tool. */
export function intentOfTool(name: string, args: Fields, cwd: string | null): Intent | null {
  if (SHELL_TOOLS.has(name)) return intentOfCommand(args, cwd);
  const session = idField(args, "session_id");
  if (name === "write_stdin" && session !== null) {
    return { kind: "stdin", session, interrupts: textField(args, "chars")?.includes(CTRL_C) ?? false };
  }
  const cell = idField(args, "cell_id");
  return name === "wait" && cell !== null ? { kind: "wait", cell } : null;
}

/** The intent of a `local_shell_call`. */
export function intentOfLocalShell(payload: Fields, cwd: string | null): Intent {
  const action = fieldsField(payload, "action") ?? {};
  return intentOfCommand(action, cwd) ?? { kind: "tool", name: "local_shell", input: action };
}

function intentOfCommand(args: Fields, cwd: string | null): Intent | null {
  const dir = directoryOf(textField(args, "workdir") ?? textField(args, "working_directory"));
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
