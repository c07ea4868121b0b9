// The walk through a parsed script: follows every possible course of events through lists, pipelines, conditions and
// loops. What a single command does to the course stands in shell-command-walk.ts.
import type { AndOr, CompoundList, For, If, Pipeline, Script, Select, Statement } from "unbash";
import { CommandWalk, type Courses, type Place, type ShellNode } from "./command-walk.ts";
import { apart, blur, type Course, goOn, mergeCourses, START, stopOnError } from "./courses.ts";

const TOP: Place = { guarded: false, hidden: false, certain: true, depth: 0, ended: null, turn: "" };
/** Words of a `for` that are gone through one by one. */
const MAX_TURNS = 16;

export class ShellWalk extends CommandWalk {
  /** All possible courses of a script that ended this way (null: nobody knows); null where it is too long to follow. */
  run(script: Script, ended: Place["ended"]): Courses | null {
    const courses = this.list(script.commands, [START], { ...TOP, ended });
    return this.exhausted ? null : courses;
  }

  protected override list(statements: readonly Statement[], courses: Courses, place: Place): Courses {
    let current = courses;
    const before = place.ended === null || statements.length < 2 ? place : { ...place, ended: null };
    for (const [index, { background, command }] of statements.entries()) {
      const here = index === statements.length - 1 ? place : before;
      current = goOn(current, (course) =>
        background ? this.#unwatched(command, course, here) : this.node(command, course, here),
      );
    }
    return current;
  }

  protected override node(node: ShellNode, course: Course, place: Place): Courses {
    if (this.exhausted) return [course];
    this.steps++;
    if (node.type === "Command") return this.command(node, course, place);
    const unsure = { ...place, certain: false, ended: null };
    switch (node.type) {
      case "AndOr":
        return this.#andOr(node, course, place);
      case "Pipeline":
        return this.#pipeline(node, course, place);
      case "Redirected":
        return this.node(node.command, this.noteOutputs(node.redirects, course, place), { ...place, hidden: true });
      case "CompoundList":
        return this.list(node.commands, [course], place);
      case "BraceGroup":
        return this.list(node.body.commands, [course], place);
      case "Subshell":
        return apart(course, place.guarded, this.list(node.body.commands, [course], unsure));
      case "If":
        return this.#if(node, course, unsure);
      case "For":
      case "Select":
        return this.#for(node, course, place);
      case "ArithmeticFor":
        return this.#loop(node.body, course, unsure);
      case "While": {
        const asked = this.list(node.clause.commands, [course], { ...unsure, guarded: true });
        return goOn(asked, (end) => this.#loop(node.body, { ...blur(end, course), failed: false }, unsure));
      }
      case "Case":
        return mergeCourses([
          { ...course, failed: false },
          ...node.items.flatMap((item) => this.list(item.body.commands, [course], unsure)),
        ]);
      case "Function":
        this.functions.set(node.name.text, node.body);
        return [{ ...course, failed: false }];
      case "Coproc":
        return this.#unwatched(node.body, course, place);
      case "TestCommand":
      case "ArithmeticCommand":
        return this.condition(node, course, place);
    }
  }

  /** Runs on its own: the script does not wait for it. */
  #unwatched(node: ShellNode, course: Course, place: Place): Courses {
    const ends = this.node(node, course, { ...place, guarded: true, certain: false, ended: null });
    return mergeCourses(ends.map((end) => ({ ...course, failed: false, fates: blur(end, course).fates })));
  }

  #andOr(node: AndOr, course: Course, place: Place): Courses {
    let current: Courses = [course];
    // `a && b` ended with zero: both did. `a || b` ended with another status: both did. The last one's status is the end.
    const other = node.operators.lastIndexOf(place.ended === "zero" ? "||" : "&&");
    for (const [index, part] of node.commands.entries()) {
      const ended = index > other ? place.ended : null;
      const operator = index === 0 ? null : node.operators[index - 1];
      const guarded = place.guarded || index < node.commands.length - 1;
      const inner = { ...place, guarded, ended, certain: place.certain && operator !== "||" };
      current = goOn(current, (before) =>
        operator !== null && before.failed !== (operator === "||") ? [before] : this.node(part, before, inner),
      );
    }
    return current;
  }

  #pipeline(node: Pipeline, course: Course, place: Place): Courses {
    const inverted = node.prefixes.some((prefix) => prefix.type === "Negation");
    const [only] = node.commands;
    if (node.commands.length === 1 && only !== undefined) {
      if (!inverted) return this.node(only, course, place);
      const ends = this.node(only, course, { ...place, guarded: true, ended: null });
      return goOn(ends, (end) => [{ ...end, failed: !end.failed }]);
    }
    const inner = { ...place, guarded: true, hidden: true, certain: false, ended: null };
    let stages: Stage[] = [{ course, head: false, any: false, last: false }];
    for (const [index, part] of node.commands.entries()) {
      stages = mergeStages(
        stages.flatMap((stage) =>
          apart(stage.course, true, this.node(part, stage.course, inner)).map((end) => ({
            // Every part starts from what the shell knew before the pipeline.
            course: { ...course, fates: end.fates },
            head: index === 0 ? end.failed : stage.head,
            any: stage.any || end.failed,
            last: end.failed,
          })),
        ),
      );
    }
    return mergeCourses(
      stages.map(({ course: end, head, any, last }) => {
        const failed = course.pipefail ? any : last;
        if (inverted) return { ...end, failed: !failed, headFailed: head };
        return stopOnError({ ...end, failed, headFailed: head }, place.guarded);
      }),
    );
  }

  #if(node: If, course: Course, place: Place): Courses {
    const ended: Course[] = [];
    let open: Courses = [course];
    for (const branch of [node, ...node.elif]) {
      const asked = goOn(open, (start) => this.list(branch.clause.commands, [start], { ...place, guarded: true }));
      ended.push(...asked.filter((end) => end.flow !== "on"));
      const taken = asked.filter((end) => end.flow === "on" && !end.failed);
      ended.push(...this.list(branch.then.commands, taken, place));
      open = asked.filter((end) => end.flow === "on" && end.failed);
    }
    if (node.else === undefined) ended.push(...open.map((end) => ({ ...end, failed: false })));
    else ended.push(...this.list(node.else.commands, open, place));
    return mergeCourses(ended);
  }

  /** A `for` over known words runs once for each of them, with its variable known. */
  #for(node: For | Select, course: Course, place: Place): Courses {
    const words = (node.wordlist ?? []).flatMap((word) => this.words(word));
    const known =
      node.type === "For" &&
      words.length > 0 &&
      words.length <= MAX_TURNS &&
      words.every(({ value }) => value !== null);
    if (!known) {
      this.variables.set(node.name.text, null);
      return this.#loop(node.body, course, { ...place, certain: false, ended: null });
    }
    let current: Courses = [course];
    for (const [index, { value }] of words.entries()) {
      this.variables.set(node.name.text, value);
      const turn = { ...place, ended: null, turn: `${place.turn}/${index}` };
      current = goOn(current, (start) => this.list(node.body.commands, [start], turn));
    }
    return current;
  }

  /** A body that runs nobody knows how often. Of several turns only the last one's status shows. */
  #loop(body: CompoundList, course: Course, place: Place): Courses {
    const ends = this.list(body.commands, [course], place);
    return mergeCourses([{ ...course, failed: false }, ...ends.map((end) => blur(end, course))]);
  }
}

/** A pipeline up to one of its parts: whether its first, any, and its last part so far failed. */
interface Stage {
  course: Course;
  head: boolean;
  any: boolean;
  last: boolean;
}

function mergeStages(stages: readonly Stage[]): Stage[] {
  const groups = Map.groupBy(stages, ({ head, any, last }) => [head, any, last].join());
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const courses = mergeCourses(group.map(({ course }) => course));
    return first === undefined ? [] : courses.map((course) => ({ ...first, course }));
  });
}
