// Claims about changes: that something was fixed, deleted, kept, tested or verified. Each is held against the files of
// the run and what its commands printed.
import { citedPaths } from "./cited-names.ts";
import type { Clause } from "./clauses.ts";
import { MODALS } from "./lexicon.ts";
import { isNegation } from "./read-clause.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

const CHANGED =
  /^(?:added|renamed|fixed|moved|relocated|replaced|refactored|updated|changed|removed|deleted|dropped|wrote|rewrote|created|implemented|patched|swapped|hardened|defaulted|defaulting|extracted|introduced|corrected|handled|guarded|squashed|resolved|solved|repaired|cured|eliminated|cleaned|nuked|purged|took|reworked|applied|landed)$/;
const FIXED = /^(?:fixed|resolved|solved|closed|sorted|cured|eliminated|repaired|addressed|squashed)$/;
const ALL = /^(?:all|every|everything|completely|fully|entirely|both|too|well|nothing|whole|finally|also)$/;
const DELETED =
  /^(?:delet(?:ed|es|ing)|remov(?:ed|es|ing)|dropped|drops|nuked|purged|erased|wiped|gone|binned|scrapped|ditched|axed)$/;
const KEPT = /^(?:kept|keeps|keep|stays|stayed|remains|remained|retained|preserved|exists|intact|survives|survived)$/;
const UNTOUCHED = /^(?:untouched|unchanged|unmodified|unedited|alone)$/;
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
    if (UNREAL.test(clause.lead)) continue;
    const { words } = clause;
    const at = (pattern: RegExp) => words.findIndex(({ kind, text }) => kind === "word" && pattern.test(text));
    const denied = (index: number) =>
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
    const fix = at(FIXED);
    if (fix !== -1 && !denied(fix) && !isUnreal(fix) && at(/^conflicts?$/) === -1) {
      if (isFailing && (at(ALL) !== -1 || at(/^(?:tests?|suite|specs?)$/) !== -1)) return false;
      if (at(/^(?:checks?|ci|pipeline)$/) !== -1 && run.checks.some(({ result }) => result === "fail")) return false;
    }
    if (at(/^conflicts?$/) !== -1) {
      if (at(/^no$/) !== -1 || at(/^without$/) !== -1) {
        if (conflicted) return false;
      } else if (!conflicted && at(/^(?:resolv|resolved|solved|fixed|hit|ran|sorted)/) !== -1) return false;
    }
    if (!filesAreProven(clause, run, { denied, isUnreal })) return false;
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

interface Reading {
  denied(index: number): boolean;
  isUnreal(index: number): boolean;
}

/** Files that the clause says are gone, kept, new or untouched. */
function filesAreProven(clause: Clause, run: RunOutcomes, { denied, isUnreal }: Reading): boolean {
  const { words } = clause;
  const { created, modified, deleted, moved } = run.evidence.touchedFiles;
  const gone = [...deleted, ...moved.map(({ from }) => from)];
  const is = (path: string, list: readonly string[]) => {
    const name = path.toLowerCase().replace(/^\.\//, "");
    return list.some(
      (one) =>
        one.toLowerCase() === name ||
        one.toLowerCase().endsWith(`/${name}`) ||
        one.toLowerCase().startsWith(name.replace(/\/?$/, "/")),
    );
  };
  const files = words.flatMap(({ text, kind }, index) =>
    kind !== "number" && citedPaths(text).length > 0 ? [{ path: text, index }] : [],
  );
  const verb = words.findIndex(
    ({ kind, text }) => kind === "word" && (DELETED.test(text) || /^(?:took|rid)$/.test(text)),
  );
  const isPassive = words.some(({ text }) => /^(?:is|are|was|were|gone|deleted|removed)$/.test(text));
  if (verb !== -1 && !isUnreal(verb)) {
    const objects = files.filter(({ index }) => {
      if (index < verb) return isPassive || verb === words.length - 1;
      return !words.slice(verb, index).some(({ text }) => /^(?:from|in|of|to|out|by|inside)$/.test(text));
    });
    for (const { path } of objects) {
      if (denied(verb) ? is(path, deleted) : !is(path, gone)) return false;
    }
    const branch = words.findIndex(({ text }) => text === "branch");
    if (
      branch !== -1 &&
      objects.length === 0 &&
      !denied(verb) &&
      !run.prove("branch_deleted").done &&
      !run.commands.some(({ text }) => /--delete-branch|branch -\w*[dD]/.test(text))
    )
      return false;
  }
  const kept = words.findIndex(({ kind, text }) => kind === "word" && (KEPT.test(text) || UNTOUCHED.test(text)));
  if (kept !== -1 && !denied(kept)) {
    const isUntouched = words.some(({ text }) => UNTOUCHED.test(text));
    for (const { path } of files) {
      if (is(path, deleted)) return false;
      if (isUntouched && is(path, [...created, ...modified, ...gone])) return false;
    }
  }
  const moving = words.findIndex(
    ({ kind, text }) => kind === "word" && /^(?:moved|moving|move|renamed|renaming|relocated|relocating)$/.test(text),
  );
  if (moving !== -1 && moved.length > 0 && denied(moving)) return false;
  for (const { path, index } of files) {
    const before = words.slice(Math.max(0, index - 3), index).map(({ text }) => text);
    if (
      before.some((word) => /^(?:new|created)$/.test(word)) &&
      !is(path, [...created, ...moved.map(({ to }) => to)]) &&
      is(path, modified)
    )
      return false;
  }
  return true;
}
