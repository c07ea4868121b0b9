// What a run did besides editing files and committing, by its commands: pushes, tags, releases, deployments, builds and
// the like, each with how it ended. A dry run has no outcome.
import type { CommandEvent } from "../events/event.ts";
import { traitsOf } from "../evidence/shell/programs.ts";
import { type CommandEnd, readScript, type SimpleCommand } from "../evidence/shell/read-command.ts";
import { detachStrings } from "../system/memory.ts";

/** The kinds of outcome. A kind may get more commands, but its name is part of the prompt. */
export const OUTCOME_KINDS = [
  "pushed",
  "force_pushed",
  "tagged",
  "merged",
  "pulled",
  "rebased",
  "reverted",
  "reset",
  "branch_created",
  "branch_deleted",
  "stashed",
  "published",
  "released",
  "deployed",
  "rolled_back",
  "pr_opened",
  "pr_merged",
  "pr_reviewed",
  "pr_closed",
  "issue_opened",
  "issue_closed",
  "ci_checked",
  "installed",
  "built",
  "linted",
  "type_checked",
  "formatted",
  "migrated",
  "benchmarked",
] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface OutcomeFact {
  kind: OutcomeKind;
  /** The command line, without wrappers. */
  command: string;
  result: "done" | "failed" | "unknown";
}

export type RanCommand = Pick<CommandEvent, "command" | "outcome" | "exitCode" | "output">;

/** Without one of these words, a command has no outcome of these kinds, and is not parsed. */
const WORDS =
  /\b(?:git|gh|glab|hub|tea|svn|docker|podman|kubectl|helm|terraform|tofu|pulumi|fly(?:ctl)?|vercel|netlify|heroku|firebase|wrangler|make|tsc|mypy|pyright|cargo|go|mvn|gradlew?|npm|pnpm|yarn|bun|deno|pip|pipx|uv|poetry|gem|twine|apt(?:-get)?|brew|hyperfine)\b|deploy|publish|release|build|lint|format|prettier|migrat|rollback|bench|biome|ruff|clippy|black|eslint/i;
const DRY_RUN = /^(?:--dry-run(?:=.*)?|--dryrun|--whatif|--no-push|--help|-h|--version|--list)$/;

const MAX_COMMAND = 300;

export function outcomesOf(event: RanCommand): OutcomeFact[] {
  if (event.outcome === "refused" || !WORDS.test(event.command)) return [];
  return readScript(event.command, endOf(event), event.output).flatMap((command) =>
    kindsOf(command).map((kind) => ({
      kind,
      command: detachStrings(lineOf(command)),
      result: command.succeeded === null || command.ran === "maybe" ? "unknown" : command.succeeded ? "done" : "failed",
    })),
  );
}

function endOf({ outcome, exitCode }: RanCommand): CommandEnd {
  if (outcome === "interrupted" || outcome === "running") return "unfinished";
  if (exitCode !== null) return exitCode === 0 ? "zero" : "nonzero";
  return outcome === "ok" ? "zero" : outcome === "failed" ? "nonzero" : "unknown";
}

function lineOf({ inner }: SimpleCommand): string {
  const line = inner.map(({ value, source }) => value ?? source).join(" ");
  return line.replace(/\s+/g, " ").slice(0, MAX_COMMAND).toWellFormed();
}

function kindsOf(command: SimpleCommand): OutcomeKind[] {
  const { inner, program, git } = command;
  const args = inner.slice(1).map(({ value, source }) => value ?? source);
  if (git !== null)
    return gitKinds(
      git.verb,
      git.args.map(({ value, source }) => value ?? source),
    );
  if (program === "" || args.some((arg) => DRY_RUN.test(arg))) return [];
  if (traitsOf(program).effect !== undefined || isListing(program)) return [];
  const operands = args.filter((arg) => !arg.startsWith("-"));
  const line = [program, ...operands.filter((arg) => !/^(?:run|run-script|exec)$/.test(arg)).slice(0, 3)].join(" ");
  const kinds = [...new Set(COMMANDS.flatMap(([kind, pattern]) => (pattern.test(line) ? [kind] : [])))];
  // `npm install eslint` names a package.
  return kinds.includes("installed") ? ["installed"] : kinds;
}

/** Programs that show or open what their arguments name. */
function isListing(program: string): boolean {
  return /^(?:vi|vim|nvim|nano|emacs|code|open|xdg-open|man|npm-view)$/.test(program);
}

/** A script, target or task of this name: `npm run NAME`, `make NAME`, `./NAME.sh`, `node scripts/NAME.js`. */
const task = (stem: string) => `(?:^|[ /:_.-])(?:${stem})(?=$|[ :_.-])`;

/** By the program and its first operands. */
const COMMANDS: readonly (readonly [OutcomeKind, RegExp])[] = [
  ["pr_opened", /^(?:gh pr|glab mr|hub pull-request|tea pr) ?(?:create|new|open)?$|^(?:gh pr|glab mr|tea pr) create\b/],
  ["pr_merged", /^(?:gh pr|glab mr|tea pr) merge\b/],
  ["pr_reviewed", /^(?:gh pr review|glab mr approve|tea pr approve)\b/],
  ["pr_closed", /^(?:gh pr|glab mr|tea pr) close\b/],
  ["issue_opened", /^(?:gh|glab|tea) issues? (?:create|new)\b/],
  ["issue_closed", /^(?:gh|glab|tea) issues? close\b/],
  ["ci_checked", /^(?:gh pr (?:checks|status)|gh run|gh workflow|glab (?:ci|pipeline))\b/],
  [
    "published",
    /^(?:(?:npm|pnpm|bun|cargo|poetry|uv|deno|dotnet nuget|lerna|npx|jsr|vsce|ovsx|flit|hatch) (?:npm )?publish|yarn (?:npm )?publish|twine upload|gem push|(?:docker|podman|buildah) push|mvn deploy|dart pub publish|dotnet nuget push)\b/,
  ],
  ["published", new RegExp(task("publish"))],
  ["released", /^(?:gh release create|glab release create|goreleaser|semantic-release|release-it|cargo release)\b/],
  ["released", new RegExp(task("release"))],
  ["rolled_back", /^(?:kubectl rollout undo|helm rollback|heroku rollback)\b/],
  ["rolled_back", new RegExp(task("rollback|roll-back"))],
  [
    "deployed",
    /^(?:kubectl (?:apply|replace|set)|helm (?:upgrade|install)|(?:terraform|tofu) apply|pulumi up|cdk deploy|vercel|netlify deploy|heroku container:release|docker stack|ansible-playbook)\b/,
  ],
  ["deployed", new RegExp(task("deploy|deployment|ship"))],
  [
    "installed",
    /^(?:(?:npm|pnpm|yarn|bun|deno|pip3?|pipx|gem|apt|apt-get|brew|dnf|yum|apk|go|cargo|poetry|uv|composer|bundle) (?:i|ci|add|install|get|require|sync|up|update|upgrade)|uv pip install|yarn|python\d? -m pip)\b/,
  ],
  [
    "built",
    /^(?:make|cargo build|go build|docker build|docker buildx|mvn package|vite build|webpack|rollup|tsup|esbuild|next build)$/,
  ],
  ["built", new RegExp(task("build|rebuild|compile|bundle|dist"))],
  [
    "linted",
    new RegExp(
      task("lint|eslint|stylelint|ruff|flake8|pylint|clippy|golangci-lint|shellcheck|biome|rubocop|oxlint|xo"),
    ),
  ],
  ["linted", /^(?:node --check|go vet|swiftlint)\b/],
  ["type_checked", /^(?:tsc|mypy|pyright|flow|cargo check|svelte-check|vue-tsc)\b/],
  ["type_checked", new RegExp(task("typecheck|type-check|types"))],
  ["formatted", new RegExp(task("format|fmt|prettier|black|gofmt|rustfmt"))],
  ["migrated", new RegExp(task("migrate|migration|migrations|db:migrate"))],
  ["benchmarked", new RegExp(task("bench|benchmark|benchmarks|hyperfine|perf"))],
];

/** The outcomes of a git command; none if it only lists or aborts. */
function gitKinds(verb: string, args: readonly string[]): OutcomeKind[] {
  const has = (pattern: RegExp) => args.some((arg) => pattern.test(arg));
  const names = args.filter((arg) => !arg.startsWith("-"));
  if (args.some((arg) => DRY_RUN.test(arg)) || has(/^--(?:abort|quit|continue-dry)$/)) return [];
  switch (verb) {
    case "push": {
      if (has(/^-n$/)) return [];
      if (has(/^(?:-d|--delete)$/)) return ["branch_deleted"];
      const isForced = has(/^(?:-f|--force(?:-with-lease|-if-includes)?(?:=.*)?)$|^\+/);
      return isForced ? ["pushed", "force_pushed"] : ["pushed"];
    }
    case "tag":
      return names.length === 0 || has(/^-(?:l|d|v)$|^--(?:delete|verify|contains|points-at|sort)/) ? [] : ["tagged"];
    case "merge":
      return ["merged"];
    case "pull":
      return has(/^(?:--rebase|-r)/) ? ["pulled", "rebased"] : ["pulled"];
    case "rebase":
      return ["rebased"];
    case "revert":
      return ["reverted"];
    case "reset":
    case "restore":
      return ["reset"];
    case "checkout":
      return has(/^-[bB]$/) ? ["branch_created"] : has(/^--$|\./) ? ["reset"] : [];
    case "switch":
      return has(/^-\w*[cC]$|^--(?:create|orphan)/) ? ["branch_created"] : [];
    case "branch":
      if (has(/^-\w*[dD]$|^--delete/)) return ["branch_deleted"];
      return names.length > 0 && !has(/^-/) ? ["branch_created"] : [];
    case "stash":
      return /^(?:list|show|drop)$/.test(names[0] ?? "") ? [] : ["stashed"];
    case "cherry-pick":
      return ["merged"];
    default:
      return [];
  }
}
