// The files, commits and commands that a run certainly involved: those in its evidence, its prompts and its calls.
// Outputs and replies prove nothing, except for a file that git tracks.
import type { Digest } from "../../digest/digest.ts";
import type { Evidence } from "../../evidence/evidence.ts";

export interface KnownFacts {
  hasPath(path: string): boolean;
  hasCommit(hash: string): boolean;
  hasRun(command: string): boolean;
}

/** Files that every project has, by the programs that read them without being told to. */
const MANIFESTS: readonly [RegExp, readonly string[]][] = [
  [/\b(?:npm|npx|pnpm|yarn|bunx?|node|deno)\b/, ["package.json", "package-lock.json", "tsconfig.json"]],
  [/\btsc\b/, ["tsconfig.json"]],
  [/\bcargo\b/, ["Cargo.toml", "Cargo.lock"]],
  [/\bgo (?:build|test|mod|run|vet|get)\b/, ["go.mod", "go.sum"]],
  [/\b(?:pip|pytest|python\d?|poetry|uv|tox|nox|ruff|mypy)\b/, ["pyproject.toml", "requirements.txt", "setup.py"]],
  [/\b(?:mvn|gradlew?)\b/, ["pom.xml", "build.gradle"]],
  [/\bdocker\b/, ["docker-compose.yml", "compose.yaml"]],
];

/** `tracked`: files of the repository that outputs and replies name. */
export function knownFacts(digest: Digest, evidence: Evidence, tracked: readonly string[]): KnownFacts {
  const commands = digest.timeline.flatMap((item) => ("command" in item ? [item] : []));
  const ran = commands.filter(({ outcome }) => outcome !== "refused").map(({ command }) => command);
  const texts = [
    digest.about.label,
    digest.about.project,
    ...digest.prior_prompts,
    ...digest.timeline.flatMap((item) => {
      if ("prompt" in item) return [item.prompt];
      if ("command" in item) return [item.command];
      if ("edit" in item) return item.edit;
      return "search" in item ? [item.search] : [];
    }),
    ...pathsOf(evidence),
    ...tracked,
    ...evidence.tests.map(({ cmd }) => cmd),
    ...evidence.commits.map(({ message }) => message),
    ...evidence.failedCommands.map(({ command }) => command),
  ];
  const implied = MANIFESTS.flatMap(([program, files]) => (ran.some((one) => program.test(one)) ? files : []));
  // `sed` escapes the slashes of a path.
  const joined = `\n${[...texts, ...implied].join("\n")}\n`;
  const all = `${joined.replaceAll("\\", "/")}${joined.replaceAll("\\/", "/")}`;
  const lower = all.toLowerCase();
  const hashes = [...evidence.commits.map(({ hash }) => hash), ...(lower.match(/(?<!\w)[0-9a-f]{7,64}(?!\w)/g) ?? [])];
  const lines = [...ran, ...evidence.tests.map(({ cmd }) => cmd)].map(oneLine);
  return {
    hasPath: (path) => isNamed(path.toLowerCase(), lower),
    hasCommit: (hash) => hashes.some((known) => known.startsWith(hash) || hash.startsWith(known)),
    hasRun: (command) => lines.some((line) => line.includes(oneLine(command))),
  };
}

function pathsOf({ touchedFiles, failedEdits, namedFiles }: Evidence): string[] {
  const { created, modified, deleted, moved } = touchedFiles;
  return [
    ...[created, modified, deleted, namedFiles].flat(),
    ...moved.flatMap(({ from, to }) => [from, to]),
    ...failedEdits.flatMap(({ paths }) => paths),
  ];
}

/** A path may be given by base name, suffix or folder, or with a placeholder (`src/…/cart.js`, `src/*.js`). */
function isNamed(path: string, texts: string): boolean {
  const whole = path.replace(/^(?:\.{1,2}\/)+/, "").replace(/\/+$/, "");
  if (whole === "" || contains(whole, texts)) return true;
  if (/[*…]|\.\.\.|\$/.test(whole)) {
    const parts = whole.split(/[^/]*(?:[*…$]|\.\.\.)[^/]*/).map((part) => part.replace(/^\/+|\/+$/g, ""));
    return parts.every((part) => part === "" || contains(part, texts));
  }
  // `cart.js/lock.js` are two files.
  const names = whole.split("/");
  return names.every((name) => /\.\w+$/.test(name) && contains(name, texts));
}

/** Whether the texts contain `part` as whole words. */
function contains(part: string, texts: string): boolean {
  for (let at = texts.indexOf(part); at !== -1; at = texts.indexOf(part, at + 1)) {
    if (!/[\w-]/.test(texts[at - 1] ?? "") && !/[\w-]/.test(texts[at + part.length] ?? "")) return true;
  }
  return false;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
