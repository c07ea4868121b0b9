// Tokens of code hosting, CI, package registries and monitoring.
import { END, prefixed, type SecretRule, token } from "./rule.ts";

export const CODE_HOSTING_RULES: readonly SecretRule[] = [
  token(
    "github-token",
    "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
    "(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})",
  ),
  token(
    "gitlab-token",
    "glpat- glptt- gldt- glrt- glrtr- glsoat- glcbt- glft- glimt- glagent- gloas- glffct- gr1348941",
    "(?:gl(?:pat|ptt|dt|rt|rtr|soat|cbt|ft|imt|agent|oas|ffct)-[A-Za-z0-9_=.-]{16,300}|GR1348941[A-Za-z0-9_-]{20,50})",
  ),
  token("atlassian-token", "atatt3 atctt3 atsttt3", "(?:ATATT3|ATCTT3|ATSTTT3)[A-Za-z0-9_=-]{60,300}"),
  token("atlassian-token", "atbb", `ATBB[A-Za-z0-9]{32}${END}`),
  token("npm-token", "npm_", `npm_[A-Za-z0-9]{36}${END}`),
  token("pypi-token", "pypi-", "pypi-[A-Za-z0-9_-]{40,1000}"),
  prefixed("ruby-gems-key", `[a-f0-9]{48}${END}`, "rubygems_"),
  token("crates-token", "cio", `cio(?=[A-Za-z]{0,31}\\d)[A-Za-z0-9]{32}${END}`),
  token("nuget-key", "oy2", `oy2[a-z0-9]{43}${END}`),
  token("clojars-token", "clojars_", `CLOJARS_[a-z0-9]{60}${END}`),
  token("artifactory-key", "akcp", `AKCp[A-Za-z0-9]{69,73}${END}`),
  token("buildkite-token", "bkua_", "bkua_[a-f0-9]{40}"),
  token("circleci-token", "ccipat_", "CCIPAT_[A-Za-z0-9_-]{40,80}"),
  token("sonar-token", "squ_ sqp_ sqa_", `sq[upa]_[a-f0-9]{40}${END}`),
  token("sourcegraph-token", "sgp_", "sgp_(?:[a-zA-Z0-9]{16}_|local_)?[a-f0-9]{40}"),
  token("sentry-token", "sntrys_ sntryu_", "sntry[su]_[A-Za-z0-9+/=_]{40,400}"),
  token("new-relic-key", "nrak- nrii- nrjs- nraa-", "NR(?:AK|II|JS|AA)-[A-Za-z0-9_-]{19,40}"),
  token("grafana-token", "glsa_ glc_", "(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2})"),
  token("postman-key", "pmak-", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
  token("age-key", "age-secret-key-1", `AGE-SECRET-KEY-1[A-Z0-9]{50,64}${END}`),
  token("jwt", "eyj", "eyJ[A-Za-z0-9_-]{8,8000}\\.eyJ[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,8000})?"),
];
