// Links to a repository and its commits on GitHub or GitLab.
import { webPageOfRemote } from "../system/repository-address.ts";
import { type Html, html } from "./html/template.ts";

export interface RepositoryLinks {
  /** `owner/name`. */
  name: string;
  url: string;
  commit(hash: string): string;
}

/** The links for a remote's address; null unless it is on GitHub or GitLab. */
export function linksOfRemote(remote: string): RepositoryLinks | null {
  const page = webPageOfRemote(remote);
  if (page === null) return null;
  const { name, url, isGitlab } = page;
  return { name, url, commit: (hash) => `${url}${isGitlab ? "/-" : ""}/commit/${hash}` };
}

/** The links for the first of the addresses that is on GitHub or GitLab. */
export function linksOfFirst(remotes: readonly (string | null)[]): RepositoryLinks | null {
  for (const remote of remotes) {
    const links = linksOfRemote(remote ?? "");
    if (links !== null) return links;
  }
  return null;
}

/** The short hash of a commit, linked where the repository has a page for it. */
export function commitLink(hash: string, links: RepositoryLinks | null): Html {
  const short = html`<code>${hash.slice(0, 10)}</code>`;
  return links === null ? short : html`<a href="${links.commit(hash)}" rel="noopener noreferrer">${short}</a>`;
}
