// Every command, with what it is for. Loaders are lazy, so that a command pays only for itself; a Map, because
// `ctx toString` must find nothing inherited.
import type { Command } from "./command.ts";

interface Leaf {
  summary: string;
  load: () => Promise<{ default: Command }>;
  /** It ends in a run of a tool: what follows `--` is the tool's, and so are signals. */
  wraps?: boolean;
}

/** Commands under one name; it has nothing to run itself. */
export interface Group {
  summary: string;
  /** What its page says besides, in a line at its end. */
  note?: string;
  commands: Registry;
}

export type Registered = Leaf | Group;
export type Registry = ReadonlyMap<string, Registered>;

export const registry: Registry = new Map<string, Registered>([
  [
    "archive",
    {
      summary: "make one page that lists every session of this repository",
      load: () => import("./commands/archive.ts"),
    },
  ],
  [
    "changelog",
    {
      summary: "the changelog of this repository",
      commands: new Map<string, Registered>([
        [
          "backfill",
          {
            summary: "record every run in the session directories that has no entry, or none that a model saw",
            load: () => import("./commands/changelog-backfill.ts"),
          },
        ],
        [
          "sync",
          {
            summary: "record runs straight from the tools' own logs, each in the repository it belongs to",
            load: () => import("./commands/changelog-sync.ts"),
          },
        ],
      ]),
    },
  ],
  [
    "config",
    {
      summary: "settings and where each comes from",
      commands: new Map<string, Registered>([
        [
          "show",
          { summary: "print every setting and where it comes from", load: () => import("./commands/config-show.ts") },
        ],
      ]),
    },
  ],
  [
    "export-latest",
    {
      summary: "keep the newest run: copy its native log and record a changelog entry",
      load: () => import("./commands/export-latest.ts"),
    },
  ],
  [
    "find-source",
    {
      summary: "print the path of the native log of a run",
      load: () => import("./commands/find-source.ts"),
    },
  ],
  [
    "json",
    {
      summary: "make a native log readable: pages of a session, without a changelog entry",
      load: () => import("./commands/json.ts"),
    },
  ],
  [
    "open",
    {
      summary: "show the transcript of a session of this repository in the browser",
      load: () => import("./commands/open.ts"),
    },
  ],
  [
    "recover",
    {
      summary: "finish the runs that a crash or a closed terminal left unfinished",
      load: () => import("./commands/recover.ts"),
    },
  ],
  [
    "resume",
    {
      summary: "pick a session of this repository and go on with it",
      load: () => import("./commands/resume.ts"),
      wraps: true,
    },
  ],
  [
    "scan",
    {
      summary: "look for secrets in entries, transcripts, logs or any text; ends with 1 where there are any",
      load: () => import("./commands/scan.ts"),
    },
  ],
]);
