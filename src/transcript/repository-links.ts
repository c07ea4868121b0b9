// Links to the repository and its commits, where it lives on GitHub or GitLab.
import { pageOfRemote } from "../system/repository-address.ts";

export interface RepositoryLinks {
  /** `owner/name`. */
  name: string;
  url: string;
  commit(hash: string): string;
}

/** The links for a remote's address; null where the host is none we know the addresses of. */
export function linksOfRemote(remote: string): RepositoryLinks | null {
  const page = pageOfRemote(remote);
  if (page === null) return null;
  const { name, url, isGitlab } = page;
  return { name, url, commit: (hash) => `${url}${isGitlab ? "/-" : ""}/commit/${hash}` };
}

/** The links of the first address that has any. */
export function linksOfFirst(remotes: readonly (string | null)[]): RepositoryLinks | null {
  for (const remote of remotes) {
    const links = linksOfRemote(remote ?? "");
    if (links !== null) return links;
  }
  return null;
}
