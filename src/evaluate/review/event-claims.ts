// Claims that something happened: a commit, a push, a release, a deployment.
import type { Clause } from "./clauses.ts";
import { BAD, EVENT_FORMS, type EventDomain } from "./lexicon.ts";
import { type Form, isModifier, isNegation, type Sense, senseOf } from "./read-clause.ts";

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
const PLACES = new Set<EventDomain>(["on_remote", "on_main", "in_production", "in_registry"]);
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
    // An open pull request is not an open task.
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
  if (PLACES.has(domain) && sense === "done" && clause.words.slice(at).some(isNegation)) return "not_done";
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
