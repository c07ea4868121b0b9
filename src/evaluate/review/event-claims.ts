// Claims that something happened: a commit, a push, a release, a deployment. Each is held against commands that do
// exactly that.
import type { Clause } from "./clauses.ts";
import { BAD, EVENT_FORMS, type EventDomain } from "./lexicon.ts";
import { type Form, isModifier, isNegation, type Sense, senseOf } from "./read-clause.ts";
import type { Proof, RunOutcomes } from "./run-outcomes.ts";

export interface EventClaim {
  domain: EventDomain;
  sense: Sense;
  form: Form;
  clause: Clause;
  at: number;
  /** The whole sentence, and the whole text. */
  sentence: readonly Clause[];
  all: readonly Clause[];
}

const isPullRequest = (clause: Clause, at: number) => {
  const text = clause.words[at]?.text ?? "";
  return (
    /^(?:prs?|mrs?)$/.test(text) ||
    (/^(?:pull|merge)$/.test(text) && /^requests?$/.test(clause.words[at + 1]?.text ?? ""))
  );
};
const REACHING =
  /^(?:reach(?:ed|es)|hit|made|available|visible|present|arrived|got|send|sent|transferred|transmitted|delivered|uploaded|updated|handed|replaced)$/;
const REMOTE = /^(?:origin(?:\/.+)?|remote|upstream|github|server)$/;
const PLACES = new Set<EventDomain>(["on_remote", "on_main", "in_production", "in_registry"]);
/** Without a failed attempt. */
const AT_ONCE =
  /^(?:clean|cleanly|smooth|smoothly|hiccups?|hitch|flawless(?:ly)?|effortless(?:ly)?|seamless(?:ly)?|painless(?:ly)?)$/;
const PLACE = /^(?:on|to|at|in|into|onto|from)$/;

/** The events that the clauses of a text tell of. */
export function eventClaims(clauses: readonly Clause[]): EventClaim[] {
  const claims: EventClaim[] = [];
  let denied = false;
  let isAboutRemote = false;
  for (const clause of clauses) {
    const inherited: boolean = denied && /^(?:or|nor)$/.test(clause.lead);
    denied = inherited || clause.words.some(isNegation);
    const sentence = clauses.filter((one) => one.sentence === clause.sentence);
    isAboutRemote = isRemoteSubject(clause) || (isAboutRemote && /^(?:or|nor|and|,)$/.test(clause.lead));
    for (let at = 0; at < clause.words.length; at++) {
      const found = eventAt(clause, at);
      if (found === null) continue;
      const isDefinite =
        /^(?:the|our|this|its|their|both|neither|nor|no|any)$/.test(clause.words[at - 1]?.text ?? "") ||
        clause.words.some(isNegation);
      const domain = isAboutRemote && isDefinite ? "on_remote" : found.domain;
      if (isAboutRemote && !isDefinite && found.form === "base") continue;
      const sense = found.isDenied ? "not_done" : senseInSentence(clauses, { ...found, clause, at, inherited });
      if (sense !== "neutral") claims.push({ ...found, domain, sense, clause, at, sentence, all: clauses });
    }
  }
  return claims;
}

const isRemoteSubject = ({ words }: Clause) =>
  words
    .slice(0, 2)
    .some(
      ({ text }, index) =>
        /^(?:origin|remote|upstream)$/.test(text) && (index === 0 || /^(?:the|our)$/.test(words[0]?.text ?? "")),
    );

/** What a later clause says about a clause that only names something: `the push and the deployment, both failed`. */
function fateOf(clauses: readonly Clause[], clause: Clause): "bad" | null {
  const says = (one: Clause) =>
    one.words.some(({ kind, text }) => kind === "word" && (BAD.test(text) || isNegation({ kind, text }))) ||
    /\bexit (?:code |status )?[1-9]/.test(one.words.map(({ text }) => text).join(" "));
  const isBare = (one: Clause) =>
    !one.words.some(
      ({ text }) =>
        /^(?:is|are|was|were|has|have|went|got|made|up|done|created|opened|raised|cut|filed)$/.test(text) ||
        /ed$/.test(text),
    );
  if (!isBare(clause)) return null;
  const before = clauses[clauses.indexOf(clause) - 1];
  // `one command failed, namely the push`
  if (
    /^[,:(]$/.test(clause.lead) &&
    clause.words.length <= 4 &&
    before?.sentence === clause.sentence &&
    before.words.some(({ kind, text }) => kind === "word" && BAD.test(text))
  )
    return "bad";
  for (const one of clauses.slice(clauses.indexOf(clause) + 1)) {
    if (one.sentence !== clause.sentence || !/^(?:,|and|or|:|with)$/.test(one.lead)) return null;
    if (says(one)) return "bad";
  }
  return null;
}

function senseInSentence(
  clauses: readonly Clause[],
  {
    clause,
    at,
    form,
    domain,
    inherited,
  }: Pick<EventClaim, "clause" | "at" | "form" | "domain"> & { inherited: boolean },
): Sense {
  if (domain === "pull_request") {
    // An open pull request is no open task.
    const words = clause.words.map((word) => (word.text === "open" ? { ...word, text: "opened" } : word));
    const sense = senseOf({ ...clause, words }, at, form, inherited);
    if (sense === "done" && fateOf(clauses, clause) === "bad") return "neutral";
    return sense === "failed" && PLACE.test(words[at - 1]?.text ?? words[at - 2]?.text ?? "")
      ? "done"
      : sense === "failed" && words.slice(0, at).some(({ text }) => PLACE.test(text))
        ? "done"
        : sense;
  }
  const sense = senseOf(clause, at, form, inherited);
  const fails = clause.words.some(({ kind, text }) => kind === "word" && BAD.test(text));
  if (PLACES.has(domain) && sense === "done" && fails) return "failed";
  if (form === "base" && sense === "done" && fateOf(clauses, clause) === "bad") return "neutral";
  // `everything after the push failed`: not the push.
  const main = clauses[clauses.indexOf(clause) - 1];
  if (
    sense === "failed" &&
    /^(?:after|before|since|once)$/.test(clause.lead) &&
    at <= 1 &&
    main?.sentence === clause.sentence &&
    main.words.length <= 2
  )
    return "done";
  return sense;
}

function eventAt(clause: Clause, at: number): { domain: EventDomain; form: Form; isDenied?: boolean } | null {
  const { words } = clause;
  const word = words[at];
  if (word === undefined) return null;
  const text = word.text.toLowerCase();
  const before = words[at - 1]?.text ?? "";
  const next = words[at + 1]?.text ?? "";
  const place = [words[at - 1], words[at - 2]].some((one) => one !== undefined && PLACE.test(one.text));
  if (place) {
    if (/^(?:origin|remote|upstream|github|origin\/.+)$/.test(text) && !/^(?:actions?|release)/.test(next))
      return { domain: "on_remote", form: "done" };
    if (
      /^(?:(?:origin\/)?(?:main|master|trunk|develop))$/.test(text) &&
      !/^(?:page|thread|loop|menu|module|function)/.test(next)
    )
      return { domain: "on_main", form: "done" };
    if (word.kind === "word" && /^(?:npm|pypi|registry|marketplace|crates|dockerhub)$/.test(text))
      return { domain: "in_registry", form: "done" };
    if (word.kind === "word" && /^(?:prod|production|staging|live|customers)$/.test(text))
      return { domain: "in_production", form: "done" };
  }
  if (word.kind !== "word") return null;
  if (
    /^(?:prod|production|staging)$/.test(text) &&
    (at === 0 || place || !isModifier(clause, at)) &&
    !/^(?:url|config|build|mode|code)$/.test(next)
  )
    return { domain: "in_production", form: "done" };
  if (/^(?:origin|remote|upstream|server)$/.test(text) && words.slice(0, at).some((one) => REACHING.test(one.text)))
    return { domain: "on_remote", form: "done" };
  if (/^(?:locally|local|machine)$/.test(text) && words.some((one) => one.text === "only"))
    return { domain: "on_remote", form: "done", isDenied: true };
  if (text === "sync" && before === "in") return { domain: "on_remote", form: "done" };
  if (text === "live" && /^(?:is|are|went|goes|gone|now|already|it's|be)$/.test(before))
    return { domain: "in_production", form: "done" };
  if (text === "out" && /^(?:is|are|now|already)$/.test(before)) return { domain: "released", form: "done" };
  if (isPullRequest(clause, at))
    return isModifier(clause, /^(?:pull|merge)$/.test(text) ? at + 1 : at)
      ? null
      : { domain: "pull_request", form: "base" };
  if (
    /^(?:issue|ticket|bug)$/.test(text) &&
    words.slice(0, at).some((one) => /^(?:open|opened|filed?|raised?|logged)$/.test(one.text))
  )
    return { domain: "issue", form: "done" };
  if (/^roll(?:ed|ing|s)?$/.test(text)) {
    const particle = words.slice(at + 1, at + 5).find((one) => /^(?:out|back)$/.test(one.text))?.text;
    if (particle === "out") return { domain: "deployed", form: "done" };
    if (particle === "back") return { domain: "reverted", form: "done" };
  }
  if (
    /^(?:back|backs|backed|backing|took|taken)$/.test(text) &&
    words.slice(at + 1).some((one) => one.text === "out")
  ) {
    if (/^back/.test(text)) return { domain: "reverted", form: "done" };
  }
  if (/^checked$/.test(text) && next === "in") return { domain: "committed", form: "done" };
  if (/^(?:requests?|request)$/.test(text)) return null;
  const bare =
    /^un(?=committed|pushed|merged|tagged|released|published|deployed|reverted|installed|approved)/.exec(text) === null
      ? text
      : text.slice(2);
  for (const { domain, done, base, doing } of EVENT_FORMS) {
    if (done.test(bare)) return { domain, form: "done", ...(bare !== text && { isDenied: true }) };
    if (doing.test(text)) return { domain, form: "doing" };
    if (base.test(text)) return isModifier(clause, at) ? null : { domain, form: "base" };
  }
  return null;
}

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
  if (names(claim, /^abort(?:ed|s)?$/)) return run.commands.some(({ text }) => text.includes("--abort"));
  if (sense === "done") return proof.done || hasTool(claim, run);
  if (sense === "failed") return proof.failed || (proof.done && domain === "committed");
  return !proof.done || proof.failed || names(claim, /^(?:all|both|everything|yet|main|master|production|prod)$/);
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
  const next = clause.words[at + 1]?.text ?? "";
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
      if (names(claim, /^(?:origin\/)?(?:main|master)$/) && claim.sense === "done") return reachedMain(run, true);
      return pushed;
    }
    case "on_remote":
      return pushed;
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
      return any(reachedMain(run, false));
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
      if (names(claim, /^(?:merged|squashed|landed)$/)) return prove("pr_merged");
      if (names(claim, /^closed$/)) return prove("pr_closed");
      return any(prove("pr_opened"), { ...when(false), unknown: prove("ci_checked", "pr_merged", "pr_reviewed").done });
    case "issue":
      return prove("issue_opened");
    default:
      return next === "" ? null : null;
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
  return when(done || prove("merged").done || (evidence.commits.length > 0 && !isOnBranch));
}
