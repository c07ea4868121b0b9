// Ctrl-C and its kin: a child in a process group of its own does not hear them, so it is ended here, and what waits
// for it gets to put things in order: a refreshed login goes back, the entry is recorded without a model.
import { stopChildren } from "../system/spawn.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption {
  /** The signal the program is ending by; null when none came. */
  readonly signal: NodeJS.Signals | null;
  /** Set by who looks at `signal` between its steps and ends in order by itself. */
  isAwaited?: boolean;
}

/**
 * Watches for signals. One that finds a running child ends that, and the program goes on to its end, as it does where
 * the signal is awaited; else, and the second time, it ends the program as if nobody had watched.
 */
export function watchSignals(): Interruption {
  const interruption: { signal: NodeJS.Signals | null; isAwaited?: boolean } = { signal: null };
  const onSignal = (signal: NodeJS.Signals) => {
    const first = interruption.signal === null;
    interruption.signal = signal;
    if (first && (stopChildren() > 0 || interruption.isAwaited)) return;
    for (const name of SIGNALS) process.removeListener(name, onSignal);
    process.kill(process.pid, signal);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return interruption;
}
