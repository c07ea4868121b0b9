// Redacts one session: a value that was recognized as a secret once is redacted everywhere, also without its context.
// The values are held in memory only, while the session is read.
import { KnownValues } from "./known-values.ts";
import { valuesToPropagate } from "./propagation.ts";
import { type Redacted, redactDeepBy, redactSecrets } from "./redact.ts";
import type { SecretHandler } from "./replace-secrets.ts";

export class Redactor {
  readonly #known: KnownValues;
  readonly #remember: SecretHandler = (kind, secret) => {
    for (const value of valuesToPropagate(kind, secret)) this.#known.add(kind, value);
  };

  /** Starts with a copy of the values that another redactor knows. */
  constructor(other: Redactor | null = null) {
    this.#known = new KnownValues(other === null ? null : other.#known);
  }

  /** The number of known values. */
  get size(): number {
    return this.#known.size;
  }

  /** Finds secrets and remembers them. Skips `data:` URLs, which hold images. */
  learn(value: unknown): void {
    const look = (text: string) => (text.startsWith("data:") ? null : redactSecrets(text, this.#remember));
    redactDeepBy(value, look, this.#remember);
  }

  /** Like `redact`, and also replaces the known secrets of the session. */
  redact(text: string): Redacted {
    return this.#redact(text) ?? { text, count: 0 };
  }

  /** Like `redactDeep`, and also replaces the known secrets of the session. */
  redactDeep<T>(value: T): { value: T; count: number } {
    return redactDeepBy(value, (text) => this.#redact(text), this.#remember);
  }

  #redact(text: string): Redacted | null {
    const redacted = redactSecrets(text, this.#remember);
    if (this.#known.size === 0) return redacted;
    const known = this.#known.replace(redacted?.text ?? text);
    return known.count === 0 ? redacted : { text: known.text, count: (redacted?.count ?? 0) + known.count };
  }
}
