// Ctrl-C, SIGTERM and SIGHUP. A child in its own process group does not receive them, so it is stopped here; the code
// that waits for it can then clean up: return a refreshed login, or record the entry without a model.
import { stopChildren } from "../system/spawn.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption {
  /** The signal that asked the program to end; null when none did. */
  readonly signal: NodeJS.Signals | null;
  /** Set by code that checks `signal` between its steps and then stops by itself. */
  isAwaited?: boolean;
}

/**
 * Watches for signals.
 * - The first signal stops running children, if there are any, and the program continues to its end.
 * - If `isAwaited` is set, the program also continues after the first signal.
 * - In every other case, and at the second signal, the program ends by the signal.
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
