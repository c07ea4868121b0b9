// Holds claims that something happened against commands that do exactly that.
import type { EventClaim } from "./event-claims.ts";
import type { Proof, RunOutcomes } from "./run-outcomes.ts";

const REMOTE = /^(?:origin(?:\/.+)?|remote|upstream|github|server)$/;
/** Without a failed attempt. */
const AT_ONCE =
  /^(?:clean|cleanly|smooth|smoothly|hiccups?|hitch|flawless(?:ly)?|effortless(?:ly)?|seamless(?:ly)?|painless(?:ly)?)$/;

const any = (...proofs: Proof[]): Proof => ({
  done: proofs.some(({ done }) => done),
  failed: proofs.some(({ failed }) => failed),
  unknown: proofs.some(({ unknown }) => unknown),
});
const when = (done: boolean): Proof => ({ done, failed: false, unknown: false });

/** Whether the run shows what a claim says. */
export function isProven(claim: EventClaim, run: RunOutcomes): boolean {
  const proof = proofOf(claim, run);
  if (proof === null || proof.unknown) return true;
  const { sense, domain } = claim;
  if (proof.failed && names(claim, AT_ONCE)) return false;
  if (domain !== "pull_request" && names(claim, /^(?:abort(?:ed|s)?|abandon(?:ed|s)?|cancel(?:l?ed|s)?)$/))
    return run.commands.some(({ text }) => text.includes("--abort"));
  if (sense === "done") return proof.done || hasTool(claim, run);
  if (sense === "failed") return proof.failed || (proof.done && domain === "committed");
  return !proof.done || (proof.failed && domain !== "merged") || names(claim, /^(?:all|both|everything)$/);
}

/** Another tool whose name says what it does: an MCP server's `create_release`. */
function hasTool({ domain }: EventClaim, { tools }: RunOutcomes): boolean {
  const stem = domain.replace(/(?:s?h?ed|ged|ted|d)$/, "");
  return stem.length > 2 && tools.includes(stem);
}

function names({ clause }: EventClaim, pattern: RegExp): boolean {
  return clause.words.some(({ text }) => pattern.test(text));
}

const inSentence = ({ sentence }: EventClaim, pattern: RegExp) =>
  sentence.some(({ words }) => words.some(({ text }) => pattern.test(text)));

/** What the run shows about the event; null where the words mean something else. */
function proofOf(claim: EventClaim, run: RunOutcomes): Proof | null {
  const { domain, clause, at, form } = claim;
  const { prove, evidence } = run;
  const object = clause.words
    .slice(at + 1, at + 4)
    .map(({ text }) => text)
    .join(" ");
  const committed = when(
    evidence.commits.length > 0 ||
      run.commands.some(({ text, outcome }) => outcome === "ok" && /\bgit\b.*\bcommit\b/.test(text)),
  );
  const pushed = prove("pushed");
  switch (domain) {
    case "committed":
      return {
        ...committed,
        failed: run.commands.some(({ text, outcome }) => outcome === "failed" && /\bgit\b.*\bcommit\b/.test(text)),
      };
    case "pushed": {
      if (/^(?:upload|transfer|transmission|delivery)$/.test(clause.words[at]?.text ?? "") && !names(claim, REMOTE))
        return null;
      if (/^(?:the|a|an)? ?(?:item|element|value|entry|row|event)/.test(object)) return null;
      if (clause.words[at - 1]?.text === "force" || names(claim, /^forced?$/)) return prove("force_pushed");
      const isSecond =
        inSentence(claim, /^(?:second|again|retried|retry|another)$/) || names(claim, /^(?:follow|followup)$/);
      if (isSecond && claim.sense === "done")
        return when(run.outcomes.filter(({ kind }) => kind === "pushed").length > 1 && pushed.done);
      if (names(claim, /^(?:origin\/)?(?:main|master)$/)) return reachedMain(run, true);
      return pushed;
    }
    case "on_remote":
      return names(claim, /^(?:origin\/)?(?:main|master)$/) ? reachedMain(run, true) : pushed;
    case "on_main":
      return reachedMain(run, inSentence(claim, /^origin/));
    case "merged": {
      if (form === "base" && clause.words[at + 1]?.text === "requests") return null;
      const merged = any(prove("merged", "pulled"), prove("pr_merged"));
      if (inSentence(claim, /^(?:prs?|mrs?|pull)$/)) return prove("pr_merged");
      return { ...merged, done: merged.done || (merged.failed && committed.done) };
    }
    case "squashed":
      if (!names(claim, /^(?:commits?|pr|main|master|into|branch)$/)) return null;
      return any(
        prove("pr_merged"),
        when(run.commands.some(({ text, outcome }) => outcome === "ok" && /--squash|rebase -i|--fixup/.test(text))),
      );
    case "landed":
      if (inSentence(claim, /^(?:origin.*|remote|upstream)$/)) return pushed;
      return reachedMain(run, false);
    case "shipped":
      return any(pushed, prove("published", "released", "deployed", "pr_merged"));
    case "tagged":
      if (
        form === "base" &&
        !claim.all.some(({ words }) => words.some(({ text }) => /^v?\d+\.\d+|^git|^version|^release/.test(text)))
      )
        return null;
      return prove("tagged");
    case "released":
      if (/\b(?:lock|memory|handle|connection|resource|mutex|port|socket|buffer|claims?)\b/.test(object)) return null;
      if (names(claim, /^github$/)) return prove("released");
      return any(prove("released", "published"), when(prove("tagged").done && pushed.done));
    case "published":
      if (/\b(?:event|message|metric|topic)s?\b/.test(object)) return null;
      return prove("published");
    case "in_registry":
      return prove("published");
    case "deployed":
      if (
        /\b(?:browser|app|server|process|editor|shell)\b/.test(object) &&
        /^launch/.test(clause.words[at]?.text ?? "")
      )
        return null;
      return prove("deployed");
    case "in_production":
      return prove("deployed");
    case "reverted":
    case "rolled_back":
    case "restored": {
      const repeated = run.edits.some(
        (path, index) => run.edits.indexOf(path) !== index && !evidence.touchedFiles.modified.includes(path),
      );
      return any(prove("reverted", "reset", "rolled_back"), when(repeated));
    }
    case "reset":
      if (!names(claim, /^(?:hard|git|soft|head)$/)) return null;
      return prove("reset");
    case "rebased":
      return prove("rebased");
    case "cherry_picked":
      if (clause.words[at - 1]?.text !== "cherry") return null;
      return prove("merged");
    case "amended":
      return when(run.commands.some(({ text, outcome }) => outcome === "ok" && /--amend/.test(text)));
    case "stashed":
      return prove("stashed");
    case "pulled":
      if (!names(claim, /^(?:origin.*|remote|upstream|latest|commits?|main|master|no)$/)) return null;
      return any(
        prove("pulled", "rebased"),
        when(run.commands.some(({ text, outcome }) => outcome === "ok" && /\bgit\b.*\bfetch\b/.test(text))),
      );
    case "approved":
      return prove("pr_reviewed");
    case "installed":
      return prove("installed");
    case "migrated":
      return names(claim, /^(?:databases?|db|schema|prod|production|rows|tables?|data)$/) ? prove("migrated") : null;
    case "benchmarked":
      return when(run.commands.length > 0);
    case "announced":
      if (form !== "done" || clause.words.slice(0, at).some(({ text }) => /^(?:is|are|get|gets)$/.test(text)))
        return null;
      return when(false);
    case "backed_up":
      return null;
    case "pull_request":
      if (names(claim, /^merged$/)) return null;
      if (names(claim, /^(?:squashed|landed)$/)) return prove("pr_merged");
      if (names(claim, /^closed$/)) return prove("pr_closed");
      return any(prove("pr_opened"), { ...when(false), unknown: prove("ci_checked", "pr_merged", "pr_reviewed").done });
    case "issue":
      return prove("issue_opened");
    default:
      return null;
  }
}

/** Whether the work reached the main branch: by a push, a merge, or a commit on it. */
function reachedMain({ prove, outcomes, evidence }: RunOutcomes, isRemote: boolean): Proof {
  const toMain = outcomes.filter(
    ({ kind, command }) =>
      kind === "pushed" &&
      /push(?:\s+-\S+)*(?:\s+\S+(?:\s+(?:\S+:)?(?:main|master|trunk|develop|HEAD)\b.*)?)?$/.test(command),
  );
  const done = toMain.some(({ result }) => result === "done") || prove("pr_merged").done;
  if (isRemote) return { done, failed: toMain.some(({ result }) => result === "failed"), unknown: false };
  const isOnBranch = prove("branch_created").done;
  const failed = toMain.some(({ result }) => result === "failed");
  return { done: done || prove("merged").done || (evidence.commits.length > 0 && !isOnBranch), failed, unknown: false };
}
