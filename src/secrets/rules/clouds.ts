// Keys of cloud providers and of hosting and deployment services.
import { END, prefixed, type SecretRule, token, tokenAround } from "./rule.ts";

const HEX_DIGITS = "0123456789abcdef";

export const CLOUD_RULES: readonly SecretRule[] = [
  token("aws-access-key", "akia asia abia acca", `(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}${END}`),
  // Temporary credentials, which begin with their region.
  token(
    "aws-session-token",
    "iqojb3jpz2lux fwogzxivyxdz",
    "(?:IQoJb3JpZ2lux|FwoGZXIvYXdz)[A-Za-z0-9+/]{60,4000}={0,2}",
  ),
  token("aws-bedrock-key", "absk", "ABSK[A-Za-z0-9+/]{100,300}={0,2}"),
  token("aws-bedrock-key", "bedrock-api-key-", "bedrock-api-key-[A-Za-z0-9+/]{40,4000}={0,2}"),
  token("google-api-key", "aiza", "AIza[A-Za-z0-9_-]{35}"),
  token("google-token", "ya29. gocspx-", "(?:ya29\\.[A-Za-z0-9_-]{20,1000}|GOCSPX-[A-Za-z0-9_-]{20,60})"),
  token("google-token", "1//0", "1//0[A-Za-z0-9_-]{40,200}"),
  // Azure secrets have no prefix, only a digit and `Q~` at a fixed place.
  tokenAround(
    "azure-secret",
    [...HEX_DIGITS.slice(0, 10)].map((digit) => `${digit}q~`).join(" "),
    "[A-Za-z0-9_~.]{3}",
    "\\dQ~[A-Za-z0-9_~.-]{31,34}",
  ),
  token("alibaba-key", "ltai", `LTAI[A-Za-z0-9]{12,24}${END}`),
  prefixed("digitalocean-token", "[a-f0-9]{64}", "dop_v1_", "doo_v1_", "dor_v1_"),
  token("heroku-key", "hrku-", "HRKU-[A-Za-z0-9_-]{36,80}"),
  token("cloudflare-key", "v1.0-", "v1\\.0-[a-f0-9]{20,30}-[a-f0-9]{120,180}"),
  token("databricks-token", "dapi", `dapi[a-f0-9]{32}(?:-\\d)?${END}`),
  token("docker-token", "dckr_pat_ dckr_oat_", "dckr_[po]at_[A-Za-z0-9_-]{20,60}"),
  token("vault-token", "hvs. hvb. hvr.", "hv[sbr]\\.[A-Za-z0-9_-]{24,400}"),
  tokenAround("terraform-token", ".atlasv1.", "[A-Za-z0-9]{14}", "\\.atlasv1\\.[A-Za-z0-9_=-]{50,80}"),
  prefixed("pulumi-token", `[a-f0-9]{40}${END}`, "pul-"),
  prefixed("planetscale-token", "[A-Za-z0-9_.=-]{32,64}", "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
  prefixed("supabase-token", "[A-Za-z0-9_-]{20,60}", "sbp_", "sb_secret_"),
  token(
    "doppler-token",
    "dp.pt. dp.st. dp.sa. dp.ct. dp.scim. dp.audit.",
    "dp\\.(?:pt|st|sa|ct|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}",
  ),
  token("tailscale-key", "tskey-", "tskey-[a-z]{2,12}-[A-Za-z0-9-]{16,100}"),
  token("fly-token", "flyv1 fm1r_ fm1a_ fm2_ fo1_", "(?:FlyV1 )?(?:fm1[ra]_|fm2_|fo1_)[A-Za-z0-9+/_-]{40,4000}={0,3}"),
  token("netlify-token", "nfp_ nfo_ nfc_ nfu_", "nf[pocu]_[A-Za-z0-9_]{30,60}"),
  token("dynatrace-token", "dt0c01. dt0s01. dt0s16.", "dt0[cs]\\d\\d\\.[A-Z0-9]{8,24}\\.[A-Z0-9]{64}"),
  token("yandex-key", "aqvn", `AQVN[A-Za-z0-9_-]{35,38}${END}`),
];
