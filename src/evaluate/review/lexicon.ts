// The words that describe outcomes: those of each domain, and those of all domains that say how something ended.
const set = (words: string) => new Set(words.split(" "));
const stems = (pattern: string) => new RegExp(`^(?:${pattern})$`);

/** Something that happens once: a push, a tag, a deployment. */
export const EVENTS = {
  committed: { done: "committed|recommitted", base: "commits?", doing: "committing" },
  pushed: { done: "pushed|repushed", base: "push|pushes|upload|transfer|transmission|delivery", doing: "pushing" },
  merged: { done: "merged", base: "merges?", doing: "merging" },
  squashed: { done: "squashed", base: "squash|squashes", doing: "squashing" },
  landed: { done: "landed", base: "lands?", doing: "landing" },
  shipped: { done: "shipped", base: "ships?|shipment", doing: "shipping" },
  tagged: { done: "tagged|retagged", base: "tags?", doing: "tagging" },
  released: { done: "released", base: "releases?", doing: "releasing" },
  published: { done: "published|republished", base: "publish|publishes|publication", doing: "publishing" },
  deployed: {
    done: "deployed|redeployed|launched|promoted",
    base: "deploy|deploys|deployments?|redeploys?|redeployments?|rollouts?|launch",
    doing: "deploying|redeploying|launching",
  },
  reverted: {
    done: "reverted|undid|undone|unwound|rewound",
    base: "reverts?|undo|undoes|reversions?",
    doing: "reverting|undoing",
  },
  restored: { done: "restored", base: "restores?", doing: "restoring" },
  reset: { done: "", base: "resets?", doing: "resetting" },
  rolled_back: { done: "", base: "rollbacks?", doing: "" },
  rebased: { done: "rebased", base: "rebases?", doing: "rebasing" },
  cherry_picked: { done: "picked", base: "", doing: "picking" },
  amended: { done: "amended", base: "amends?", doing: "amending" },
  stashed: { done: "stashed", base: "stash|stashes", doing: "stashing" },
  pulled: { done: "pulled|fetched", base: "pulls?|fetch|fetches", doing: "pulling|fetching" },
  approved: { done: "approved|lgtm|lgtmed", base: "approves?|approvals?", doing: "approving" },
  installed: { done: "installed|reinstalled|upgraded", base: "installs?|reinstalls?", doing: "installing|upgrading" },
  migrated: { done: "migrated", base: "migrates?|migrations?", doing: "migrating" },
  benchmarked: { done: "benchmarked|profiled", base: "benchmarks?", doing: "benchmarking|profiling" },
  announced: {
    done: "announced|notified|emailed|messaged|informed|alerted",
    base: "announces?|announcements?",
    doing: "announcing|notifying",
  },
  backed_up: { done: "", base: "backups?", doing: "" },
} as const;
export type EventDomain =
  | keyof typeof EVENTS
  | "pull_request"
  | "issue"
  | "on_remote"
  | "on_main"
  | "in_production"
  | "in_registry";

export const EVENT_FORMS = Object.entries(EVENTS).map(([domain, { done, base, doing }]) => ({
  domain: domain as keyof typeof EVENTS,
  done: stems(done || "\\0"),
  base: stems(base || "\\0"),
  doing: stems(doing || "\\0"),
}));

/** Something that passes or fails. */
export const CHECKED = {
  tests: stems("tests?|testsuites?|suites?|specs?|testing|assertions?|baseline"),
  ci: stems("ci|pipelines?|workflows?|actions|checks?"),
  build: stems("builds?|built|compil(?:es?|ed|ation|ing)|bundles?"),
  lint: stems("lint|linter|linting|linted"),
  commands: stems("commands?"),
  types: stems("typecheck|typechecks|typechecking|typechecker|typescript|compiler"),
} as const;
export type CheckedDomain = keyof typeof CHECKED | "command";

export const NEGATIONS = set(
  "not no never nothing none nobody neither nor without cannot zero hardly barely lack lacks lacked lacking avoid avoided avoiding prevent prevented refused declined skipped skip skipping omitted forgot rather neither instead yet-to stopped held untouched unable failed fails fail",
);
export const PENDING =
  /^(?:pending|await(?:s|ed|ing)?|waiting|outstanding|missing|todo|needs?|needed|uncommitted|absent|blocked|unpushed|unmerged|unstaged|untracked|lacking)$/;
export const MODALS = set(
  "should would could can will must may might shall want wants wanted plan plans ready let'll able supposed hoping intended intends tried tries attempted try attempt trying",
);

export const GOOD =
  /^(?:pass(?:es|ed|ing)?|green|greens?|succeed(?:s|ed|ing)?|succe(?:ss|sses|ssful|ssfully)|clean|cleanly|fine|ok|okay|happy|healthy|good|through|perfect(?:ly)?|works?|worked|working|smooth(?:ly)?|accept(?:s|ed)?|confirm(?:s|ed)?|positive|intact|flawless(?:ly)?|satisfied|valid|okayed|complete[sd]?|finish(?:es|ed))$/;
export const BAD =
  /^(?:fail(?:s|ed|ing|ure|ures)?|red|reject(?:s|ed|ion)?|bounc(?:es?|ed|ing)|refus(?:es?|ed|al)|err(?:s|ed|or|ors|ored|oring)?|abort(?:s|ed)?|br(?:eaks?|oke|oken|eaking|eakage)|crash(?:es|ed|ing)?|den(?:y|ies|ied)|bail(?:s|ed)?|fell|blew|stuck|block(?:s|ed|ing)?|hung|chok(?:es?|ed)|died?|down|unhappy|unsuccessful(?:ly)?|nonzero|conflict(?:s|ed|ing)?|flak(?:y|es|ed)|trip(?:s|ped)?|throws?|threw|regress(?:ed|ions?)?)$/;
export const RAN =
  /^(?:ran|run|runs|running|re-?ran|executed?|executes|exercised?|covered|rerun|reran|invoked|triggered|started)$/;
export const SKIPPED = /^(?:skip(?:s|ped|ping)?|untested|unrun|omitted|bypass(?:ed)?|disabled)$/;

/** Verbs of changing code. What stands after them is the subject matter of the work and no claim. */
export const CODE_VERBS =
  /^(?:add(?:s|ed|ing)?|ma(?:de|ke|kes|king)|let|lets|taught|teach(?:es)?|chang(?:es?|ed|ing)|renam(?:es?|ed|ing)|fix(?:es|ed|ing)?|handl(?:es?|ed|ing)|wr(?:ote|ites?|itten|iting)|document(?:s|ed|ing)?|mov(?:es?|ed|ing)|replac(?:es?|ed|ing)|refactor(?:s|ed|ing)?|rework(?:s|ed|ing)?|extract(?:s|ed|ing)?|updat(?:es?|ed|ing)|extend(?:s|ed|ing)?|introduc(?:es?|ed|ing)|switch(?:es|ed|ing)?|cover(?:s|ed|ing)?|expla(?:ins?|ined|ining)|describ(?:es?|ed|ing)|mention(?:s|ed|ing)?|says?|said|states?|stated|read|reads|reading|pars(?:es?|ed|ing)|implement(?:s|ed|ing)?|creat(?:es?|ed|ing)|adjust(?:s|ed|ing)?|tweak(?:s|ed|ing)?|wir(?:es?|ed|ing)|configur(?:es?|ed|ing)|simplif(?:ies|ied|ying|y)|split(?:s)?|clarif(?:ies|ied)|correct(?:s|ed|ing)?|rewr(?:ote|ites?|itten)|improv(?:es?|ed|ing)|investigat(?:es?|ed|ing)|inspect(?:s|ed|ing)?|look(?:s|ed|ing)?|check(?:ed|ing)|allow(?:s|ed|ing)?|expects?|expected|requires?|required|asks?|asked|named?|names|titled|called|delet(?:es?|ed|ing)|remov(?:es?|ed|ing)|drop(?:s|ped|ping)?|dropped|bump(?:s|ed|ing)?|prepar(?:es?|ed|ing)|rais(?:es?|ed|ing)|lower(?:s|ed|ing)?|round(?:s|ed|ing)?|guard(?:s|ed)?|default(?:s|ed|ing)?|swap(?:s|ped)?|used?|uses|using|follow(?:s|ed)|defin(?:es?|ed)|set|sets|setting|pointed|points|gave|gives|quotes?|quoted)$/;
/** Verbs that make an event when its noun is their object: `made a commit`, `cut a release`. */
export const MAKING_VERBS =
  /^(?:add(?:s|ed|ing)?|ma(?:de|kes?|king)|creat(?:es?|ed|ing)|cuts?|cutting|open(?:s|ed|ing)?|file[sd]?|filing|rais(?:es?|ed|ing)|did|do|does|perform(?:s|ed)|trigger(?:s|ed)|start(?:s|ed)|got|gets|went|submit(?:s|ted)?|sent|put|drafted|issued|received|obtained|gained|earned|needed|had|has|have|took|kicked|finished|completed)$/;

/** Words after a noun that do not make it a modifier of another noun. */
export const FUNCTION_WORDS = set(
  "a an the this that these those its it his her their our my is are was were be been being am has have had do does did will would can could should may might must shall not no never only just also still now already again too all both each every any some none one two three four five six seven eight nine ten of in on at to from by for with into onto over under up down out off via per as than about against between through during within without locally remotely here there today then yet ever finally first next last later afterwards beforehand before after together separately twice once directly straight cleanly successfully and or but so if when went came got gets made stays stayed remains remained looks looked sits sat lives exists existed needs needed still ran run runs exits exited left available live i we he she they you none nothing quickly manually automatically accordingly instead else long happily well fully completely partially twice gave gives found finds stood saw began begins became becomes grew rose led met sent put told knew broke breaks continues continued reported reports counted accepts accepted having including covering containing passing failing running back itself themselves there where goes go going comes come came keeps kept turns turned turning ends ended wants wanted takes took fell falls sets shows showed landed bailed around away apart nothing anyway is isn't wasn't weren't didn't doesn't don't hasn't haven't hadn't couldn't can't won't aren't",
);

export const NUMBER_WORDS = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve".split(" ").map((word, value) => [word, value]),
);
