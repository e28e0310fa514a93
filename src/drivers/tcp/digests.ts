/** SHA-256 of a connection's bytes as they pass, each direction for itself. */
import { createHash } from 'node:crypto';
import type { Facts } from '../driver.ts';

export class Digests {
  readonly #in = createHash('sha256');
  readonly #out = createHash('sha256');

  received(bytes: Uint8Array): void {
    this.#in.update(bytes);
  }

  sent(bytes: Uint8Array): void {
    this.#out.update(bytes);
  }

  /** Up to now, as hex. From copies, because a digest ends a hash. */
  facts(): Facts {
    return { sha256In: this.#in.copy().digest('hex'), sha256Out: this.#out.copy().digest('hex') };
  }
}
