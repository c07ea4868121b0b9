// What may have happened in a shell script, given only how the whole ended: possible courses of events, kept apart
// where they differ in what the shell itself can see ($?, where it stands, whether it goes on) and merged where not.

/** Bits of what may have become of one command. */
export const NOT_RUN = 1;
export const SUCCEEDED = 2;
export const FAILED = 4;

/** What may have become of one command, and where it ran (null where that differs between courses). */
export interface Fate {
  readonly bits: number;
  readonly directory: string | null;
}

/** One possible course of events up to a point of the script. A command without a fate was not run. */
export interface Course {
  /** Whether the shell goes on, or leaves the function or the script. */
  readonly flow: "on" | "return" | "exit";
  /** `$?` is not zero. */
  readonly failed: boolean;
  /** `${PIPESTATUS[0]}` is not zero. */
  readonly headFailed: boolean;
  /** Variables that hold a status: `rc=$?`. */
  readonly saved: ReadonlyMap<string, boolean>;
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** Where the shell stands, seen from where it began; null where unknown. */
  readonly directory: string | null;
  readonly fates: ReadonlyMap<number, Fate>;
}

export const START: Course = {
  flow: "on",
  failed: false,
  headFailed: false,
  saved: new Map(),
  errexit: false,
  pipefail: false,
  directory: ".",
  fates: new Map(),
};

/** Beyond this many, courses that differ only in directory or saved statuses are merged too. */
const MAX_COURSES = 48;

/** The same courses with those merged that the shell cannot tell apart. */
export function mergeCourses(courses: readonly Course[]): readonly Course[] {
  const [first, second] = courses;
  if (first === undefined || second === undefined) return courses;
  // Most often a success and a failure of one command: no key has to be written to tell them apart.
  if (courses.length === 2 && first.failed !== second.failed) return courses;
  const merged = mergeAlike(courses);
  if (merged.length <= MAX_COURSES) return merged;
  return mergeAlike(merged.map((course) => ({ ...course, directory: null, saved: START.saved })));
}

/** What the shell can see of a course. */
function keyOf({ flow, failed, headFailed, errexit, pipefail, directory, saved }: Course): string {
  let key = `${flow} ${failed} ${headFailed} ${errexit} ${pipefail} ${directory}`;
  if (saved.size > 0) for (const [name, value] of [...saved].sort()) key += `\0${name} ${value}`;
  return key;
}

function mergeAlike(courses: readonly Course[]): Course[] {
  const byKey = new Map<string, Course>();
  for (const course of courses) {
    const name = keyOf(course);
    const known = byKey.get(name);
    byKey.set(name, known === undefined ? course : { ...known, fates: unite(known.fates, course.fates) });
  }
  return [...byKey.values()];
}

/** Every command's fate over several courses. */
export function uniteFates(courses: readonly Course[]): ReadonlyMap<number, Fate> {
  return courses.map((course) => course.fates).reduce(unite);
}

function unite(a: ReadonlyMap<number, Fate>, b: ReadonlyMap<number, Fate>): ReadonlyMap<number, Fate> {
  if (a === b) return a;
  const united = new Map<number, Fate>();
  for (const [command, fate] of a) united.set(command, join(fate, b.get(command)));
  for (const [command, fate] of b) if (!a.has(command)) united.set(command, join(fate, undefined));
  return united;
}

function join(fate: Fate, other: Fate | undefined): Fate {
  if (other === undefined) return { ...fate, bits: fate.bits | NOT_RUN };
  return {
    bits: fate.bits | other.bits,
    directory: fate.directory === other.directory ? fate.directory : null,
  };
}

/** The course after one more command. A command that runs again (a loop, a function) unites its fates. */
export function withFate(course: Course, command: number, bits: number): Course {
  const fates = new Map(course.fates);
  const before = fates.get(command);
  const fate: Fate = { bits, directory: course.directory };
  fates.set(command, before === undefined ? fate : join(before, fate));
  return { ...course, fates };
}

/** The course with the commands that `before` did not have made uncertain: run, but nobody saw how they ended. */
export function blur(course: Course, before: Course): Course {
  const fates = new Map(course.fates);
  for (const [command, fate] of fates) {
    if (!before.fates.has(command)) fates.set(command, { ...fate, bits: fate.bits | SUCCEEDED | FAILED });
  }
  return { ...course, fates };
}

/** Follows every course that goes on; those that left the script stay as they are. */
export function goOn(courses: readonly Course[], step: (course: Course) => readonly Course[]): readonly Course[] {
  const [only] = courses;
  if (only !== undefined && courses.length === 1) return only.flow === "on" ? mergeCourses(step(only)) : [only];
  return mergeCourses(courses.flatMap((course) => (course.flow === "on" ? step(course) : [course])));
}

/** What a subshell leaves behind: its status and what ran in it, but neither its directory nor its `exit`. */
export function apart(before: Course, guarded: boolean, ends: readonly Course[]): readonly Course[] {
  return mergeCourses(
    ends.map((end) =>
      stopOnError({ ...before, failed: end.failed, headFailed: end.failed, fates: end.fates }, guarded),
    ),
  );
}

/** `set -e`: a failure outside a condition ends the script. */
export function stopOnError(course: Course, guarded: boolean): Course {
  return course.failed && course.errexit && !guarded && course.flow === "on" ? { ...course, flow: "exit" } : course;
}
