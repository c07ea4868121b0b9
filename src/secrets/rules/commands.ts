// Secrets that programs take as arguments without a name that says so.
import type { SecretRule } from "./rule.ts";

export const COMMAND_RULES: readonly SecretRule[] = [
  {
    kind: "password",
    begins: ["curl", "wget", "http"],
    pattern:
      /(?<keep>\b(?:curl|wget|http)\b[^\n|;&]{0,300}?\s(?:-u|--user|--proxy-user)[ =]["']?[^\s:"'$]{1,100}:)(?![$[])[^\s"']{1,256}/y,
  },
  { kind: "password", begins: ["sshpass"], pattern: /(?<keep>\bsshpass\s{1,4}-p\s{0,4}["']?)(?![$[])[^\s"']{1,256}/y },
  {
    kind: "password",
    begins: ["docker login", "podman login"],
    pattern: /(?<keep>\b(?:docker|podman) login\b[^\n|;&]{0,200}?\s-p[ =]["']?)(?![$[-])[^\s"']{4,256}/y,
  },
  {
    // The value directly follows the flag: `-pword`.
    kind: "password",
    begins: ["mysql", "mariadb"],
    pattern: /(?<keep>\b(?:mysql|mariadb)(?:dump|admin)?\b[^\n|;&]{0,200}?\s-p["']?)(?![$[-])[^\s"']{4,256}/y,
  },
  {
    kind: "password",
    begins: ["redis-cli"],
    pattern: /(?<keep>\bredis-cli\b[^\n|;&]{0,200}?\s-a[ =]["']?)(?![$[-])[^\s"']{4,256}/y,
  },
  {
    // `aws configure set`, a Dockerfile's `ENV`.
    kind: "aws-secret-key",
    begins: ["aws_secret_access_key ", "aws_session_token "],
    pattern: /(?<keep>aws_(?:secret_access_key|session_token) {1,4}["']?)[A-Za-z0-9/+]{40,4000}={0,2}/iy,
  },
];
