// Who a process is, so that another one can tell later whether it still lives: a pid alone is used again.
import { hostname } from "node:os";
import { hasCode } from "./errors.ts";
import { sha256 } from "./hash.ts";
import { linkOf, statusOf, textOf } from "./proc.ts";
import { randomHex } from "./random.ts";
import { run } from "./spawn.ts";

export interface ProcessIdentity {
  pid: number;
  /** When the process started: clock ticks since boot on Linux, else seconds since 1970; 0 where unknown. */
  start: number;
  /** The machine, hashed: no host name is stored. */
  host: string;
  /** This start of the machine, hashed; where the system does not tell one from another, the machine. */
  boot: string;
  /** The pid namespace (a container has its own), 0 where there are none. */
  namespace: number;
  /** Tells two holders within one process apart. */
  token: string;
}

/** `unknown`: on another machine or in another container, where we cannot look. */
export type Liveness = "alive" | "stopped" | "gone" | "unknown";

const NAME =
  /^(?<pid>[1-9]\d{0,9})-(?<start>\d{1,15})-(?<host>[0-9a-f]{12})-(?<boot>[0-9a-f]{12})-(?<namespace>\d{1,12})-(?<token>[0-9a-f]{16})$/;

/** This process, with a fresh token. */
export async function identifySelf(): Promise<ProcessIdentity> {
  return { ...(await describeOnce()), token: randomHex(8) };
}

/** A process of ours that runs beside this one. */
export async function identifyChild(pid: number): Promise<ProcessIdentity> {
  return { ...(await identifySelf()), pid, start: (await inspect(pid)).start };
}

/** An identity as a file name. */
export function formatIdentity({ pid, start, host, boot, namespace, token }: ProcessIdentity): string {
  return [pid, start, host, boot, namespace, token].join("-");
}

/** The identity a file name holds; null when it holds none. */
export function parseIdentity(name: string): ProcessIdentity | null {
  const fields = NAME.exec(name)?.groups;
  if (fields === undefined) return null;
  const { pid, start, host = "", boot = "", namespace, token = "" } = fields;
  return { pid: Number(pid), start: Number(start), host, boot, namespace: Number(namespace), token };
}

/** Whether a process still lives. What cannot be found out counts as alive or unknown, never as gone. */
export async function liveness(other: ProcessIdentity): Promise<Liveness> {
  if (await isSurelyGone(other)) return "gone";
  const self = await describeOnce();
  if (other.boot !== self.boot || other.namespace !== self.namespace) return "unknown";
  const { state, start } = await inspect(other.pid);
  if (state === "Z" || state === "X") return "gone";
  if (start !== 0 && other.start !== 0 && start !== other.start) return "gone";
  return state === "T" ? "stopped" : "alive";
}

/** The part of `liveness` that costs no child process on any system: a pid used again counts as living. */
export async function isSurelyGone(other: ProcessIdentity): Promise<boolean> {
  return isGoneFrom(await describeOnce(), other);
}

/** The same without waiting; false as long as it is not known who we are. */
export function isGoneAtHand(other: ProcessIdentity): boolean {
  const self = identityAtHand();
  return self !== null && isGoneFrom(self, other);
}

function isGoneFrom(self: Own, other: ProcessIdentity): boolean {
  // One start of a machine is one machine, also when its name changed since: laptops and containers get new ones.
  if (other.boot !== self.boot) return other.host === self.host;
  return other.namespace === self.namespace && !exists(other.pid);
}

/** Whether a process of ours was stopped, by itself or by another. */
export async function isStopped(pid: number): Promise<boolean> {
  return (await inspect(pid)).state === "T";
}

type Own = Omit<ProcessIdentity, "token">;

let own: Promise<Own> | undefined;
let known: Own | undefined;

function describeOnce(): Promise<Own> {
  own ??= describeSelf().then((self) => {
    known = self;
    return self;
  });
  return own;
}

/** This process, where that is known without asking another one for it: on Linux always, elsewhere once it was asked. */
export function identityAtHand(): ProcessIdentity | null {
  known ??= readSelf() ?? undefined;
  return known === undefined ? null : { ...known, token: randomHex(8) };
}

async function describeSelf(): Promise<Own> {
  const self = readSelf();
  if (self !== null) return self;
  const [{ start }, boot, hardware] = await Promise.all([
    inspect(process.pid),
    query(["sysctl", "-n", "kern.bootsessionuuid"]),
    query(["ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]),
  ]);
  return describe(start, boot, /"IOPlatformUUID" = "([\w-]+)"/.exec(hardware)?.[1] ?? "");
}

/** What `/proc` tells of this process; null where there is none. */
function readSelf(): Own | null {
  const status = statusOf(process.pid);
  const boot = textOf("/proc/sys/kernel/random/boot_id").trim();
  if (status === null || boot === "") return null;
  return describe(Number(status.start) || 0, boot, textOf("/etc/machine-id").trim());
}

/** Names are not enough to tell machines apart: every other Mac is called the same. */
function describe(start: number, boot: string, machine: string): Own {
  const host = `${hostname()}\0${machine}`;
  return {
    pid: process.pid,
    start,
    host: shortHash(host),
    boot: shortHash(boot || host),
    namespace: Number(/\d+/.exec(linkOf("/proc/self/ns/pid") ?? "")?.[0] ?? 0),
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return !hasCode(error, "ESRCH");
  }
}

/** State letter and start of a process; empty and 0 where the system does not tell. */
async function inspect(pid: number): Promise<{ state: string; start: number }> {
  const status = statusOf(pid);
  if (status !== null) return { state: status.state, start: Number(status.start) || 0 };
  const line = await query(["ps", "-o", "stat=", "-o", "lstart=", "-p", String(pid)]);
  const [, state = "", started = ""] = /^\s*(\S)\S*\s+(.+?)\s*$/.exec(line) ?? [];
  return { state, start: Math.floor(Date.parse(`${started} UTC`) / 1000) || 0 };
}

/** What a system tool prints; empty where there is no such tool. */
async function query(argv: readonly [string, ...string[]]): Promise<string> {
  const path = process.env.PATH ?? "";
  const { stdout } = await run(argv, { env: { PATH: path, LC_ALL: "C", TZ: "UTC0" }, maxOutputBytes: 64 * 1024 });
  return stdout.trim();
}

function shortHash(text: string): string {
  return sha256(text).slice(0, 12);
}
