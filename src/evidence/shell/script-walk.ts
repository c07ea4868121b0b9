// Follows every possible path of execution through the lists, pipelines, conditions and loops of a parsed script.
// `CommandWalk` adds what a single command does to a path.
import type { AndOr, CompoundList, For, If, Pipeline, Script, Select, Statement } from "unbash";
import { CommandWalk, type Position, type ShellNode } from "./command-walk.ts";
import {
  type ExecPath,
  type ExecPaths,
  forEachLivePath,
  markUncertain,
  mergePaths,
  START,
  stopOnError,
  subshell,
} from "./exec-paths.ts";
import { isFilter } from "./programs.ts";

const TOP: Position = {
  inCondition: false,
  isCaptured: false,
  isFiltered: false,
  isUnconditional: true,
  depth: 0,
  knownEnd: null,
  iteration: "",
};
/** A `for` over more words is not followed word by word. */
const MAX_ITERATIONS = 16;

export class ScriptWalk extends CommandWalk {
  /** All paths through a script that ended this way (null: unknown); null where the script is too long to follow. */
  run(script: Script, knownEnd: Position["knownEnd"]): ExecPaths | null {
    const paths = this.list(script.commands, [START], { ...TOP, knownEnd });
    return this.exhausted ? null : paths;
  }

  protected override list(statements: readonly Statement[], paths: ExecPaths, position: Position): ExecPaths {
    let current = paths;
    for (const [index, { background, command }] of statements.entries()) {
      const here = index === statements.length - 1 ? position : { ...position, knownEnd: null };
      current = forEachLivePath(current, (path) =>
        background ? this.#background(command, path, here) : this.node(command, path, here),
      );
    }
    return current;
  }

  protected override node(node: ShellNode, path: ExecPath, position: Position): ExecPaths {
    if (this.exhausted) return [path];
    this.steps++;
    if (node.type === "Command") return this.command(node, path, position);
    const conditional = { ...position, isUnconditional: false, knownEnd: null };
    switch (node.type) {
      case "AndOr":
        return this.#andOr(node, path, position);
      case "Pipeline":
        return this.#pipeline(node, path, position);
      case "Redirected": {
        const noted = this.noteOutputs(node.redirects, path, position);
        return this.node(node.command, noted, { ...position, isCaptured: true });
      }
      case "CompoundList":
        return this.list(node.commands, [path], position);
      case "BraceGroup":
        return this.list(node.body.commands, [path], position);
      case "Subshell":
        return subshell(path, position.inCondition, this.list(node.body.commands, [path], conditional));
      case "If":
        return this.#if(node, path, conditional);
      case "For":
      case "Select":
        return this.#for(node, path, position);
      case "ArithmeticFor":
        return this.#loop(node.body, path, conditional);
      case "While": {
        const ends = this.list(node.clause.commands, [path], { ...conditional, inCondition: true });
        return forEachLivePath(ends, (end) =>
          this.#loop(node.body, { ...markUncertain(end, path), failed: false }, conditional),
        );
      }
      case "Case":
        return mergePaths([
          { ...path, failed: false },
          ...node.items.flatMap((item) => this.list(item.body.commands, [path], conditional)),
        ]);
      case "Function":
        this.functions.set(node.name.text, node.body);
        return [{ ...path, failed: false }];
      case "Coproc":
        return this.#background(node.body, path, position);
      case "TestCommand":
      case "ArithmeticCommand":
        return this.condition(node, path, position);
    }
  }

  /** The script does not wait for it. */
  #background(node: ShellNode, path: ExecPath, position: Position): ExecPaths {
    const inner = { ...position, inCondition: true, isUnconditional: false, knownEnd: null };
    const ends = this.node(node, path, inner);
    return mergePaths(ends.map((end) => ({ ...path, failed: false, outcomes: markUncertain(end, path).outcomes })));
  }

  #andOr(node: AndOr, path: ExecPath, position: Position): ExecPaths {
    let current: ExecPaths = [path];
    // `a && b` ended with zero: both did. `a || b` ended with nonzero: both did. So the end of every
    // command after the last operator of the other kind is known.
    const lastOther = node.operators.lastIndexOf(position.knownEnd === "zero" ? "||" : "&&");
    for (const [index, part] of node.commands.entries()) {
      const knownEnd = index > lastOther ? position.knownEnd : null;
      const operator = index === 0 ? null : node.operators[index - 1];
      const inCondition = position.inCondition || index < node.commands.length - 1;
      const isUnconditional = position.isUnconditional && operator !== "||";
      const inner = { ...position, inCondition, knownEnd, isUnconditional };
      current = forEachLivePath(current, (before) =>
        operator !== null && before.failed !== (operator === "||") ? [before] : this.node(part, before, inner),
      );
    }
    return current;
  }

  #pipeline(node: Pipeline, path: ExecPath, position: Position): ExecPaths {
    const inverted = node.prefixes.some((prefix) => prefix.type === "Negation");
    const [only] = node.commands;
    if (node.commands.length === 1 && only !== undefined) {
      if (!inverted) return this.node(only, path, position);
      const ends = this.node(only, path, { ...position, inCondition: true, knownEnd: null });
      return forEachLivePath(ends, (end) => [{ ...end, failed: !end.failed }]);
    }
    const inner = { ...position, inCondition: true, isCaptured: true, isUnconditional: false, knownEnd: null };
    const lastFilter = node.commands.findLastIndex((part) => this.#dropsLines(part));
    let stages: Stage[] = [{ path, head: false, any: false, last: false }];
    for (const [index, part] of node.commands.entries()) {
      const here = index < lastFilter ? { ...inner, isFiltered: true } : inner;
      stages = mergeStages(
        stages.flatMap((stage) =>
          subshell(stage.path, true, this.node(part, stage.path, here)).map((end) => ({
            // Every part starts with the shell's state before the pipeline.
            path: { ...path, outcomes: end.outcomes },
            head: index === 0 ? end.failed : stage.head,
            any: stage.any || end.failed,
            last: end.failed,
          })),
        ),
      );
    }
    return mergePaths(
      stages.map(({ path: end, head, any, last }) => {
        const failed = path.pipefail ? any : last;
        if (inverted) return { ...end, failed: !failed, headFailed: head };
        return stopOnError({ ...end, failed, headFailed: head }, position.inCondition);
      }),
    );
  }

  /** Whether a part of a pipeline drops lines of its input. */
  #dropsLines(part: ShellNode): boolean {
    if (part.type !== "Command" || part.name === undefined) return false;
    return isFilter([part.name, ...part.args].flatMap((word) => (word.type === "Word" ? this.words(word) : [])));
  }

  #if(node: If, path: ExecPath, position: Position): ExecPaths {
    const ends: ExecPath[] = [];
    let open: ExecPaths = [path];
    for (const branch of [node, ...node.elif]) {
      const clause = { ...position, inCondition: true };
      const tested = forEachLivePath(open, (start) => this.list(branch.clause.commands, [start], clause));
      ends.push(...tested.filter((end) => end.flow !== "live"));
      const taken = tested.filter((end) => end.flow === "live" && !end.failed);
      ends.push(...this.list(branch.then.commands, taken, position));
      open = tested.filter((end) => end.flow === "live" && end.failed);
    }
    if (node.else === undefined) ends.push(...open.map((end) => ({ ...end, failed: false })));
    else ends.push(...this.list(node.else.commands, open, position));
    return mergePaths(ends);
  }

  /** A `for` over known words runs once for each of them, with its variable known. */
  #for(node: For | Select, path: ExecPath, position: Position): ExecPaths {
    const words = (node.wordlist ?? []).flatMap((word) => this.words(word));
    const isKnown =
      node.type === "For" &&
      words.length > 0 &&
      words.length <= MAX_ITERATIONS &&
      words.every(({ value }) => value !== null);
    if (!isKnown) {
      this.variables.set(node.name.text, null);
      return this.#loop(node.body, path, { ...position, isUnconditional: false, knownEnd: null });
    }
    let current: ExecPaths = [path];
    for (const [index, { value }] of words.entries()) {
      this.variables.set(node.name.text, value);
      const inner = { ...position, knownEnd: null, iteration: `${position.iteration}/${index}` };
      current = forEachLivePath(current, (start) => this.list(node.body.commands, [start], inner));
    }
    return current;
  }

  /** A body that runs an unknown number of times; the loop has the status of the last iteration. */
  #loop(body: CompoundList, path: ExecPath, position: Position): ExecPaths {
    const ends = this.list(body.commands, [path], position);
    return mergePaths([{ ...path, failed: false }, ...ends.map((end) => markUncertain(end, path))]);
  }
}

/** A pipeline up to one of its parts: whether its first, any, and its last part so far failed. */
interface Stage {
  path: ExecPath;
  head: boolean;
  any: boolean;
  last: boolean;
}

function mergeStages(stages: readonly Stage[]): Stage[] {
  const groups = Map.groupBy(stages, ({ head, any, last }) => [head, any, last].join());
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const paths = mergePaths(group.map(({ path }) => path));
    return first === undefined ? [] : paths.map((path) => ({ ...first, path }));
  });
}
