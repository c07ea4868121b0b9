/** What `--no-redact` is answered with. Whether there are any secrets nobody looked: that would be the untrue part. */
export const SECRETS_KEPT = "no secrets were taken out of the pages: do not share them";
