/** The web page of a repository. */
export interface RepositoryAddress {
  /** `owner/name`. */
  name: string;
  url: string;
  isGitlab: boolean;
}

const REMOTE =
  /^(?:https?:\/\/(?:[^@/\s]+@)?|ssh:\/\/(?:[^@/\s]+@)?|git:\/\/|[\w.-]+@)([\w.-]+)(?::\d+)?[/:]([\w./~-]+?)(?:\.git)?\/?$/;

/** The web page of a git remote, without credentials; null for hosts other than GitHub and GitLab. */
export function webPageOfRemote(remote: string): RepositoryAddress | null {
  const [, host = "", name = ""] = REMOTE.exec(remote.trim()) ?? [];
  const isGitlab = /(^|\.)gitlab\./i.test(host);
  if (!name.includes("/") || !(isGitlab || /(^|\.)github\./i.test(host))) return null;
  return { name, url: `https://${host}/${name}`, isGitlab };
}
