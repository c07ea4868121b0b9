// What a secret looks like by its own form. Every pattern begins with one of a few words and is only tried where one of
// them stands, so that a text of any length, hostile or not, is read a bounded number of times.

export interface SecretRule {
  kind: string;
  /** In lower case: a match begins with one of them, in any case. */
  begins: readonly string[];
  /** Sticky; what its group `keep` matched stays in front of the replacement. */
  pattern: RegExp;
}

const START = "(?<![A-Za-z0-9_])";
const END = "(?![A-Za-z0-9_])";

function token(kind: string, begins: string, source: string): SecretRule {
  return { kind, begins: begins.split(" "), pattern: new RegExp(START + source, "y") };
}

export const SECRET_RULES: readonly SecretRule[] = [
  token("aws-access-key", "akia asia abia acca", `(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}${END}`),
  token(
    "github-token",
    "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
    "(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})",
  ),
  token(
    "gitlab-token",
    "glpat- glptt- gldt- glrt- glrtr- glsoat- glcbt- glft- glimt- glagent- gloas- glffct-",
    "gl(?:pat|ptt|dt|rt|rtr|soat|cbt|ft|imt|agent|oas|ffct)-[A-Za-z0-9_=.-]{16,300}",
  ),
  token("slack-token", "xox xapp-", "(?:xox[abceoprs](?:\\.xox[bp])?|xapp)-[A-Za-z0-9-]{10,300}"),
  {
    kind: "slack-webhook",
    begins: ["hooks.slack.com"],
    pattern: /(?<keep>hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_-]{16,200}/y,
  },
  token(
    "stripe-key",
    "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_",
    "(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{20,255})",
  ),
  token("anthropic-key", "sk-ant-", "sk-ant-[A-Za-z0-9_-]{16,255}"),
  // A digit or a capital is asked for: `sk-fading-circle-with-a-long-name` is a class name.
  token("openai-key", "sk-", "sk-(?=[a-z_-]{0,60}[A-Z0-9])[A-Za-z0-9_-]{20,255}"),
  token("google-api-key", "aiza", "AIza[A-Za-z0-9_-]{35}"),
  token("google-token", "ya29. gocspx-", "(?:ya29\\.[A-Za-z0-9_-]{20,1000}|GOCSPX-[A-Za-z0-9_-]{20,60})"),
  token("npm-token", "npm_", `npm_[A-Za-z0-9]{36}${END}`),
  token("pypi-token", "pypi-", "pypi-[A-Za-z0-9_-]{40,1000}"),
  token("huggingface-token", "hf_", "hf_[A-Za-z0-9]{30,100}"),
  token("sendgrid-key", "sg.", "SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}"),
  token("jwt", "eyj", "eyJ[A-Za-z0-9_-]{8,8000}\\.eyJ[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,8000})?"),
  {
    kind: "authorization",
    begins: ["authorization"],
    pattern:
      /(?<keep>authorization\\{0,4}["']?\s{0,4}[:=]\s{0,4}\\{0,4}["']?(?:bearer|basic|digest|token|negotiate|apikey)\s{1,4})(?!\[redacted:|[$<{])[A-Za-z0-9._~+/=:-]{6,4000}/iy,
  },
  {
    kind: "authorization",
    begins: ["authorization"],
    pattern:
      /(?<keep>authorization\\{0,4}["']?:\s{0,4}\\{0,4}["']?)(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{8,4000}/iy,
  },
  {
    kind: "authorization",
    begins: ["bearer", "basic"],
    pattern: /(?<keep>\b(?:bearer|basic)\s{1,4})(?=[A-Za-z._~+/=-]{0,60}\d)[A-Za-z0-9._~+/=-]{16,4000}/iy,
  },
  // To the last `@` before a slash: passwords may hold an `@` of their own.
  {
    kind: "url-credentials",
    begins: ["://"],
    pattern: /(?<keep>:\/\/)(?!\[redacted:)[^\s/:@"'`<>$]{0,100}:[^\s/"'`<>]{1,256}(?=@)/y,
  },
  { kind: "url-credentials", begins: ["://"], pattern: /(?<keep>:\/\/)[A-Za-z0-9_-]{20,256}(?=@)/y },
  {
    kind: "password",
    begins: ["curl", "wget", "http"],
    pattern:
      /(?<keep>\b(?:curl|wget|http)\b[^\n|;&]{0,300}?\s(?:-u|--user|--proxy-user)[ =]["']?[^\s:"'$]{1,100}:)(?![$[])[^\s"']{1,256}/y,
  },
  { kind: "password", begins: ["sshpass"], pattern: /(?<keep>\bsshpass\s{1,4}-p\s{0,4}["']?)(?![$[])[^\s"']{1,256}/y },
  {
    kind: "cookie",
    begins: ["cookie"],
    pattern: /(?<keep>\bcookie\\{0,4}["']?:\s{0,4}\\{0,4}["']?)(?!\[redacted:)[^\s"'\\=]{1,100}=[^\n"'\\]{1,4000}/iy,
  },
];
