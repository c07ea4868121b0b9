// Secrets in headers, URLs and settings files, recognized by their context.
import type { SecretRule } from "./rule.ts";

export const REQUEST_RULES: readonly SecretRule[] = [
  {
    kind: "slack-webhook",
    begins: ["hooks.slack.com"],
    pattern: /(?<keep>hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_-]{16,200}/y,
  },
  {
    kind: "discord-webhook",
    begins: ["discord.com/api/", "discordapp.com/api/"],
    pattern: /(?<keep>discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{10,24}\/)[A-Za-z0-9_-]{16,200}/y,
  },
  {
    kind: "authorization",
    begins: ["authorization"],
    pattern:
      /(?<keep>authorization\\{0,4}["']?\s{0,4}[:=][\s+]{0,4}\\{0,4}["']?(?:bearer|basic|digest|token|negotiate|apikey)[\s+]{1,4})(?!\[redacted:|[$<{])[A-Za-z0-9._~+/=:-]{6,4000}/iy,
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
  // Up to the last `@` before a slash: passwords may contain an `@`.
  {
    kind: "url-credentials",
    begins: ["://"],
    pattern: /(?<keep>:\/\/)(?!\[redacted:)[^\s/:@"'`<>$]{0,100}:[^\s/"'`<>]{1,256}(?=@)/iy,
  },
  { kind: "url-credentials", begins: ["://"], pattern: /(?<keep>:\/\/)[A-Za-z0-9_-]{20,256}(?=@)/y },
  {
    // An entry of `.netrc`, on one line or three.
    kind: "password",
    begins: ["machine", "default"],
    pattern:
      /(?<keep>\b(?:machine\s{1,8}\S{1,253}|default)\s{1,8}(?:(?:login|account)\s{1,8}\S{1,256}\s{1,8}){0,2}password\s{1,8})(?!\[redacted:|[$<{])[^\s"'`\\]{1,256}/iy,
  },
  {
    // An XML element; `{` and `[` begin templates and our placeholders.
    kind: "password",
    begins: ["password>", "passwd>", "secret>", "token>", "apikey>", "api-key>"],
    pattern: /(?<keep>(?:password|passwd|secret|token|api-?key)>)(?![[{$])[^<>\s]{6,256}(?=<\/)/iy,
    accepts: (secret) => /\d/.test(secret),
  },
  {
    kind: "cookie",
    begins: ["cookie"],
    pattern: /(?<keep>\bcookie\\{0,4}["']?:\s{0,4}\\{0,4}["']?)(?!\[redacted:)[^\s"'\\=]{1,100}=[^\n"'\\]{1,4000}/iy,
  },
];
