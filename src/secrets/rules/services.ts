// Keys of messaging, payment, mail and content services.
import { looksRandom } from "../entropy.ts";
import { END, prefixed, type SecretRule, token, tokenAround } from "./rule.ts";

const HEX_DIGITS = "0123456789abcdef";

export const SERVICE_RULES: readonly SecretRule[] = [
  token("slack-token", "xox xapp-", "(?:xox[abceoprs](?:\\.xox[bp])?|xapp)-[A-Za-z0-9-]{10,300}"),
  token(
    "stripe-key",
    "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_",
    "(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{20,255})",
  ),
  token("sendgrid-key", "sg.", "SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}"),
  token("twilio-key", [...HEX_DIGITS].map((digit) => `sk${digit}`).join(" "), `SK[a-f0-9]{32}${END}`),
  token("mailgun-key", "key-", `key-[a-f0-9]{32}${END}`),
  tokenAround("mailchimp-key", "-us", "[a-f0-9]{32}", `-us\\d{1,2}${END}`),
  {
    // Recognizable only by its three parts: user, time and signature.
    ...tokenAround(
      "discord-token",
      ".??????.",
      "[MNO][A-Za-z0-9_-]{23,27}",
      "\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}",
    ),
    accepts: looksRandom,
  },
  tokenAround("telegram-token", ":aa", "\\d{8,10}", `:AA[A-Za-z0-9_-]{33}${END}`),
  prefixed("shopify-token", `[a-fA-F0-9]{32}${END}`, "shpat_", "shpca_", "shppa_", "shpss_", "shpua_"),
  token(
    "square-token",
    "sq0atp- sq0csp- sq0idp- eaaa",
    "(?:sq0[a-z]{3}-[A-Za-z0-9_-]{22,50}|EAAA[A-Za-z0-9_-]{60,64})",
  ),
  token("linear-key", "lin_api_ lin_oauth_", "lin_(?:api|oauth)_[A-Za-z0-9]{32,80}"),
  token("notion-token", "ntn_ secret_", `(?:ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43})${END}`),
  token("figma-token", "figd_ figo_ figu_", "fig[dou]_[A-Za-z0-9_-]{36,60}"),
  token("airtable-token", "pat", `pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}${END}`),
  token("contentful-token", "cfpat-", "CFPAT-[A-Za-z0-9_-]{40,60}"),
  token("facebook-token", "eaac eaab eaag", "EAA[CBG][A-Za-z0-9]{80,300}"),
  token("dropbox-token", "sl.", "sl\\.(?:u\\.)?[A-Za-z0-9_-]{100,1300}"),
  token("typeform-token", "tfp_", "tfp_[A-Za-z0-9_.=-]{40,80}"),
  token("easypost-key", "ezak ezat", `EZ[AT]K[A-Za-z0-9]{54}${END}`),
  token("shippo-token", "shippo_live_ shippo_test_", "shippo_(?:live|test)_[a-f0-9]{40}"),
  token("readme-key", "rdme_", `rdme_[a-z0-9]{70}${END}`),
  token("duffel-token", "duffel_live_ duffel_test_", "duffel_(?:live|test)_[A-Za-z0-9_=-]{43}"),
  token("flutterwave-key", "flwseck", "FLWSECK(?:_TEST)?-[a-zA-Z0-9]{12,64}-X"),
  token("resend-key", "re_", `re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}${END}`),
  token("posthog-key", "phx_", `phx_[A-Za-z0-9]{40,60}${END}`),
  token("adafruit-key", "aio_", `aio_[A-Za-z0-9]{28}${END}`),
  token("braintree-token", "access_token$", "access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}"),
  token("amazon-mws-token", "amzn.mws.", "amzn\\.mws\\.[a-f0-9-]{36}"),
  prefixed("sendinblue-key", "[a-f0-9]{64}-[A-Za-z0-9]{16}", "xkeysib-", "xsmtpsib-"),
];
