// Identifies a process, so that another one can tell later whether it still runs: a pid alone is reused.
import { hostname } from "node:os";
import { randomHex, sha256 } from "./crypto.ts";
import { hasCode } from "./errors.ts";
import { processStatus, readLink, readText } from "./proc.ts";
import { run } from "./spawn.ts";

export interface ProcessIdentity {
  pid: number;
  /** When the process started: clock ticks since boot on Linux, else seconds since 1970; 0 if unknown. */
  start: number;
  /** The machine, hashed: no host name is stored. */
  host: string;
  /** A hash that changes with each boot. Without a boot id, a hash of the machine only. */
  boot: string;
  /** The pid namespace (a container has its own), 0 if there are none. */
  namespace: number;
  /** Distinguishes two identities of one process. */
  token: string;
}

/** `unknown`: on another machine or in another container. */
export type Liveness = "alive" | "stopped" | "gone" | "unknown";

const NAME =
  /^(?<pid>[1-9]\d{0,9})-(?<start>\d{1,15})-(?<host>[0-9a-f]{12})-(?<boot>[0-9a-f]{12})-(?<namespace>\d{1,12})-(?<token>[0-9a-f]{16})$/;

/** This process, with a new token. */
export async function identifySelf(): Promise<ProcessIdentity> {
  return { ...(await identifyOnce()), token: randomHex(8) };
}

/** A process on this machine, such as a child. */
export async function identifyChild(pid: number): Promise<ProcessIdentity> {
  return { ...(await identifySelf()), pid, start: (await stateAndStart(pid)).start };
}

/** An identity as a file name. */
export function formatIdentity({ pid, start, host, boot, namespace, token }: ProcessIdentity): string {
  return [pid, start, host, boot, namespace, token].join("-");
}

/** The identity in a file name; null when it contains none. */
export function parseIdentity(name: string): ProcessIdentity | null {
  const fields = NAME.exec(name)?.groups;
  if (fields === undefined) return null;
  const { pid, start, host = "", boot = "", namespace, token = "" } = fields;
  return { pid: Number(pid), start: Number(start), host, boot, namespace: Number(namespace), token };
}

/** Whether a process still runs. If that cannot be determined, it counts as alive or unknown, never as gone. */
export async function liveness(other: ProcessIdentity): Promise<Liveness> {
  if (await isSurelyGone(other)) return "gone";
  const self = await identifyOnce();
  if (other.boot !== self.boot || other.namespace !== self.namespace) return "unknown";
  const { state, start } = await stateAndStart(other.pid);
  if (state === "Z" || state === "X") return "gone";
  if (start !== 0 && other.start !== 0 && start !== other.start) return "gone";
  return state === "T" ? "stopped" : "alive";
}

/** Whether a process has ended, without starting a child process on any system: a reused pid counts as running. */
export async function isSurelyGone(other: ProcessIdentity): Promise<boolean> {
  return isGoneFrom(await identifyOnce(), other);
}

/** Like `isSurelyGone`, but synchronous; false while the identity of this process is unknown. */
export function isKnownGone(other: ProcessIdentity): boolean {
  const self = knownIdentity();
  return self !== null && isGoneFrom(self, other);
}

function isGoneFrom(self: OwnIdentity, other: ProcessIdentity): boolean {
  // The same boot is the same machine even if its name changed: laptops and containers are renamed.
  if (other.boot !== self.boot) return other.host === self.host;
  return other.namespace === self.namespace && !exists(other.pid);
}

/** Whether a process on this machine is stopped. */
export async function isStopped(pid: number): Promise<boolean> {
  return (await stateAndStart(pid)).state === "T";
}

type OwnIdentity = Omit<ProcessIdentity, "token">;

let own: Promise<OwnIdentity> | undefined;
let known: OwnIdentity | undefined;

function identifyOnce(): Promise<OwnIdentity> {
  own ??= describeSelf().then((self) => {
    known = self;
    return self;
  });
  return own;
}

/** This process, if that is known without a child process: always on Linux, elsewhere after `identifySelf`. */
export function knownIdentity(): ProcessIdentity | null {
  known ??= readSelf() ?? undefined;
  return known === undefined ? null : { ...known, token: randomHex(8) };
}

async function describeSelf(): Promise<OwnIdentity> {
  const self = readSelf();
  if (self !== null) return self;
  const [{ start }, boot, hardware] = await Promise.all([
    stateAndStart(process.pid),
    toolOutput(["sysctl", "-n", "kern.bootsessionuuid"]),
    toolOutput(["ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]),
  ]);
  return toIdentity(start, boot, /"IOPlatformUUID" = "([\w-]+)"/.exec(hardware)?.[1] ?? "");
}

/** This process as `/proc` describes it; null where there is none. */
function readSelf(): OwnIdentity | null {
  const status = processStatus(process.pid);
  const boot = readText("/proc/sys/kernel/random/boot_id").trim();
  if (status === null || boot === "") return null;
  return toIdentity(Number(status.start) || 0, boot, readText("/etc/machine-id").trim());
}

/** The host name alone does not identify a machine: many Macs have the same one. */
function toIdentity(start: number, boot: string, machine: string): OwnIdentity {
  const host = `${hostname()}\0${machine}`;
  return {
    pid: process.pid,
    start,
    host: shortHash(host),
    boot: shortHash(boot || host),
    namespace: Number(/\d+/.exec(readLink("/proc/self/ns/pid") ?? "")?.[0] ?? 0),
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return !hasCode(error, "ESRCH");
  }
}

/** State letter and start of a process; empty and 0 if unknown. */
async function stateAndStart(pid: number): Promise<{ state: string; start: number }> {
  const status = processStatus(pid);
  if (status !== null) return { state: status.state, start: Number(status.start) || 0 };
  const line = await toolOutput(["ps", "-o", "stat=", "-o", "lstart=", "-p", String(pid)]);
  const [, state = "", started = ""] = /^\s*(\S)\S*\s+(.+?)\s*$/.exec(line) ?? [];
  return { state, start: Math.floor(Date.parse(`${started} UTC`) / 1000) || 0 };
}

/** The output of a system tool; empty if it is missing. */
async function toolOutput(argv: readonly [string, ...string[]]): Promise<string> {
  const path = process.env.PATH ?? "";
  const { stdout } = await run(argv, { env: { PATH: path, LC_ALL: "C", TZ: "UTC0" }, maxOutputBytes: 64 * 1024 });
  return stdout.trim();
}

function shortHash(text: string): string {
  return sha256(text).slice(0, 12);
}
