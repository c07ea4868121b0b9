// Invented secrets of every kind in the rules, assembled at run time so that secret scanners do not report this file. The
// formats are documented by the services; the random part is always the same.

/** `length` pseudo-random characters of an alphabet. */
export function filler(length: number, alphabet: string, seed = 1): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return alphabet.charAt((state >>> 16) % alphabet.length);
  }).join("");
}

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const HEX = `${DIGITS}abcdef`;
const WORD = DIGITS + LOWER + UPPER;
const URL_SAFE = `${WORD}_-`;
const BASE64 = `${WORD}+/`;

const word = (length: number, seed?: number) => filler(length, WORD, seed);
const urlSafe = (length: number, seed?: number) => filler(length, URL_SAFE, seed).replace(/^[-_]|[-_]$/g, "x");
const hex = (length: number, seed?: number) => filler(length, HEX, seed);
const base64 = (length: number, seed?: number) => filler(length, BASE64, seed);
const pem = (kind: string, lines = 6) =>
  [
    `-----BEGIN ${kind}-----`,
    ...Array.from({ length: lines }, (_, line) => base64(64, line + 7)),
    `-----END ${kind}-----`,
  ].join("\n");

export interface SecretKind {
  /** The secret itself: no eight consecutive characters of it may remain. */
  secret: string;
  /** The secret in its context, if only the context identifies it. */
  written?: string;
}

const bare = (secret: string): SecretKind => ({ secret });
/** `@` in `written` stands for the secret. */
const named = (secret: string, written: string): SecretKind => ({ secret, written: written.replace("@", secret) });

/** Samples by kind; secrets that only a name identifies are written with it. */
export const KINDS: Record<string, SecretKind> = {
  "AWS access key id": bare(`AKIA${filler(16, `${UPPER}234567`)}`),
  "AWS temporary key id": bare(`ASIA${filler(16, `${UPPER}234567`, 2)}`),
  "AWS secret key": named(base64(40, 3), "aws_secret_access_key = @"),
  "AWS session token": named(base64(220, 4), "AWS_SESSION_TOKEN=@"),
  "AWS Bedrock key": bare(`ABSK${base64(109, 5)}=`),
  "GitHub classic token": bare(`ghp_${word(36)}`),
  "GitHub OAuth token": bare(`gho_${word(36, 2)}`),
  "GitHub app token": bare(`ghs_${word(36, 3)}`),
  "GitHub refresh token": bare(`ghr_${word(76, 4)}`),
  "GitHub fine-grained token": bare(`github_pat_${word(22)}_${word(59)}`),
  "GitLab personal token": bare(`glpat-${urlSafe(20)}`),
  "GitLab runner token": bare(`GR1348941${urlSafe(20)}`),
  "GitLab deploy token": bare(`gldt-${urlSafe(20, 2)}`),
  "OpenAI key": bare(`sk-${word(20)}T3BlbkFJ${word(20, 2)}`),
  "OpenAI project key": bare(`sk-proj-${urlSafe(74)}T3BlbkFJ${urlSafe(74, 2)}`),
  "OpenAI service account key": bare(`sk-svcacct-${urlSafe(74, 3)}`),
  "Anthropic key": bare(`sk-ant-api03-${urlSafe(93)}AA`),
  "Anthropic OAuth token": bare(`sk-ant-oat01-${urlSafe(93, 2)}AA`),
  "Google API key": bare(`AIza${urlSafe(35)}`),
  "Google OAuth secret": bare(`GOCSPX-${urlSafe(28)}`),
  "Google access token": bare(`ya29.${urlSafe(120)}`),
  "Google refresh token": bare(`1//0${urlSafe(100)}`),
  "Slack bot token": bare(`xoxb-${filler(12, DIGITS)}-${filler(12, DIGITS, 2)}-${word(24)}`),
  "Slack user token": bare(`xoxp-${filler(12, DIGITS)}-${filler(12, DIGITS, 2)}-${hex(32)}`),
  "Slack app token": bare(`xapp-1-A${filler(10, UPPER + DIGITS)}-${filler(13, DIGITS)}-${hex(64)}`),
  "Slack webhook": named(
    `T${filler(10, UPPER + DIGITS)}/B${filler(10, UPPER + DIGITS, 2)}/${word(24)}`,
    "https://hooks.slack.com/services/@",
  ),
  "Stripe secret key": bare(`sk_live_${word(99)}`),
  "Stripe restricted key": bare(`rk_live_${word(99, 2)}`),
  "Stripe webhook secret": bare(`whsec_${word(32)}`),
  "npm token": bare(`npm_${word(36)}`),
  "PyPI token": bare(`pypi-AgEIcHlwaS5vcmc${urlSafe(150)}`),
  "Hugging Face token": bare(`hf_${filler(34, LOWER + UPPER)}`),
  "Azure storage key": named(
    `${base64(86)}==`,
    "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=@;EndpointSuffix=core.windows.net",
  ),
  "Azure SAS signature": named(
    `${base64(43).replaceAll("+", "%2B").replaceAll("/", "%2F")}%3D`,
    "https://shop.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig=@",
  ),
  "Azure client secret": bare(`${word(3)}8Q~${urlSafe(34)}`),
  "Azure DevOps token": named(filler(52, `${LOWER}234567`), "AZURE_DEVOPS_EXT_PAT=@"),
  JWT: bare(`eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIx${urlSafe(60)}.${urlSafe(43, 2)}`),
  "RSA private key": bare(pem("RSA PRIVATE KEY", 12)),
  "EC private key": bare(pem("EC PRIVATE KEY", 3)),
  "PKCS 8 private key": bare(pem("PRIVATE KEY", 14)),
  "OpenSSH private key": bare(pem("OPENSSH PRIVATE KEY")),
  "PGP private key": bare(pem("PGP PRIVATE KEY BLOCK")),
  "private key cut short": bare(pem("RSA PRIVATE KEY", 12).slice(0, 400)),
  "URL with a password": named(`ada:${word(14)}`, "https://@@git.example.com/shop.git"),
  "URL with a token": named(word(40, 9), "https://@@git.example.com/shop.git"),
  "PostgreSQL address": named(`shop:p%40ss${word(12)}`, "postgresql://@@db.internal:5432/shop?sslmode=require"),
  "MongoDB address": named(`admin:${word(16)}`, "mongodb+srv://@@cluster0.abcde.mongodb.net/test"),
  "Redis address": named(word(24, 5), "redis://:@@cache.internal:6379/0"),
  "ADO.NET connection string": named(
    `${word(10)}!${word(4)}`,
    "Server=tcp:db,1433;Database=shop;User Id=sa;Password=@;Encrypt=true",
  ),
  "bearer token": named(urlSafe(40, 6), "Authorization: Bearer @"),
  "basic credentials": named(`${base64(30, 6)}==`, "Authorization: Basic @"),
  "API key header": named(hex(40, 8), "X-Api-Key: @"),
  "password assignment": named(`Tr0ub4dor-${word(6)}`, "password=@"),
  "token assignment": named(word(32, 11), "token: @"),
  "quoted secret": named(word(24, 12), "client_secret = '@'"),
  "environment file": named(base64(44, 13), "SESSION_SIGNING_KEY=@"),
  credentials: named(urlSafe(32, 14), "credentials: @"),
  passphrase: named(`correct-horse-${word(8)}`, "passphrase=@"),
  "netrc password": named(word(20, 15), "machine api.example.com login ada password @"),
  "SendGrid key": bare(`SG.${urlSafe(22)}.${urlSafe(43)}`),
  "Twilio key": bare(`SK${hex(32)}`),
  "Mailgun key": bare(`key-${hex(32, 2)}`),
  "Mailchimp key": bare(`${hex(32, 3)}-us12`),
  "Discord bot token": bare(`M${word(25)}.${urlSafe(6)}.${urlSafe(38)}`),
  "Discord webhook": named(urlSafe(68), `https://discord.com/api/webhooks/${filler(18, DIGITS)}/@`),
  "Telegram bot token": bare(`${filler(9, "123456789")}:AA${urlSafe(33)}`),
  "DigitalOcean token": bare(`dop_v1_${hex(64)}`),
  "Shopify token": bare(`shpat_${hex(32)}`),
  "Square token": bare(`sq0atp-${urlSafe(22)}`),
  "Heroku key": bare(`HRKU-${hex(8)}-${hex(4)}-${hex(4, 2)}-${hex(4, 3)}-${hex(12)}`),
  "Cloudflare origin key": bare(`v1.0-${hex(24)}-${hex(146)}`),
  "Databricks token": bare(`dapi${hex(32)}`),
  "Docker Hub token": bare(`dckr_pat_${urlSafe(27)}`),
  "Linear key": bare(`lin_api_${word(40)}`),
  "Notion token": bare(`ntn_${word(46)}`),
  "Figma token": bare(`figd_${urlSafe(40)}`),
  "Postman key": bare(`PMAK-${hex(24)}-${hex(34)}`),
  "New Relic key": bare(`NRAK-${filler(27, UPPER + DIGITS)}`),
  "Grafana token": bare(`glsa_${word(32)}_${hex(8)}`),
  "Sentry token": bare(`sntrys_${base64(120)}`),
  "Vault token": bare(`hvs.${urlSafe(95)}`),
  "Terraform Cloud token": bare(`${word(14)}.atlasv1.${urlSafe(67)}`),
  "Pulumi token": bare(`pul-${hex(40)}`),
  "PlanetScale token": bare(`pscale_tkn_${urlSafe(43)}`),
  "Supabase token": bare(`sbp_${hex(40)}`),
  "Doppler token": bare(`dp.pt.${word(43)}`),
  "age key": bare(`AGE-SECRET-KEY-1${filler(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`),
  "RubyGems key": bare(`rubygems_${hex(48)}`),
  "crates.io token": bare(`cio${word(32)}`),
  "Airtable token": bare(`pat${word(14)}.${hex(64)}`),
  "Groq key": bare(`gsk_${word(52)}`),
  "xAI key": bare(`xai-${word(80)}`),
  "Replicate token": bare(`r8_${word(37)}`),
  "Perplexity key": bare(`pplx-${word(48)}`),
  "Fireworks key": bare(`fw_${word(24)}`),
  "LangSmith key": bare(`lsv2_pt_${hex(32)}_${hex(10)}`),
  "Tailscale key": bare(`tskey-auth-${word(17)}-${word(32)}`),
  "Fly.io token": bare(`FlyV1 fm2_${base64(120)}`),
};

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

/** The contexts of a secret. */
export const PLACES: Record<string, (text: string) => string> = {
  prompt: (text) => `please use ${text} for this, it is the one I told you about`,
  command: (text) => `deploy --env production '${text}' && echo done`,
  output: (text) => `\u001b[32mINFO\u001b[0m loaded configuration\n${text}\nstarted in 12 ms\n`,
  diff: (text) =>
    `@@ -1,2 +1,3 @@\n import os\n${text
      .split("\n")
      .map((line) => `+${line}`)
      .join("\n")}\n # end`,
  URL: (text) =>
    text.includes("://") ? text : `https://api.example.com/v1/items?page=2&key=${encodeURIComponent(text)}`,
  JSON: (text) => `{"id": 7, "body": "${escaped(text)}", "ok": true}`,
};
