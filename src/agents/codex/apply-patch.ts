// Patches given to the shell: `apply_patch <<'EOF' … EOF` and its like, which Codex runs as an edit, not as a command.
import { isAbsolute, join } from "node:path";
import { type Command, type CommandNode, type PipelineNode, parse, type Statement, type Word } from "unbash";

/** A patch and the folder its paths are relative to; null where the script does not tell. */
export interface ShellPatch {
  text: string;
  cwd: string | null;
}

export interface ShellPatches {
  patches: ShellPatch[];
  /** Whether the script does anything besides. */
  more: boolean;
}

const PATCH_PROGRAM = /^(?:.*\/)?apply_?patch$/;
const PATCH = "*** Begin Patch";
/** Longer scripts are not read for patches: no model writes them. */
const MAX_SOURCE = 4 * 1024 * 1024;

/** Finds the patches of a shell script. */
export function shellPatches(source: string, cwd: string | null): ShellPatches {
  if (!source.includes(PATCH) || !/apply_?patch/.test(source) || source.length > MAX_SOURCE) {
    return { patches: [], more: true };
  }
  const walk = new PatchWalk(cwd);
  walk.statements(parse(source).commands);
  return { patches: walk.patches, more: walk.more || walk.patches.length === 0 };
}

/** A patch given to `apply_patch` as its argument. */
export function argvPatch(argv: readonly string[]): string | null {
  const [program = "", patch] = argv;
  return PATCH_PROGRAM.test(program) && patch?.includes(PATCH) ? patch : null;
}

/** Follows a script as far as it surely runs: what stands in a condition or a loop is left to the command's event. */
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
    const fed = first?.type === "Command" && nameOf(first) === "cat" ? heredocOf(first) : null;
    if (fed !== null && second !== undefined && rest.length === 0) this.#command(second, fed);
    else this.more = true;
  }

  #command(node: CommandNode, fed: string | null): void {
    if (node.type === "BraceGroup") {
      this.statements(node.body.commands);
    } else if (node.type === "Subshell") {
      const outside = this.#cwd;
      this.statements(node.body.commands);
      this.#cwd = outside;
    } else if (node.type === "Command") {
      this.#simpleCommand(node, fed);
    } else {
      this.more = true;
    }
  }

  #simpleCommand(command: Command, fed: string | null): void {
    const name = nameOf(command) ?? "";
    if (name === "cd") {
      this.#cwd = this.#enter(command);
      return;
    }
    const patch = PATCH_PROGRAM.test(name) ? (fed ?? patchOf(command)) : null;
    if (patch?.includes(PATCH)) this.patches.push({ text: patch, cwd: this.#cwd });
    else this.more = true;
  }

  #enter(cd: Command): string | null {
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

/** Whether nothing in a word is left for the shell to expand. */
function isPlain(word: Word): boolean {
  const isText = (part: { type: string }) => part.type === "Literal" || part.type === "SingleQuoted";
  return (word.parts ?? []).every((part) => isText(part) || (part.type === "DoubleQuoted" && part.parts.every(isText)));
}
