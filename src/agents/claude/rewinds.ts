// Detects what a person takes back with `/rewind` or Esc twice. No record says so. The next prompt has the same parent as
// an earlier one, and the snapshots of edited files, which Claude Code records at each prompt, show which files were
// restored. Seen in 2.1.330: only the terminal UI records snapshots, and only of files that its own tools edited.
import { posix } from "node:path";
import { z } from "zod";
import type { EditEvent, SessionEvent } from "../../events/event.ts";
import { isBefore, utcOf } from "../../events/timestamps.ts";
import { asFields, type Fields, fieldsField, numberField, textField } from "../fields.ts";

/** How many prompts and files are remembered. */
const MAX = 1_000;

const name = z.string().max(4_096);
const count = z.int().nonnegative();
const time = z.string().max(40).nullable();

const trackedFile = z.strictObject({
  /** The absolute path. */
  path: name,
  /** Whether the file was missing before the session's first edit. */
  isNew: z.boolean(),
  /** The number of the prompt whose turn edited it first since it was last unchanged. */
  since: count,
  isChanged: z.boolean(),
  /** When it was first and last edited since the last snapshot. */
  editedAt: time,
  lastEditedAt: time,
  /** Whether a command since the last snapshot names the file, and may have changed it. */
  isHandled: z.boolean(),
  /**
   * The version in the last snapshot: each new content has another version, and 1 is the content before the session.
   */
  version: count,
  isThere: z.boolean(),
});

/** A snapshot of the edited files. */
const note = z.strictObject({
  /** The id of the record it belongs to, mostly a prompt. */
  line: name,
  at: time,
  files: z.array(z.strictObject({ path: name, version: count, isThere: z.boolean() })).max(MAX),
});

/** A prompt, and the number of the earlier prompt that it replaces. */
const asked = z.strictObject({ line: name, before: count.nullable() });

export const rewindState = z.strictObject({
  /** The number of prompts so far. */
  prompts: count,
  /** The parent ids of the last prompts, with the number of each prompt. */
  parents: z.array(z.tuple([name, count])).max(MAX),
  files: z.array(trackedFile).max(MAX),
  /** A snapshot that was not evaluated yet, because its prompt may still follow. */
  note: note.nullable(),
  last: asked.nullable(),
  /** Whether no command and no other tool has run since the last snapshot. */
  isQuiet: z.boolean(),
});

type State = z.output<typeof rewindState>;
type TrackedFile = z.output<typeof trackedFile>;

export interface Rewind {
  /** The number of the prompt, from 1, that the next prompt replaces; null when only files were restored. */
  prompt: number | null;
  /** Files that are as they were before the session edited them: absolute paths. */
  restored: string[];
}

export class Rewinds {
  /** The directory the session began in. */
  readonly #cwd: string | null;
  readonly #parents: Map<string, number>;
  readonly #files = new Map<string, TrackedFile>();
  /** The files by their base names, as commands name them. */
  readonly #filesByName = new Map<string, TrackedFile[]>();
  #prompts: number;
  #snapshot: State["note"];
  #last: State["last"];
  #isQuiet: boolean;

  constructor(cwd: string | null, before: State | null = null) {
    this.#cwd = cwd;
    this.#parents = new Map(before?.parents);
    for (const file of before?.files ?? []) this.#add({ ...file });
    this.#prompts = before?.prompts ?? 0;
    this.#snapshot = before?.note ?? null;
    this.#last = before?.last ?? null;
    this.#isQuiet = before?.isQuiet ?? true;
  }

  save(): State {
    return {
      prompts: this.#prompts,
      parents: [...this.#parents],
      files: [...this.#files.values()].map((file) => ({ ...file })),
      note: this.#snapshot,
      last: this.#last,
      isQuiet: this.#isQuiet,
    };
  }

  /** Processes an event of the session itself. */
  observe(event: SessionEvent): void {
    if (event.kind === "edit") this.#addEdit(event);
    if (event.kind !== "command" && event.kind !== "tool") return;
    this.#isQuiet = false;
    if (event.kind === "tool" || this.#files.size === 0) return;
    for (const word of namesIn(event.command)) {
      for (const file of this.#filesByName.get(word) ?? []) file.isHandled = true;
    }
  }

  /** Processes the record of a prompt; null for a queued prompt. */
  addPrompt(record: Fields | null): Rewind[] {
    this.#prompts++;
    const id = record === null ? null : textField(record, "uuid");
    if (record === null || id === null) return [];
    // The first prompt of a session has no parent.
    const parent = textField(record, "parentUuid") ?? "";
    const before = this.#parents.get(parent) ?? null;
    this.#parents.delete(parent);
    this.#parents.set(parent, this.#prompts);
    const [oldest] = this.#parents.keys();
    if (this.#parents.size > MAX && oldest !== undefined) this.#parents.delete(oldest);
    this.#last = { line: id, before };
    const replaced = before === null ? [] : [{ prompt: before, restored: [] }];
    return [...replaced, ...this.#evaluateSnapshot()];
  }

  /** Processes a file history record: the first edit of a file, or a snapshot of all edited files. */
  *addFileHistory(record: Fields): Generator<Rewind, void, void> {
    const first = textField(record, "trackingPath");
    if (first !== null) {
      this.#track(first, fieldsField(record, "backup") ?? {});
      return;
    }
    yield* this.#evaluateSnapshot();
    const snapshot = fieldsField(record, "snapshot") ?? {};
    const files = Object.entries(fieldsField(snapshot, "trackedFileBackups") ?? {}).flatMap(([path, value]) => {
      const absolute = this.#absolute(path);
      const backup = asFields(value);
      return backup === null || !this.#files.has(absolute) ? [] : [{ path: absolute, ...stateOf(backup) }];
    });
    const line = textField(record, "messageId") ?? "";
    this.#snapshot = { line, at: utcOf(textField(snapshot, "timestamp")), files };
    if (this.#last?.line === line) yield* this.#evaluateSnapshot();
  }

  finish(): Rewind[] {
    return this.#evaluateSnapshot();
  }

  #track(name: string, backup: Fields): void {
    const path = this.#absolute(name);
    if (this.#files.has(path) || this.#files.size >= MAX || path.length > 4_096) return;
    const { version, isThere } = stateOf(backup);
    const edits = { since: this.#prompts, isChanged: false, editedAt: null, lastEditedAt: null, isHandled: false };
    this.#add({ path, isNew: !isThere, ...edits, version, isThere });
  }

  #add(file: TrackedFile): void {
    this.#files.set(file.path, file);
    const name = namesIn(file.path).at(-1) ?? "";
    this.#filesByName.set(name, [...(this.#filesByName.get(name) ?? []), file]);
  }

  #addEdit({ outcome, changes, at }: EditEvent): void {
    if (outcome !== "ok") return;
    for (const { path, type, diff } of changes) {
      const file = this.#files.get(path);
      // An update without a diff wrote the content that was there already.
      if (file === undefined || (type === "update" && !diff)) continue;
      if (!file.isChanged) file.since = this.#prompts;
      file.isChanged = true;
      file.editedAt ??= at;
      file.lastEditedAt = at;
    }
  }

  /** Compares the waiting snapshot with the one before it, and returns the restored files. */
  #evaluateSnapshot(): Rewind[] {
    const snapshot = this.#snapshot;
    if (snapshot === null) return [];
    this.#snapshot = null;
    // The snapshot belongs to the last prompt, or to a record that replaces no prompt.
    const before = this.#last?.line === snapshot.line ? this.#last.before : null;
    // A prompt that is queued during the turn has another snapshot with the same id.
    if (before !== null) this.#last = null;
    const isQuiet = this.#isQuiet;
    this.#isQuiet = true;
    const compared = snapshot.files.flatMap((now) => {
      const file = this.#files.get(now.path);
      return file === undefined ? [] : [{ file, now, isEdited: isEditedBefore(snapshot.at, file) }];
    });
    const evident = compared.filter(({ file, now, isEdited }) => {
      if (file.isHandled) return false;
      if (file.isNew && !now.isThere) return file.isThere || isEdited;
      if (isEdited) return now.version === file.version;
      // Nothing else can have changed the file.
      return before !== null && isQuiet && now.version !== file.version;
    });
    const restored =
      before === null
        ? evident.filter(({ now }) => !now.isThere || now.version === 1)
        : compared.filter(({ file, now }) => evident.length > 0 && file.since >= before && file.isNew !== now.isThere);
    const paths = restored.filter(({ file }) => file.isChanged).map(({ file }) => file.path);
    for (const { file } of restored) file.isChanged = false;
    for (const { file, now } of compared) {
      const isLater = file.lastEditedAt !== null && snapshot.at !== null && isBefore(snapshot.at, file.lastEditedAt);
      const editedAt = isLater ? file.lastEditedAt : null;
      Object.assign(file, { editedAt, isHandled: false, version: now.version, isThere: now.isThere });
    }
    return paths.length > 0 ? [{ prompt: null, restored: paths }] : [];
  }

  #absolute(path: string): string {
    return this.#cwd === null || path.startsWith("/") ? path : posix.join(this.#cwd, path);
  }
}

/** The words of a command; a path counts as one word per folder and file name. */
function namesIn(text: string): string[] {
  return text.match(/[^\s'"`/\\;|&<>()=]+/g) ?? [];
}

function stateOf(backup: Fields): { version: number; isThere: boolean } {
  const version = numberField(backup, "version") ?? 0;
  return {
    version: Number.isSafeInteger(version) && version > 0 ? version : 0,
    isThere: textField(backup, "backupFileName") !== null,
  };
}

/** Whether a file was edited between the last snapshot and this one, whose record may come after a later edit. */
function isEditedBefore(at: string | null, { editedAt }: TrackedFile): boolean {
  return editedAt !== null && (at === null || !isBefore(at, editedAt));
}
