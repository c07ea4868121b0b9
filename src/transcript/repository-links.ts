// Links to the repository and its commits, where it lives on GitHub or GitLab.

export interface RepositoryLinks {
  /** `owner/name`. */
  name: string;
  url: string;
  commit(hash: string): string;
}

const REMOTE =
  /^(?:https?:\/\/(?:[^@/\s]+@)?|ssh:\/\/(?:[^@/\s]+@)?|git:\/\/|[\w.-]+@)([\w.-]+)(?::\d+)?[/:]([\w./~-]+?)(?:\.git)?\/?$/;

/** The links for a remote's address; null where the host is none we know the addresses of. */
export function linksOfRemote(remote: string): RepositoryLinks | null {
  const [, host = "", name = ""] = REMOTE.exec(remote.trim()) ?? [];
  const isGitlab = /(^|\.)gitlab\./i.test(host);
  if (!name.includes("/") || !(isGitlab || /(^|\.)github\./i.test(host))) return null;
  const url = `https://${host}/${name}`;
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
