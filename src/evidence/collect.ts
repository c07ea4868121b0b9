// Collects the facts of a run from its events, one by one and in bounded memory, and asks git for the rest at the end.
import type { SessionHead } from "../agents/session-head.ts";
import type { CommandEvent, EditEvent, SessionEvent, ToolEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import { detachStrings } from "../system/memory.ts";
import type { Commit, Evidence, FailedCommand, TestRun } from "./evidence.ts";
import { readFailure } from "./failed-commands.ts";
import { type Span, spanOf } from "./files/command-spans.ts";
import { filesNamedBy, isMcpCall, mcpItem, type NamedByCall, proveEdits } from "./files/mcp-edits.ts";
import { ProjectPaths } from "./files/project-paths.ts";
import type { Observation } from "./files/reconcile.ts";
import { commandItems, editItems, rewindItems, type TimelineItem, withCommits } from "./files/timeline.ts";
import { touchedFiles } from "./files/touched-files.ts";
import { type Checkout, checkoutsOf } from "./git/checkouts.ts";
import { type CommitClaim, CommitClaims } from "./git/commit-claims.ts";
import { compare } from "./git/compare-snapshots.ts";
import { fetchedSince } from "./git/fetched-commits.ts";
import { claimsByRepository, nestedCommits } from "./git/nested-commits.ts";
import { Repository } from "./git/repository.ts";
import { commitsByLog, type RunCommit, resolveCommits, scriptCommits } from "./git/resolve-commits.ts";
import type { Snapshot } from "./git/snapshot.ts";
import { lastLines, sliceWhole } from "./plain-text.ts";
import { readCommand, visitedFolders } from "./shell/read-command.ts";
import { TOP_LEVEL } from "./shell/words.ts";
import { readTests } from "./tests/test-runs.ts";

export interface EvidenceContext {
  head: SessionHead;
  /** The project's root: the top level of its git worktree, or a plain folder. */
  root: string;
  home: string;
  window: { start: string | null; end: string | null };
  /** The repository before the run; null or absent without a snapshot. */
  before?: Snapshot | null;
  /** The repository right after the run; null or absent without a snapshot. */
  after?: Snapshot | null;
  /** How many other recorded runs worked in the repository at the same time. */
  others?: number;
}

/** Bounds for logs of any length. */
const MAX_FAILURES = 1_000;
const MAX_PROMPT = 200_000;
const MAX_FOLDERS = 256;
const MAX_CHECKOUTS = 256;
const MAX_SPANS = 20_000;
const MAX_NAMED_FILES = 2_000;
const MAX_NAME = 400;
const MAX_CALLS = 500;
const MAX_DEPTH = 4;
const ERROR_LINES = 8;
const ERROR_LENGTH = 1_000;

/** A span, and the position in the timeline at which its commits belong. */
type PlacedSpan = Span & { index: number };

export class EvidenceCollector {
  readonly #prompts: string[] = [];
  #lastReply: string | null = null;
  readonly #tests: TestRun[] = [];
  readonly #failedCommands: FailedCommand[] = [];
  readonly #failedEdits: Evidence["failedEdits"] = [];
  readonly #namedFiles = new Set<string>();
  readonly #models = new Set<string>();
  #firstAt: string | null = null;
  #lastAt: string | null = null;
  #commands = 0;
  #edits = 0;
  #mcpCalls = 0;
  readonly #namedByCalls: NamedByCall[] = [];
  readonly #timeline: TimelineItem[] = [];
  readonly #spans: PlacedSpan[] = [];
  readonly #claims = new CommitClaims();
  readonly #folders = new Set<string>();
  readonly #checkouts: Checkout[] = [];

  push(event: SessionEvent): void {
    if (event.at !== null) {
      this.#firstAt = earlier(this.#firstAt, event.at);
      this.#lastAt = later(this.#lastAt, event.at);
    }
    switch (event.kind) {
      case "prompt":
        // A subagent's prompt was written by a model, not by a person.
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
        if (event.outcome === "refused") return;
        this.#addNamedFiles(event.input);
        if (isMcpCall(event)) this.#mcpCall(event);
    }
  }

  #command(event: CommandEvent): void {
    if (event.outcome === "refused") return;
    this.#commands++;
    const run = readCommand(event);
    for (const folder of visitedFolders(run)) this.#addFolder(folder);
    if (this.#checkouts.length < MAX_CHECKOUTS) this.#checkouts.push(...checkoutsOf(run));
    this.#tests.push(...detachStrings(readTests(run)));
    const failure = readFailure(run);
    if (failure !== null && this.#failedCommands.length < MAX_FAILURES) this.#failedCommands.push(failure);
    this.#timeline.push(...commandItems(run, this.#claims.push(run)));
    const span = spanOf(run);
    if (span !== null && this.#spans.length < MAX_SPANS) this.#spans.push({ ...span, index: this.#timeline.length });
  }

  #mcpCall(event: ToolEvent): void {
    this.#mcpCalls++;
    for (const { path, texts } of filesNamedBy(event)) {
      if (this.#namedByCalls.length >= MAX_CALLS) return;
      this.#namedByCalls.push(detachStrings({ index: this.#timeline.length, texts }));
      this.#timeline.push(detachStrings(mcpItem(path)));
    }
  }

  #edit(event: EditEvent): void {
    if (event.cwd !== null) this.#addFolder(event.cwd);
    if (event.outcome === "ok") this.#edits++;
    else if (event.outcome === "failed" && this.#failedEdits.length < MAX_FAILURES) {
      const paths = event.changes.map(({ path }) => path);
      this.#failedEdits.push(detachStrings({ paths, error: lastLines(event.error ?? "", ERROR_LINES, ERROR_LENGTH) }));
    }
    this.#timeline.push(...editItems(event));
  }

  /** Adds the arguments of a tool call that look like paths. */
  #addNamedFiles(input: unknown, depth = 0): void {
    if (depth > MAX_DEPTH || typeof input !== "object" || input === null) return;
    for (const value of Object.values(input)) {
      if (this.#namedFiles.size >= MAX_NAMED_FILES) return;
      if (typeof value === "object") this.#addNamedFiles(value, depth + 1);
      else if (typeof value === "string" && value.length <= MAX_NAME && /^[^\n]*[\w~][./][^\n]*$/.test(value))
        this.#namedFiles.add(value);
    }
  }

  #addFolder(folder: string): void {
    if (folder.startsWith("/") && !folder.includes(TOP_LEVEL) && this.#folders.size < MAX_FOLDERS)
      this.#folders.add(folder);
  }

  async finish(context: EvidenceContext): Promise<Evidence> {
    const { head, root, home, window, before = null } = context;
    const repository = await Repository.open(root);
    const paths = await ProjectPaths.open({
      head,
      root,
      home,
      folders: this.#folders,
      checkouts: this.#checkouts,
      committedIn: await this.#committedIn(repository),
    });
    // If other runs worked at the same time, only the changes that the log names surely belong to this run.
    const isAlone = (context.others ?? 0) === 0;
    const spans = isAlone ? this.#spans : [];
    const known =
      repository === null ? this.#timeline : await proveEdits(this.#timeline, this.#namedByCalls, repository, paths);
    const items = isAlone ? known : known.filter((item) => item.item !== "operation" || !item.isGuess);
    const { commits, timeline, listed } = await this.#commits(context, repository, paths, items, spans);
    const touched = await touchedFiles({
      timeline,
      commits,
      paths,
      repository,
      head,
      startedAt: window.start ?? this.#firstAt,
      observation: repository === null || before === null ? null : await observe(context, before, repository, spans),
    });
    return {
      prompts: this.#prompts,
      lastReply: this.#lastReply,
      touchedFiles: touched,
      tests: this.#tests,
      commits: listed,
      failedCommands: this.#failedCommands,
      failedEdits: this.#failedEdits.map((edit) => ({ ...edit, paths: edit.paths.map((path) => paths.display(path)) })),
      namedFiles: [...this.#namedFiles],
      models: [...this.#models],
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      commands: this.#commands,
      edits: this.#edits,
      mcpCalls: this.#mcpCalls,
    };
  }

  /** The folders in which the run made commits that the repository has. */
  async #committedIn(repository: Repository | null): Promise<string[]> {
    const claims = this.#claims.claims.filter(({ hasCommand }) => hasCommand);
    const known = await repository?.find(claims.flatMap(({ hash }) => hash ?? []));
    return claims.flatMap(({ hash, directory }) => (hash !== null && known?.has(hash) && directory ? [directory] : []));
  }

  /**
   * The commits of the run in the project, the timeline including commits that only the repository has, and the commits
   * to list: those in nested repositories too.
   */
  async #commits(
    context: EvidenceContext,
    repository: Repository | null,
    paths: ProjectPaths,
    items: readonly TimelineItem[],
    spans: readonly PlacedSpan[],
  ): Promise<{ commits: RunCommit[]; timeline: readonly TimelineItem[]; listed: Commit[] }> {
    const { own, nested } = await claimsByRepository(this.#claims.claims, paths, context.root, repository);
    const since = context.window.start ?? this.#firstAt;
    const end = context.window.end ?? this.#lastAt;
    const others = await nestedCommits(nested, { root: context.root, since, end });
    const { commits, timeline } = await this.#ownCommits(context, repository, own, items, spans);
    const position = positionsOf(timeline);
    const all = [...commits.map((commit) => ({ commit, path: undefined })), ...others];
    all.sort((a, b) => position(a.commit) - position(b.commit));
    const listed = all.map(({ commit: { hash, subject }, path }) => {
      return path === undefined ? { hash, message: subject } : { hash, message: subject, path };
    });
    return { commits, timeline, listed };
  }

  async #ownCommits(
    { head, root, window, before }: EvidenceContext,
    repository: Repository | null,
    claims: readonly CommitClaim[],
    items: readonly TimelineItem[],
    spans: readonly PlacedSpan[],
  ): Promise<{ commits: RunCommit[]; timeline: readonly TimelineItem[] }> {
    if (repository === null) return { commits: commitsByLog(claims), timeline: items };
    const made = before ? await repository.newSince(before.tips) : null;
    const mayHaveCommits = claims.length > 0 || (made !== null && made.length > 0);
    const fetched = mayHaveCommits ? await fetchedSince(root, window.start ?? this.#firstAt) : new Set<string>();
    const fresh = made?.filter(({ oid }) => !fetched.has(oid)) ?? null;
    const start = { commit: before ? before.head : head.git.commit, fresh, fetched };
    const logged = await resolveCommits(claims, repository, start, window.end ?? this.#lastAt);
    const scripts = scriptCommits(fresh ?? [], logged, spans, this.#claims.claims.length);
    if (scripts.length === 0) return { commits: logged, timeline: items };
    const timeline = withCommits(
      items,
      scripts.map(({ span, claim }) => ({ index: span.index, claimId: claim.id })),
    );
    const position = positionsOf(timeline);
    const commits = [...logged, ...scripts.flatMap((one) => one.commits)];
    return { commits: commits.sort((a, b) => position(a) - position(b)), timeline };
  }
}

/** Returns where a commit is in the timeline. */
function positionsOf(timeline: readonly TimelineItem[]): (commit: RunCommit) => number {
  const order = new Map(timeline.map((item, index) => [item.item === "commit" ? item.claimId : null, index]));
  return ({ claim }) => order.get(claim.id) ?? 0;
}

/** What changed during the run; null without a snapshot after it. */
async function observe(
  { root, after = null }: EvidenceContext,
  before: Snapshot,
  repository: Repository,
  spans: readonly Span[],
): Promise<Observation | null> {
  const comparison = after === null ? null : await compare(before, after, repository);
  return comparison === null ? null : { comparison, root, since: Date.parse(before.at), spans };
}

function cut(text: string): string {
  return text.length <= MAX_PROMPT ? text : detachStrings(`${sliceWhole(text, MAX_PROMPT)}…`);
}
