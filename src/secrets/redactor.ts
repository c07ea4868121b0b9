// The secrets of one session: what was seen once as a secret is taken out everywhere, also where it stands bare. The
// values are in memory only, and never longer than the session is read.
import { KnownValues } from "./known-values.ts";
import { type Redacted, redactDeepBy, redactSecrets } from "./redact.ts";
import type { Found } from "./replace-secrets.ts";
import { worthRemembering } from "./worth-remembering.ts";

export class Redactor {
  readonly #known: KnownValues;
  readonly #remember: Found = (kind, secret) => {
    for (const value of worthRemembering(kind, secret)) this.#known.add(kind, value);
  };

  /** It begins with what another one knows; what either meets later is its own. */
  constructor(before: Redactor | null = null) {
    this.#known = new KnownValues(before === null ? null : before.#known);
  }

  /** How many values are looked for. */
  get size(): number {
    return this.#known.size;
  }

  /** Looks for secrets and remembers them. The data of an image is no text. */
  learn(value: unknown): void {
    const look = (text: string) => (text.startsWith("data:") ? null : redactSecrets(text, this.#remember));
    redactDeepBy(value, look, this.#remember);
  }

  /** What `redact` gives, without the secrets of the session. */
  redact(text: string): Redacted {
    return this.#redact(text) ?? { text, count: 0 };
  }

  /** What `redactDeep` gives, without the secrets of the session. */
  redactDeep<T>(value: T): { value: T; count: number } {
    return redactDeepBy(value, (text) => this.#redact(text), this.#remember);
  }

  #redact(text: string): Redacted | null {
    const done = redactSecrets(text, this.#remember);
    if (this.#known.size === 0) return done;
    const bare = this.#known.replace(done?.text ?? text);
    return bare.count === 0 ? done : { text: bare.text, count: (done?.count ?? 0) + bare.count };
  }
}
