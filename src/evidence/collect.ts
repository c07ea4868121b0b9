// Gathers the facts of a run from its events, one by one and in little memory, and asks git for the rest at the end.

import type { SessionHead } from "../agents/session-head.ts";
import type { CommandEvent, EditEvent, SessionEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import { ExpectedError } from "../system/errors.ts";
import { detachStrings } from "../system/memory.ts";
import { endOf } from "./command-end.ts";
import type { Commit, Evidence, FailedCommand, TestRun } from "./evidence.ts";
import { readFailure } from "./failed-commands.ts";
import { ProjectPaths } from "./files/project-paths.ts";
import type { Observation } from "./files/reconcile.ts";
import { type Span, spanOf } from "./files/spans.ts";
import { commandItems, editItems, rewindItems, type TimelineItem, withCommits } from "./files/timeline.ts";
import { touchedFiles } from "./files/touched.ts";
import { type CommitClaim, CommitClaims } from "./git/claims.ts";
import { compare } from "./git/comparison.ts";
import { Repository } from "./git/repository.ts";
import { commitsByLog, type RunCommit, resolveCommits, scriptedCommits } from "./git/resolve.ts";
import type { Snapshot } from "./git/snapshot.ts";
import { lastLines, sliceWhole } from "./plain-text.ts";
import { resolveFrom } from "./shell/builtins.ts";
import { readShell } from "./shell/shell.ts";
import { TOP_LEVEL } from "./shell/words.ts";
import { readTests } from "./tests/tests.ts";

export interface EvidenceContext {
  head: SessionHead;
  /** The project's root: the top level of its git work tree, or a plain folder. */
  root: string;
  home: string;
  window: { start: string | null; end: string | null };
  /** The repository as it was before the run; null or absent where nobody looked. */
  before?: Snapshot | null;
  /** As it was right after the run; null or absent where nobody looked. */
  after?: Snapshot | null;
  /** How many other recorded runs were at work in the repository meanwhile. */
  others?: number;
}

/** Bounds against a log that never ends: a person reads none of these to the last. */
const MAX_FAILURES = 1_000;
const MAX_PROMPT = 200_000;
const MAX_FOLDERS = 256;
const MAX_SPANS = 20_000;
const MAX_NAMED = 2_000;
const MAX_NAME = 400;
const DEEPEST_NAME = 4;
const ERROR_LINES = 8;
const ERROR_LENGTH = 1_000;

export class EvidenceCollector {
  readonly #prompts: string[] = [];
  #lastReply: string | null = null;
  readonly #tests: TestRun[] = [];
  readonly #failedCommands: FailedCommand[] = [];
  readonly #failedEdits: Evidence["failedEdits"] = [];
  readonly #named = new Set<string>();
  readonly #models = new Set<string>();
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  #commands = 0;
  #edits = 0;
  readonly #timeline: TimelineItem[] = [];
  /** When commands were at work that may have done more than the timeline tells, and their place in it. */
  readonly #spans: (Span & { place: number })[] = [];
  readonly #claims = new CommitClaims();
  readonly #folders = new Set<string>();

  push(event: SessionEvent): void {
    if (event.at !== null) {
      this.#firstAt = earlier(this.#firstAt, event.at);
      this.#lastAt = later(this.#lastAt, event.at);
    }
    switch (event.kind) {
      case "prompt":
        // What a subagent is told to do is no prompt of a person.
        if (event.agent === null) this.#prompts.push(cut(event.text));
        break;
      case "reply":
        if (event.agent === null) this.#lastReply = cut(event.text);
        break;
      case "model":
        this.#models.add(event.model);
        break;
      case "command":
        this.#command(event);
        break;
      case "edit":
        this.#edit(event);
        break;
      case "rewind":
        this.#timeline.push(...rewindItems(event));
        break;
      case "tool":
        if (event.outcome !== "refused") this.#name(event.input);
    }
  }

  #command(event: CommandEvent): void {
    if (event.outcome === "refused") return;
    this.#commands++;
    const end = endOf(event);
    const commands = readShell(event.command, { status: end, output: event.output });
    this.#visit(event.cwd);
    for (const { directory } of commands) {
      if (directory !== null && event.cwd !== null) this.#visit(resolveFrom(event.cwd, directory));
    }
    this.#tests.push(...detachStrings(readTests(commands, event, end)));
    const failure = readFailure(commands, event);
    if (failure !== null && this.#failedCommands.length < MAX_FAILURES) this.#failedCommands.push(failure);
    this.#timeline.push(...commandItems(commands, event, end, this.#claims.push(commands, event)));
    const span = spanOf(commands, event);
    if (span !== null && this.#spans.length < MAX_SPANS) this.#spans.push({ ...span, place: this.#timeline.length });
  }

  #edit(event: EditEvent): void {
    this.#visit(event.cwd);
    if (event.outcome === "ok") this.#edits++;
    else if (event.outcome === "failed" && this.#failedEdits.length < MAX_FAILURES) {
      const paths = event.changes.map(({ path }) => path);
      this.#failedEdits.push(detachStrings({ paths, error: lastLines(event.error ?? "", ERROR_LINES, ERROR_LENGTH) }));
    }
    this.#timeline.push(...editItems(event));
  }

  /** What looks like a path in a call's arguments, whichever tool it is. */
  #name(input: unknown, depth = 0): void {
    if (depth > DEEPEST_NAME || typeof input !== "object" || input === null) return;
    for (const value of Object.values(input)) {
      if (this.#named.size >= MAX_NAMED) return;
      if (typeof value === "object") this.#name(value, depth + 1);
      else if (typeof value === "string" && value.length <= MAX_NAME && /^[^\n]*[\w~][./][^\n]*$/.test(value))
        this.#named.add(value);
    }
  }

  /** The commits of the run, and the timeline with those in it that only the repository tells of. */
  async #resolve(
    claims: readonly CommitClaim[],
    repository: Repository,
    { head, window, before }: EvidenceContext,
    items: readonly TimelineItem[],
    spans: readonly (Span & { place: number })[],
  ): Promise<{ commits: RunCommit[]; timeline: readonly TimelineItem[] }> {
    const end = window.end ?? this.#lastAt;
    if (!before) {
      return { commits: await resolveCommits(claims, repository, head.git.commit, end), timeline: items };
    }
    const fresh = await repository.newSince(before.tips);
    const told = await resolveCommits(claims, repository, before.head, end, fresh);
    const scripted = scriptedCommits(fresh, told, spans);
    if (scripted.length === 0) return { commits: told, timeline: items };
    const timeline = withCommits(
      items,
      scripted.map(({ span, claim }) => ({ place: span.place, claim })),
    );
    const order = new Map(timeline.map((item, index) => [item.item === "commit" ? item.claim : null, index]));
    const commits = [...told, ...scripted.flatMap((one) => one.commits)];
    const place = ({ claim }: RunCommit) => order.get(claim) ?? 0;
    return { commits: commits.sort((a, b) => place(a) - place(b)), timeline };
  }

  #visit(folder: string | null): void {
    if (folder?.startsWith("/") && !folder.includes(TOP_LEVEL) && this.#folders.size < MAX_FOLDERS)
      this.#folders.add(folder);
  }

  async finish(context: EvidenceContext): Promise<Evidence> {
    const { head, root, home, window, before = null } = context;
    const repository = await openRepository(root);
    const paths = await ProjectPaths.open({ head, root, home, folders: this.#folders });
    const claims = await ownClaims(this.#claims.claims, paths, repository);
    // Where others are at work too, only what the log names is surely this run's.
    const isAlone = (context.others ?? 0) === 0;
    const spans = isAlone ? this.#spans : [];
    const told = isAlone ? this.#timeline : this.#timeline.filter((item) => item.item !== "operation" || !item.isGuess);
    const seen = repository === null || before === null ? null : await observe(context, before, repository, spans);
    const { commits, timeline } =
      repository === null
        ? { commits: commitsByLog(claims), timeline: told }
        : await this.#resolve(claims, repository, context, told, spans);
    const touched = await touchedFiles({
      timeline,
      commits,
      paths,
      repository,
      head,
      startedAt: window.start ?? this.#firstAt,
      observation: seen,
    });
    return {
      prompts: this.#prompts,
      lastReply: this.#lastReply,
      touchedFiles: touched,
      tests: this.#tests,
      commits: commits.map(({ hash, subject }): Commit => ({ hash, message: subject })),
      failedCommands: this.#failedCommands,
      failedEdits: this.#failedEdits.map(({ paths: failed, error }) => ({
        paths: failed.map((path) => shown(path, paths)),
        error,
      })),
      namedFiles: [...this.#named],
      models: [...this.#models],
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      commands: this.#commands,
      edits: this.#edits,
    };
  }
}

/** What changed while the run lasted; null where the end was not seen. */
async function observe(
  { root, after = null }: EvidenceContext,
  before: Snapshot,
  repository: Repository,
  spans: readonly Span[],
): Promise<Observation | null> {
  const comparison = after === null ? null : await compare(before, after, repository);
  return comparison === null ? null : { comparison, root, since: Date.parse(before.at), spans };
}

async function openRepository(root: string): Promise<Repository | null> {
  try {
    return await Repository.open(root);
  } catch (error) {
    // Without git the log still tells a lot.
    if (error instanceof ExpectedError) return null;
    throw error;
  }
}

/** The claims about this repository. Commits made elsewhere, in a submodule too, are no commits of the project. */
async function ownClaims(
  claims: readonly CommitClaim[],
  paths: ProjectPaths,
  repository: Repository | null,
): Promise<CommitClaim[]> {
  const own: CommitClaim[] = [];
  const nested = new Map<string, boolean>();
  for (const claim of claims) {
    if (claim.directory === null) {
      if (repository !== null && claim.hash !== null) own.push(claim);
      continue;
    }
    const place = paths.locate(claim.directory);
    if (!("inside" in place)) continue;
    const known = nested.get(place.inside) ?? (repository !== null && (await repository.isNested(place.inside)));
    nested.set(place.inside, known);
    if (!known) own.push(claim);
  }
  return own;
}

function shown(path: string, paths: ProjectPaths): string {
  const place = paths.locate(path);
  return "inside" in place ? place.inside : place.outside;
}

function cut(text: string): string {
  return text.length <= MAX_PROMPT ? text : detachStrings(`${sliceWhole(text, MAX_PROMPT)}…`);
}
