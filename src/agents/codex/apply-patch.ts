// Patches for `apply_patch`: their grammar, and patches in shell scripts (`apply_patch <<'EOF' … EOF`), which Codex runs
// as an edit instead of a command.
import { isAbsolute, join } from "node:path";
import { type Command, type CommandNode, type PipelineNode, parse, type Statement, type Word } from "unbash";
import type { FileChange } from "../../events/event.ts";

const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;

/** The file changes in a patch; empty when the text is not a patch. */
export function parsePatch(patch: string): FileChange[] {
  const changes: FileChange[] = [];
  let body: string[] = [];
  const close = () => {
    const change = changes.at(-1);
    if (change !== undefined && body.length > 0) change.diff = diffOf(change, body);
    body = [];
  };
  for (const line of patch.split("\n")) {
    const header = HEADER.exec(line.trimEnd());
    const move = MOVE.exec(line.trimEnd());
    const last = changes.at(-1);
    if (header?.[1] !== undefined && header[2] !== undefined) {
      close();
      changes.push({ type: typeOf(header[1]), path: header[2].trim(), movedTo: null, diff: null });
    } else if (move?.[1] !== undefined && last?.type === "update" && body.length === 0) {
      last.movedTo = move[1].trim();
    } else if (line.startsWith("*** End Patch")) {
      break;
    } else if (last !== undefined && !line.startsWith("*** End of File")) {
      body.push(line);
    }
  }
  close();
  return changes;
}

/** The diff of an added file is its whole text: all its lines start with `+`. */
function diffOf(change: FileChange, body: string[]): string | null {
  if (change.type === "delete") return null;
  if (change.type === "update") return `${body.join("\n")}\n`;
  return body.map((line) => `${line.startsWith("+") ? line.slice(1) : line}\n`).join("");
}

function typeOf(word: string): FileChange["type"] {
  return word === "Add" ? "add" : word === "Delete" ? "delete" : "update";
}

/** A patch, and the folder its paths are relative to: null when the script changes to an unknown one. */
export interface ShellPatch {
  text: string;
  cwd: string | null;
}

export interface ShellPatches {
  patches: ShellPatch[];
  /** Whether the script does anything besides applying patches. */
  more: boolean;
}

const PATCH_PROGRAM = /^(?:.*\/)?apply_?patch$/;
const BEGIN_PATCH = "*** Begin Patch";
/** Longer scripts are not searched: models do not write scripts of this length. */
const MAX_SOURCE = 4 * 1024 * 1024;

/** Finds the patches of a shell script. */
export function shellPatches(source: string, cwd: string | null): ShellPatches {
  if (!source.includes(BEGIN_PATCH) || !/apply_?patch/.test(source) || source.length > MAX_SOURCE) {
    return { patches: [], more: true };
  }
  const walk = new PatchWalk(cwd);
  walk.statements(parse(source).commands);
  return { patches: walk.patches, more: walk.more || walk.patches.length === 0 };
}

/** The patch in an argv of `apply_patch`; null for any other argv. */
export function argvPatch(argv: readonly string[]): string | null {
  const [program = "", patch] = argv;
  return PATCH_PROGRAM.test(program) && patch?.includes(BEGIN_PATCH) ? patch : null;
}

/** Finds the patches that certainly run. Patches in a condition or a loop stay part of the command. */
class PatchWalk {
  readonly patches: ShellPatch[] = [];
  more = false;
  #cwd: string | null;

  constructor(cwd: string | null) {
    this.#cwd = cwd;
  }

  statements(statements: readonly Statement[]): void {
    for (const { command } of statements) {
      for (const part of command.type === "AndOr" ? command.commands : [command]) this.#pipeline(part);
    }
  }

  #pipeline(node: PipelineNode): void {
    if (node.type !== "Pipeline") {
      this.#command(node, null);
      return;
    }
    const [first, second, ...rest] = node.commands;
    // `cat <<'EOF' | apply_patch`
    const stdin = first?.type === "Command" && nameOf(first) === "cat" ? heredocOf(first) : null;
    if (stdin !== null && second !== undefined && rest.length === 0) this.#command(second, stdin);
    else this.more = true;
  }

  #command(node: CommandNode, stdin: string | null): void {
    if (node.type === "BraceGroup") {
      this.statements(node.body.commands);
    } else if (node.type === "Subshell") {
      const outside = this.#cwd;
      this.statements(node.body.commands);
      this.#cwd = outside;
    } else if (node.type === "Command") {
      this.#simpleCommand(node, stdin);
    } else {
      this.more = true;
    }
  }

  #simpleCommand(command: Command, stdin: string | null): void {
    const name = nameOf(command) ?? "";
    if (name === "cd") {
      this.#cwd = this.#resolveCd(command);
      return;
    }
    const patch = PATCH_PROGRAM.test(name) ? (stdin ?? patchOf(command)) : null;
    if (patch?.includes(BEGIN_PATCH)) this.patches.push({ text: patch, cwd: this.#cwd });
    else this.more = true;
  }

  #resolveCd(cd: Command): string | null {
    const [dir] = wordsOf(cd);
    if (dir === undefined || /^[~-]/.test(dir.value) || !isPlain(dir)) return null;
    return isAbsolute(dir.value) ? dir.value : this.#cwd === null ? null : join(this.#cwd, dir.value);
  }
}

function patchOf(command: Command): string | null {
  return heredocOf(command) ?? wordsOf(command)[0]?.value ?? null;
}

function heredocOf(command: Command): string | null {
  for (const redirect of command.redirects) {
    if (redirect.type !== "HereDoc") continue;
    const { text } = redirect.body;
    return redirect.operator === "<<-" ? text.replace(/^\t+/gm, "") : text;
  }
  return null;
}

function nameOf(command: Command): string | null {
  return command.name?.value ?? null;
}

function wordsOf(command: Command): Word[] {
  return command.args.flatMap((word) => (word.type === "Word" ? [word] : []));
}

/** Whether a word contains nothing that the shell would expand. */
function isPlain(word: Word): boolean {
  const isText = (part: { type: string }) => part.type === "Literal" || part.type === "SingleQuoted";
  return (word.parts ?? []).every((part) => isText(part) || (part.type === "DoubleQuoted" && part.parts.every(isText)));
}
