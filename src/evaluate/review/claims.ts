// Whether a text claims that tests passed.

const PASSED =
  /\b(?:tests?|specs?|test suite|suite|checks)\b(?: cases?| files?| runs?)?(?: now| all| then| again| also| still|,| had| have| were| are| is| was)*\s+(?:pass(?:ed|es|ing)?|green|succeed(?:ed|s)?|successful)\b|\bpassed (?:all|every|the)\b[^.;]{0,30}\b(?:tests?|specs?|checks|suite)\b/i;
/** What was wanted, expected or denied is no claim. */
const OTHERWISE =
  /\b(?:no|none|not|never|neither|nor|without|unless|until|before|whether|if|so that|should|would|could|must|to make|fail(?:ed|s|ing|ure|ures)?)\b|n['’]t\b/i;

export function claimsPassedTests(text: string): boolean {
  return text.split(/(?<=[.;!?])\s/).some((sentence) => PASSED.test(sentence) && !OTHERWISE.test(sentence));
}
