// The types of conventional commits that the commits and files of a run show.
import type { Evidence } from "../../evidence/evidence.ts";
import { TAGS, type Tag } from "../description.ts";
import { allPaths } from "./sentences.ts";

const SUBJECT = /^(?<type>[a-z]+)(?:\([^)]{1,60}\))?!?:\s+(?<rest>\S.*)$/i;

/** A run gets the tag of a kind of file if all its files are of that kind. */
const FILE_KINDS: readonly [Tag, RegExp][] = [
  ["docs", /(?:^|\/)docs?\/|\.(?:md|mdx|rst|adoc)$/i],
  ["test", /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.[a-z]+$|(?:^|\/)test_[^/]+\.py$/i],
  ["ci", /^\.github\/workflows\/|^\.gitlab-ci\.yml$|^\.circleci\//],
  [
    "build",
    /(?:^|\/)(?:package(?:-lock)?\.json|bun\.lockb?|yarn\.lock|pnpm-lock\.yaml|Cargo\.(?:toml|lock)|go\.(?:mod|sum)|Makefile|Dockerfile)$/,
  ],
];

export function tagsOf({ commits, touchedFiles }: Pick<Evidence, "commits" | "touchedFiles">): Tag[] {
  const found = new Set(commits.map(({ message }) => typeOf(message)));
  const paths = allPaths(touchedFiles);
  for (const [tag, pattern] of FILE_KINDS) {
    if (paths.length > 0 && paths.every((path) => pattern.test(path))) found.add(tag);
  }
  return TAGS.filter((tag) => found.has(tag));
}

/** A commit's subject without its type and scope. */
export function withoutType(subject: string): string {
  const { type, rest } = SUBJECT.exec(subject)?.groups ?? {};
  return type !== undefined && rest !== undefined && isTag(type.toLowerCase()) ? rest : subject;
}

function typeOf(subject: string): string | undefined {
  return /^revert "/i.test(subject) ? "revert" : SUBJECT.exec(subject)?.groups?.type?.toLowerCase();
}

function isTag(type: string): boolean {
  return TAGS.some((tag) => tag === type);
}
