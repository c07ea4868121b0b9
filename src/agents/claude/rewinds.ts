// What a person takes back, by `/rewind` or Esc twice. No line tells of it: the prompt that follows has the parent of an
// earlier one, and what Claude Code notes of the files it edited, at each prompt, shows which of them are as they were.
// Seen in 2.1.330; only its screen keeps such notes, and only of files that its own tools edited.
import { posix } from "node:path";
import { z } from "zod";
import type { EditEvent, SessionEvent } from "../../events/event.ts";
import { isBefore, utcOf } from "../../events/timestamps.ts";
import { asFields, type Fields, fieldsField, numberField, textField } from "../fields.ts";

/** More than anybody goes back, and more files than anybody looks through. */
const MOST = 1_000;

const name = z.string().max(4_096);
const count = z.int().nonnegative();
const time = z.string().max(40).nullable();

const trackedFile = z.strictObject({
  /** Absolute. */
  path: name,
  /** It was not there before the session's first edit. */
  isNew: z.boolean(),
  /** The prompt whose turn edited it first, since it was as before. */
  since: count,
  isChanged: z.boolean(),
  /** When it was edited first and last since the last note. */
  editedAt: time,
  lastEditedAt: time,
  /** A command named it since the last note, and may have changed it. */
  isHandled: z.boolean(),
  /** The last note: another version is another content than the one before; 1 is what was there at the beginning. */
  version: count,
  isThere: z.boolean(),
});

const note = z.strictObject({
  /** The line it belongs to, most often a prompt's. */
  line: name,
  at: time,
  files: z.array(z.strictObject({ path: name, version: count, isThere: z.boolean() })).max(MOST),
});

const asked = z.strictObject({ line: name, before: count.nullable() });

export const rewindState = z.strictObject({
  prompts: count,
  /** What the last prompts followed, and which prompt of the session each was. */
  parents: z.array(z.tuple([name, count])).max(MOST),
  files: z.array(trackedFile).max(MOST),
  /** A note of a line that is still to come. */
  note: note.nullable(),
  last: asked.nullable(),
  isQuiet: z.boolean(),
});

type State = z.output<typeof rewindState>;
type TrackedFile = z.output<typeof trackedFile>;
type Note = z.output<typeof note>;

/** What was taken back. */
export interface Rewind {
  /** What follows stands in place of this prompt, counted from 1; null where the conversation goes on as it was. */
  prompt: number | null;
  /** Files that are as they were before the session edited them: absolute paths. */
  restored: string[];
}

export class Rewinds {
  readonly #cwd: string | null;
  readonly #parents: Map<string, number>;
  readonly #files = new Map<string, TrackedFile>();
  /** The files by the last word of their names, as commands have them. */
  readonly #called = new Map<string, TrackedFile[]>();
  #prompts: number;
  #note: Note | null;
  #last: State["last"];
  /** Neither a command nor another tool ran since the last note. */
  #isQuiet: boolean;

  /** `cwd`: the folder the session began in. */
  constructor(cwd: string | null, before: State | null = null) {
    this.#cwd = cwd;
    this.#parents = new Map(before?.parents);
    for (const file of before?.files ?? []) this.#add({ ...file });
    this.#prompts = before?.prompts ?? 0;
    this.#note = before?.note ?? null;
    this.#last = before?.last ?? null;
    this.#isQuiet = before?.isQuiet ?? true;
  }

  save(): State {
    return {
      prompts: this.#prompts,
      parents: [...this.#parents],
      files: [...this.#files.values()].map((file) => ({ ...file })),
      note: this.#note,
      last: this.#last,
      isQuiet: this.#isQuiet,
    };
  }

  /** Sees what the session itself did. */
  push(event: SessionEvent): void {
    if (event.kind === "edit") this.#edited(event);
    if (event.kind !== "command" && event.kind !== "tool") return;
    this.#isQuiet = false;
    if (event.kind === "tool" || this.#files.size === 0) return;
    for (const word of wordsOf(event.command)) for (const file of this.#called.get(word) ?? []) file.isHandled = true;
  }

  /** A prompt was given; `line` is null for one that was queued. */
  prompted(line: Fields | null): Rewind[] {
    this.#prompts++;
    const id = line === null ? null : textField(line, "uuid");
    if (line === null || id === null) return [];
    // A session's first prompt follows nothing.
    const parent = textField(line, "parentUuid") ?? "";
    const before = this.#parents.get(parent) ?? null;
    this.#parents.delete(parent);
    this.#parents.set(parent, this.#prompts);
    const [oldest] = this.#parents.keys();
    if (this.#parents.size > MOST && oldest !== undefined) this.#parents.delete(oldest);
    this.#last = { line: id, before };
    const went = before === null ? [] : [{ prompt: before, restored: [] }];
    return [...went, ...this.#settle()];
  }

  /** A line of bookkeeping: a file is about to be edited for the first time, or what all of them are now. */
  *noted(line: Fields): Generator<Rewind, void, void> {
    const first = textField(line, "trackingPath");
    if (first !== null) {
      this.#track(first, fieldsField(line, "backup") ?? {});
      return;
    }
    yield* this.#settle();
    const snapshot = fieldsField(line, "snapshot") ?? {};
    const files = Object.entries(fieldsField(snapshot, "trackedFileBackups") ?? {}).flatMap(([path, value]) => {
      const at = this.#absolute(path);
      const backup = asFields(value);
      return backup === null || !this.#files.has(at) ? [] : [{ path: at, ...stateOf(backup) }];
    });
    this.#note = { line: textField(line, "messageId") ?? "", at: utcOf(textField(snapshot, "timestamp")), files };
    if (this.#last?.line === this.#note.line) yield* this.#settle();
  }

  finish(): Rewind[] {
    return this.#settle();
  }

  #track(path: string, backup: Fields): void {
    const at = this.#absolute(path);
    if (this.#files.has(at) || this.#files.size >= MOST || at.length > 4_096) return;
    const { version, isThere } = stateOf(backup);
    this.#add({
      ...{ path: at, isNew: !isThere, since: this.#prompts, isChanged: false, editedAt: null, lastEditedAt: null },
      ...{ isHandled: false, version, isThere },
    });
  }

  #add(file: TrackedFile): void {
    this.#files.set(file.path, file);
    const word = wordsOf(file.path).at(-1) ?? "";
    this.#called.set(word, [...(this.#called.get(word) ?? []), file]);
  }

  #edited({ outcome, changes, at }: EditEvent): void {
    if (outcome !== "ok") return;
    for (const { path, type, diff } of changes) {
      const file = this.#files.get(path);
      // Whoever writes what is there already changes nothing.
      if (file === undefined || (type === "update" && !diff)) continue;
      if (!file.isChanged) file.since = this.#prompts;
      file.isChanged = true;
      file.editedAt ??= at;
      file.lastEditedAt = at;
    }
  }

  /** Takes the note that waits. It belongs to the last prompt, or to nothing that goes back. */
  #settle(): Rewind[] {
    const note = this.#note;
    if (note === null) return [];
    this.#note = null;
    const before = this.#last?.line === note.line ? this.#last.before : null;
    // A prompt that is queued in its turn has a note under its name as well.
    if (before !== null) this.#last = null;
    const isQuiet = this.#isQuiet;
    this.#isQuiet = true;
    const looks = note.files.flatMap((now) => {
      const file = this.#files.get(now.path);
      return file === undefined ? [] : [{ file, now, isEdited: isEdited(file, note.at) }];
    });
    const evident = looks.filter(({ file, now, isEdited }) => {
      if (file.isHandled) return false;
      if (file.isNew && !now.isThere) return file.isThere || isEdited;
      if (isEdited) return now.version === file.version;
      // Nobody else can have changed it.
      return before !== null && isQuiet && now.version !== file.version;
    });
    const restored =
      before === null
        ? evident.filter(({ now }) => !now.isThere || now.version === 1)
        : looks.filter(({ file, now }) => evident.length > 0 && file.since >= before && file.isNew !== now.isThere);
    const paths = restored.filter(({ file }) => file.isChanged).map(({ file }) => file.path);
    for (const { file } of restored) file.isChanged = false;
    for (const { file, now } of looks) {
      const isLater = file.lastEditedAt !== null && note.at !== null && isBefore(note.at, file.lastEditedAt);
      const editedAt = isLater ? file.lastEditedAt : null;
      Object.assign(file, { editedAt, isHandled: false, version: now.version, isThere: now.isThere });
    }
    return paths.length > 0 ? [{ prompt: null, restored: paths }] : [];
  }

  #absolute(path: string): string {
    return this.#cwd === null || path.startsWith("/") ? path : posix.join(this.#cwd, path);
  }
}

/** Paths fall apart into the names of their folders. */
function wordsOf(text: string): string[] {
  return text.match(/[^\s'"`/\\;|&<>()=]+/g) ?? [];
}

function stateOf(backup: Fields): { version: number; isThere: boolean } {
  const version = numberField(backup, "version") ?? 0;
  return {
    version: Number.isSafeInteger(version) && version > 0 ? version : 0,
    isThere: textField(backup, "backupFileName") !== null,
  };
}

/** Since the last note, and before this one: its line may stand behind the next edit. */
function isEdited({ editedAt }: TrackedFile, at: string | null): boolean {
  return editedAt !== null && (at === null || !isBefore(at, editedAt));
}
