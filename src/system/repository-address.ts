/** Where a repository can be looked at. */
export interface RepositoryAddress {
  /** `owner/name`. */
  name: string;
  url: string;
  isGitlab: boolean;
}

const REMOTE =
  /^(?:https?:\/\/(?:[^@/\s]+@)?|ssh:\/\/(?:[^@/\s]+@)?|git:\/\/|[\w.-]+@)([\w.-]+)(?::\d+)?[/:]([\w./~-]+?)(?:\.git)?\/?$/;

/** The page of a remote, without a password it may hold; null where the host is none we know the addresses of. */
export function pageOfRemote(remote: string): RepositoryAddress | null {
  const [, host = "", name = ""] = REMOTE.exec(remote.trim()) ?? [];
  const isGitlab = /(^|\.)gitlab\./i.test(host);
  if (!name.includes("/") || !(isGitlab || /(^|\.)github\./i.test(host))) return null;
  return { name, url: `https://${host}/${name}`, isGitlab };
}
