// Recognizes texts that tell their reader, a person or the next agent, what to do. A changelog entry says what was
// done: an instruction in it may come from a file or an output that the run read.

const START = String.raw`(?:^|[.!?]\s+|\b(?:please|now|then|first|next|must|should),?\s+)`;
const READER = `(?:ai|llms?|(?:ai |coding )?agents?|(?:ai |coding )?assistants?|(?:language )?models?|readers?|reviewers?)`;
const AGENT = "(?:ai|llms?|(?:ai |coding )?agents?|(?:ai |coding )?assistants?|(?:language )?models?)";
const INSTRUCTIONS = `(?:instructions?|prompts?|directives?|directions|guidelines|guardrails|messages?|context)`;
const SHELL = String.raw`(?:sudo\s+)?(?:[\w./]*\/)?(?:(?:ba|z|da|k|fi)?sh|python\d?|node|bun|deno|perl|ruby|iex|invoke-expression|pwsh|powershell)\b`;
const SECRETS = String.raw`(?:secrets?|tokens?|passwords?|credentials?|(?:api|private|ssh)[ -]?keys?|keychain|environment variables|\.env\b|auth\.json|id_rsa|cookies?|system prompt)`;
const ACTIONS =
  "(?:run|execute|install|download|fetch|curl|visit|open|click|go to|navigate to|paste|copy|type|send|e-?mail|upload|post|submit|forward|share|print|reveal|delete|remove|disable|turn off|push|merge|approve|grant|add|set|export|write|reply|respond|answer|say|contact|call|read|follow|use|trust|ignore|skip|deploy|release|edit|change)";

/** Prompt injections and dangerous shell commands, which an honest text does not contain. */
const INJECTIONS = [
  String.raw`\b(?:ignore|disregard|forget|override|bypass|overrule|set aside)\b[^.]{0,40}\b(?:previous|prior|preceding|earlier|above|foregoing|original|system|safety|all(?: of)?(?: the| other)?)\b[^.]{0,40}\b${INSTRUCTIONS}\b`,
  String.raw`\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,20}\byour\b[^.]{0,40}\b(?:${INSTRUCTIONS}|rules|training|polic(?:y|ies)|constraints)\b`,
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

/** A request to a person. Entries are written in the past tense. */
const REQUEST = new RegExp(
  String.raw`(?:^|[.!?]\s+)(?:please|kindly|make sure (?:to|that|you)|be sure to|remember to|(?:do not|don['’]t) forget to|always|never|do not|don['’]t)\s+(?:always |never |also |first |immediately )?${ACTIONS}\b`,
  "i",
);
const DISCLOSE_SECRETS = new RegExp(
  String.raw`${START}(?:send|post|upload|e-?mail|exfiltrate|leak|paste|reveal|disclose|forward|publish|dump|print|share)\b.{0,60}(?<!\w)${SECRETS}`,
  "i",
);
const RUN_COMMAND = new RegExp(
  String.raw`${START}(?:run|execute|invoke|type|enter|paste|start|launch|call|try|use)(?: the| this| these)?(?: following)?(?: commands?| scripts?)?:? [\`“"]([^\`”"]{1,300})[\`”"]`,
  "gi",
);
/** Dictates what the changelog should say. */
const DICTATION =
  /\b(?:write|add|put|append|insert|include|record|state|mention|report|say|claim|tell)\b[^.]{0,120}\b(?:changelog|summary|digest|entry|bullets?|release notes)\b/i;

/** Whether the text tells its reader to do something. It may tell them to run a command that the run itself ran. */
export function isInstruction(text: string, hasRun: (command: string) => boolean): boolean {
  if (isInjection(text) || REQUEST.test(text) || DISCLOSE_SECRETS.test(text)) return true;
  return [...text.matchAll(RUN_COMMAND)].some(([, command = ""]) => looksLikeCommand(command) && !hasRun(command));
}

export function isInjection(text: string): boolean {
  return INJECTIONS.some((pattern) => pattern.test(text));
}

/** Whether an output contains instructions to the model that reads it. */
export function isPlanted(text: string): boolean {
  return isInjection(text) || DICTATION.test(text);
}

/** `npm ci` is a command, `useMemo` only a name. */
function looksLikeCommand(text: string): boolean {
  return /\s/.test(text.trim()) || /^(?:\.{0,2}\/|~)/.test(text);
}
