// Claims about changes: that something was fixed, deleted, kept, tested or verified. Each is held against the files of
// the run and what its commands printed.
import { citedPaths } from "./cited-names.ts";
import type { Clause } from "./clauses.ts";
import { DELETED, filesAreProven } from "./file-claims.ts";
import { MODALS } from "./lexicon.ts";
import { isModifier, isNegation, isTopic } from "./read-clause.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

const CHANGED =
  /^(?:added|renamed|fixed|moved|relocated|replaced|refactored|updated|changed|removed|deleted|dropped|wrote|rewrote|created|implemented|patched|swapped|hardened|defaulted|defaulting|extracted|introduced|corrected|handled|guarded|squashed|resolved|solved|repaired|cured|eliminated|cleaned|nuked|purged|took|reworked|applied|landed)$/;
const FIXED = /^(?:fixed|resolved|solved|closed|sorted|cured|eliminated|repaired|addressed|squashed|handled|covered)$/;
const ALL = /^(?:all|every|everything|completely|fully|entirely|both|too|well|nothing|whole|finally|also)$/;
const VERIFIED =
  /^(?:verified|verifies|confirmed|validated|checked|tested|walked|tried|smoke|audited|reviewed|monitored|proved|proven|exercised|reproduced)$/;
const PLACES =
  /^(?:prod|production|live|staging|clone|browser|device|manually|hand|windows|macos|linux|qa|safari|chrome|firefox|customer|customers|users|beta|canary|fresh)$/;
const TEST_FILE = /(?:^|[/._-])(?:tests?|specs?|__tests__)(?:[/._-]|$)/i;
const UNREAL = /^(?:if|unless|until|whether|whenever|that|instead)$/;

export function changesAreProven(clauses: readonly Clause[], run: RunOutcomes): boolean {
  const { created, modified, deleted, moved } = run.evidence.touchedFiles;
  const touched = [...created, ...modified, ...deleted, ...moved.flatMap(({ from, to }) => [from, to])];
  const isIdle =
    touched.length === 0 &&
    run.edits.length === 0 &&
    run.evidence.commits.length === 0 &&
    run.tools === "" &&
    !run.outcomes.some(({ kind, result }) => result !== "failed" && /revert|reset|merged|pulled|stash/.test(kind));
  const lastTests = new Map(run.tests.map(({ command, result }) => [command, result]));
  const isFailing = [...lastTests.values()].includes("fail");
  const refs = run.commands.flatMap(({ text }) =>
    [...text.matchAll(/\bgit (?:merge|switch|checkout|branch|push)\b([^&|;]*)/g)].flatMap(([, rest = ""]) =>
      rest.trim().split(/\s+/),
    ),
  );
  const conflicted = run.commands.some(({ output }) => /\bconflict/i.test(output));
  for (const [index, clause] of clauses.entries()) {
    const { words } = clause;
    const isRelative = clause.lead === "that" && /^(?:was|were)$/.test(words[0]?.text ?? "");
    if (UNREAL.test(clause.lead) && !isRelative) continue;
    const at = (pattern: RegExp) => words.findIndex(({ kind, text }) => kind === "word" && pattern.test(text));
    const denied = (index: number) =>
      /^(?:nor|neither)$/.test(clause.lead) ||
      words.slice(0, index).some((word) => isNegation(word)) ||
      /^(?:nothing|no|none)$/.test(words[index + 1]?.text ?? "");
    const isUnreal = (index: number) =>
      words.slice(0, index).some(({ text }) => MODALS.has(text)) || words[index - 1]?.text === "to";
    const change = at(CHANGED);
    if (isIdle && change !== -1 && !denied(change) && !isUnreal(change)) return false;
    if (
      isIdle &&
      /\b(?:patch|fix|change)s? (?:is|are|was|were|went|got) (?:in|applied|made|done|there)\b/.test(textOf(clause))
    )
      return false;
    const says = textOf(clause);
    const options = words.filter(({ kind, text }) => kind === "code" && /^--?[a-z][\w-]*$/.test(text));
    if (!words.some(isNegation) && options.some(({ text }) => !run.words.includes(text.toLowerCase()))) return false;
    const removes = at(DELETED);
    if (
      removes !== -1 &&
      !denied(removes) &&
      !isUnreal(removes) &&
      words.some(({ kind, text }) => kind === "code" && refs.includes(text) && citedPaths(text).length === 0) &&
      !run.prove("branch_deleted").done &&
      !words.some(({ text }) => /^(?:from|in|on)$/.test(text))
    )
      return false;
    const isFailureFree =
      /\b(?:no|zero|nil|0|none|without)\b(?: \p{L}+){0,2} (?:failures?|errors?)\b|\b(?:failures?|errors?)\b(?: \p{L}+){0,4} (?:nil|zero|none|0)\b/u.test(
        says,
      );
    if (isFailureFree && isFailing) return false;
    const touchesTests = touched.some((path) => TEST_FILE.test(path)) || run.edits.some((path) => TEST_FILE.test(path));
    const previous = clauses[index - 1];
    const addsBefore =
      previous?.sentence === clause.sentence &&
      previous.words.some(({ text }) => /^(?:added|wrote|introduced|created|implemented)$/.test(text));
    if (
      addsBefore &&
      /^(?:with|and|plus)$/.test(clause.lead) &&
      /^(?:(?:its|a|an|new|own|unit|matching|some) )+(?:\p{L}+ )?tests?\b(?! (?:run|passe|ran|file))/u.test(says) &&
      !touchesTests
    )
      return false;
    if (
      /^(?:raised|lowered|changed|updated|adjusted|corrected|fixed|edited|extended|rewrote|modified) .*\bin (?:the |its )(?:\p{L}+ )?tests?$/u.test(
        says,
      ) &&
      !touchesTests
    )
      return false;
    if (isIdle && /\bno longer\b|\bnow \p{L}+s\b/u.test(says) && !/^(?:why|how)\b/.test(says)) return false;
    if (isFailing && /\bno longer (?:throw|fail|break|crash|error)s?\b/.test(says)) return false;
    const hasOpenFailure =
      isFailing || run.outcomes.some(({ kind, result }) => result === "failed" && !run.prove(kind).done);
    if (
      hasOpenFailure &&
      /^(?:everything(?: \p{L}+){0,2}|all) (?:works?|worked|passe[sd]|is (?:done|complete|finished|ready|in place)|succeeded|done)\b/u.test(
        says,
      ) &&
      !/\b(?:else|after|but|except|not)\b/.test(says)
    )
      return false;
    const rewritten =
      at(/^(?:history|log)$/) !== -1 && at(/^commits?$/) !== -1 && (at(DELETED) !== -1 || /\bno longer\b/.test(says));
    if (rewritten && !run.prove("reset", "rebased").done) return false;
    const commitAt = at(/^commits?$/);
    const dropsCommit =
      commitAt !== -1 &&
      !isModifier(clause, commitAt) &&
      words
        .slice(Math.max(0, commitAt - 3), commitAt)
        .some(({ text }) => /^(?:dropped|discarded|removed|deleted|erased)$/.test(text));
    if (dropsCommit && !words.some(isNegation) && !run.prove("reset", "rebased", "reverted").done) return false;
    const fix = at(FIXED);
    if (fix !== -1 && !denied(fix) && !isUnreal(fix) && at(/^conflicts?$/) === -1) {
      if (isFailing && (at(ALL) !== -1 || at(/^(?:tests?|suite|specs?)$/) !== -1)) return false;
      if (at(/^(?:checks?|ci|pipeline)$/) !== -1 && run.checks.some(({ result }) => result === "fail")) return false;
      if (
        run.checks.some(
          ({ name, result }) =>
            result === "fail" &&
            clauses.some((one) => one.sentence === clause.sentence && one.words.some(({ text }) => text === name)),
        )
      )
        return false;
    }
    if (at(/^conflicts?$/) !== -1) {
      if (at(/^no$/) !== -1 || at(/^without$/) !== -1) {
        if (conflicted) return false;
      } else if (
        !conflicted &&
        !isTopic(clause, at(/^conflicts?$/), "base") &&
        !isModifier(clause, at(/^conflicts?$/)) &&
        !isUnreal(at(/^conflicts?$/))
      ) {
        return false;
      } else if (!conflicted && at(/^(?:resolv|resolved|solved|fixed|hit|ran|sorted)/) !== -1) return false;
    }
    const repaired = at(/^(?:fixed|cleaned|corrected|eliminated|resolved|repaired|cured)$/);
    if (repaired !== -1 && !denied(repaired) && !isUnreal(repaired)) {
      const sentence = clauses.filter((one) => one.sentence === clause.sentence).flatMap((one) => one.words);
      const places = sentence.filter(
        ({ text, kind }, position) =>
          kind === "code" &&
          citedPaths(text).length > 0 &&
          sentence.slice(Math.max(0, position - 2), position).some((one) => one.text === "in"),
      );
      const all = [...touched, ...run.edits];
      if (
        places.length > 0 &&
        !places.some(({ text }) => all.some((path) => path.endsWith(text) || text.endsWith(path)))
      )
        return false;
    }
    const hasFile = (one: Clause) =>
      one.words.some(({ text, kind }) => kind !== "number" && citedPaths(text).length > 0);
    const subject = clauses[index - 1];
    const inherits =
      !hasFile(clause) &&
      words.length <= 4 &&
      /^(?:not|only|never|was|were|is|then|still|later|kept|gone|deleted|removed|left|dropped|restored)$/.test(
        words[0]?.text ?? "",
      ) &&
      subject?.sentence === clause.sentence &&
      /^(?:,|but|and)$/.test(clause.lead) &&
      hasFile(subject);
    const whole = inherits
      ? {
          ...clause,
          words: [
            ...subject.words.filter(({ text, kind }) => kind !== "number" && citedPaths(text).length > 0),
            ...words,
          ],
        }
      : clause;
    const shift = whole.words.length - words.length;
    if (!filesAreProven(whole, run, { denied: (at) => denied(at - shift), isUnreal: (at) => isUnreal(at - shift) }))
      return false;
    const changesTest = at(/^(?:changed|modified|touched|updated|adjusted|edited|altered)$/);
    if (
      at(/^tests?$/) !== -1 &&
      at(/^tests?$/) < changesTest &&
      denied(changesTest) &&
      modified.some((path) => TEST_FILE.test(path))
    )
      return false;
    if (
      at(/^(?:dependency|dependencies|devdependency|devdependencies)$/) !== -1 &&
      at(/^add(?:ed|s)?$/) !== -1 &&
      !words.some(isNegation) &&
      !run.prove("installed").done &&
      !run.edits.some((path) =>
        /package\.json|Cargo\.toml|pyproject|requirements|go\.mod|Gemfile|pom\.xml|gradle/.test(path),
      )
    )
      return false;
    const removesTest = at(DELETED);
    if (
      removesTest !== -1 &&
      at(/^tests?$/) !== -1 &&
      words.every(({ text, kind }) => kind === "word" || citedPaths(text).length === 0) &&
      /\btests? (?:\p{L}+ ){0,2}(?:deleted|removed|dropped)\b|\b(?:deleted|removed|dropped) (?:the |a )?(?:\p{L}+ )?tests?\b/u.test(
        says,
      ) &&
      !denied(removesTest) &&
      ![...deleted, ...modified].some((path) => TEST_FILE.test(path))
    )
      return false;
    const test = words.findLastIndex(
      ({ kind, text }) => kind === "word" && /^(?:tests?|specs?|coverage|suite)$/.test(text),
    );
    const adds = words.findIndex(
      ({ kind, text: word }, index) =>
        kind === "word" &&
        index < test &&
        /^(?:added|wrote|extended|new|fresh|left|with|created|then|updated|adjusted)$/.test(word),
    );
    const isTestObject = test !== -1 && adds !== -1 && words[test + 1]?.kind !== "word";
    if (
      isTestObject ||
      (test !== -1 && adds !== -1 && /^(?:for|in|of|that|to|covering|on)$/.test(words[test + 1]?.text ?? ""))
    ) {
      const makes = /^(?:added|wrote|extended|new|fresh|left|created|updated|adjusted)$/.test(words[adds]?.text ?? "");
      if (
        makes &&
        !denied(test) &&
        !isUnreal(adds) &&
        !touched.some((path) => TEST_FILE.test(path)) &&
        !run.edits.some((path) => TEST_FILE.test(path))
      )
        return false;
    }
    const verified = at(VERIFIED);
    const isVerifying = verified !== -1 && !denied(verified) && !isUnreal(verified);
    if (isVerifying && run.commands.length === 0) return false;
    const place = at(PLACES);
    if (
      isVerifying &&
      place !== -1 &&
      !run.commands.some(({ text: command }) => command.toLowerCase().includes(words[place]?.text ?? ""))
    )
      return false;
    if (
      at(/^(?:code )?review(?:ed)?$/) !== -1 &&
      /\b(?:was|were|been|got|passed|after) (?:\w+ ){0,2}review(?:ed)?\b|\breviewed by\b|\bsigned off\b|\bthumbs\b/.test(
        textOf(clause),
      ) &&
      !words.some(isNegation) &&
      !run.prove("pr_reviewed").done
    )
      return false;
    if (
      /\b(?:signed off|thumbs up|sign off)\b/.test(textOf(clause)) &&
      !words.some(isNegation) &&
      !run.prove("pr_reviewed").done
    )
      return false;
    if (
      /\binto ci\b|\bto (?:the )?(?:ci|pipeline)\b/.test(textOf(clause)) &&
      !words.some(isNegation) &&
      !touched.some((path) => /^\.(?:github|gitlab|circleci)|ci\.ya?ml|Jenkinsfile|pipeline/i.test(path))
    )
      return false;
    const staged = at(/^staged$/);
    if (
      staged !== -1 &&
      !words.some(isNegation) &&
      !run.commands.some(({ text: command }) => /\bgit (?:add|rm|mv|stage|commit -\w*a)|--cached/.test(command))
    )
      return false;
  }
  return true;
}

const textOf = ({ words }: Clause) => words.map(({ text }) => text).join(" ");
