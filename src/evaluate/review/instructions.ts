// A changelog tells what was done. A text that tells its reader what to do, a person or the next agent, is no part of
// one: it may have come from whatever the run had read.

const START = String.raw`(?:^|[.!?]\s+|\b(?:please|now|then|first|next|must|should),?\s+)`;
const READER = `(?:ai|llms?|(?:ai |coding )?agents?|(?:ai |coding )?assistants?|(?:language )?models?|readers?|reviewers?)`;
const AGENT = "(?:ai|llms?|(?:ai |coding )?agents?|(?:ai |coding )?assistants?|(?:language )?models?)";
const TOLD = `(?:instructions?|prompts?|directives?|directions|guidelines|guardrails|messages?|context)`;
const SHELL = String.raw`(?:sudo\s+)?(?:[\w./]*\/)?(?:(?:ba|z|da|k|fi)?sh|python\d?|node|bun|deno|perl|ruby|iex|invoke-expression|pwsh|powershell)\b`;
const SECRETS = String.raw`(?:secrets?|tokens?|passwords?|credentials?|(?:api|private|ssh)[ -]?keys?|keychain|environment variables|\.env\b|auth\.json|id_rsa|cookies?|system prompt)`;
const VERBS =
  "(?:run|execute|install|download|fetch|curl|visit|open|click|go to|navigate to|paste|copy|type|send|e-?mail|upload|post|submit|forward|share|print|reveal|delete|remove|disable|turn off|push|merge|approve|grant|add|set|export|write|reply|respond|answer|say|contact|call|read|follow|use|trust|ignore|skip|deploy|release|edit|change)";

/** Words that only somebody who wants to be obeyed writes: by a model that reads them, or by a person with a shell. */
const COMMANDING = [
  String.raw`\b(?:ignore|disregard|forget|override|bypass|overrule|set aside)\b[^.]{0,40}\b(?:previous|prior|preceding|earlier|above|foregoing|original|system|safety|all(?: of)?(?: the| other)?)\b[^.]{0,40}\b${TOLD}\b`,
  String.raw`\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,20}\byour\b[^.]{0,40}\b(?:${TOLD}|rules|training|polic(?:y|ies)|constraints)\b`,
  String.raw`\byou(?: are|['’]re) (?:now|no longer)\b|\bpretend (?:to be|that you)\b|\bfrom now on,? (?:you|always|never)\b|\bnew (?:system )?instructions?\s*:`,
  String.raw`\byou (?:must|should|shall|need to|have to|ought to|are (?:required|supposed|instructed|asked|told) to)\b`,
  String.raw`${START}(?:attention|important|note|message|instructions?)\b[^.:]{0,20}\b(?:to|for) (?:all |any |the |every )?${AGENT}\s*[:,]`,
  String.raw`\b(?:if you are|when you are|as) an? ${AGENT}\b`,
  String.raw`\b${READER}(?: who| that)? (?:reading|read|processing|seeing|see) this\b`,
  String.raw`\b(?:all|any|future|every|ai|coding) (?:agents?|assistants?|models?|readers?|reviewers?|maintainers?) (?:must|should|shall|needs? to|ha(?:s|ve) to)\b`,
  String.raw`^\s*(?:system|assistant|user|developer|human)\s*:\s`,
  String.raw`<\|[a-z_]{2,30}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|session-digest|instructions?)>`,
  String.raw`\b(?:curl|wget|iwr|irm|invoke-webrequest)\b[^|]{0,300}\|\s*${SHELL}`,
  String.raw`\b(?:ba|z|da)?sh\b[^.]{0,20}(?:<\(|-c\s*["']?\s*\$\()\s*(?:curl|wget)\b|\b(?:eval|source)\b[^.]{0,10}[$<]\(\s*(?:curl|wget)\b`,
  String.raw`\bbase64\b[^|]{0,100}\|\s*${SHELL}|\bpowershell(?:\.exe)?\b[^.]{0,60}\s-e(?:nc(?:odedcommand)?)?\b`,
  String.raw`\brm\s+-(?:rf|fr|r\s+-f|f\s+-r)\s+(?:--no-preserve-root\s+)?(?:\/(?![\w.])|~|\$HOME|\*)`,
].map((pattern) => new RegExp(pattern, "i"));

/** A sentence that tells a person to do something. Entries are written in the past tense. */
const PLEA = new RegExp(
  String.raw`(?:^|[.!?]\s+)(?:please|kindly|make sure (?:to|that|you)|be sure to|remember to|(?:do not|don['’]t) forget to|always|never|do not|don['’]t)\s+(?:always |never |also |first |immediately )?${VERBS}\b`,
  "i",
);
const HAND_OVER = new RegExp(
  String.raw`${START}(?:send|post|upload|e-?mail|exfiltrate|leak|paste|reveal|disclose|forward|publish|dump|print|share)\b.{0,60}(?<!\w)${SECRETS}`,
  "i",
);
const RUN_THIS = new RegExp(
  String.raw`${START}(?:run|execute|invoke|type|enter|paste|start|launch|call|try|use)(?: the| this| these)?(?: following)?(?: commands?| scripts?)?:? [\`“"]([^\`”"]{1,300})[\`”"]`,
  "gi",
);
const DICTATION =
  /\b(?:write|add|put|append|insert|include|record|state|mention|report|say|claim|tell)\b[^.]{0,120}\b(?:changelog|summary|digest|entry|bullets?|release notes)\b/i;

/** Whether the text tells its reader to do something. A command that the run itself ran may be named. */
export function isInstruction(text: string, hasRun: (command: string) => boolean): boolean {
  if (isCommanding(text) || PLEA.test(text) || HAND_OVER.test(text)) return true;
  return [...text.matchAll(RUN_THIS)].some(([, command = ""]) => looksLikeCommand(command) && !hasRun(command));
}

/** Whether a text holds words that only somebody writes who wants to be obeyed. */
export function isCommanding(text: string): boolean {
  return COMMANDING.some((pattern) => pattern.test(text));
}

/** Whether an output that a model was shown is there to be obeyed. */
export function isPlanted(text: string): boolean {
  return isCommanding(text) || DICTATION.test(text);
}

/** `useMemo` is a name; `npm ci` is something to run. */
function looksLikeCommand(text: string): boolean {
  return /\s/.test(text.trim()) || /^(?:\.{0,2}\/|~)/.test(text);
}
