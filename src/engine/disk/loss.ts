/** Records that were not taken, until a gap row stands for them. */
import { encodeMeta, type Meta } from '../../shared/record.ts';

/** Why records were dropped: the disk was too slow, it refused, or the record was larger than any block. */
export type LossReason = 'disk-behind' | 'disk-error' | 'too-large';

export class Loss {
  #records = 0;
  #bytes = 0;
  #time = 0;
  #reason: LossReason = 'disk-behind';
  #totalRecords = 0;
  #totalBytes = 0;

  /** All that was ever dropped. */
  get totalRecords(): number {
    return this.#totalRecords;
  }

  /** Payload bytes of all that was ever dropped. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Whether a gap row is due. */
  get isPending(): boolean {
    return this.#records > 0;
  }

  /** Time of the last record that was dropped. */
  get time(): number {
    return this.#time;
  }

  add(payloadBytes: number, time: number, reason: LossReason): void {
    // A disk that refuses is slow as well: the worse reason stays.
    if (this.#records === 0 || reason === 'disk-error') this.#reason = reason;
    this.#records += 1;
    this.#bytes += payloadBytes;
    this.#time = time;
    this.#totalRecords += 1;
    this.#totalBytes += payloadBytes;
  }

  /** The meta of the gap row that stands for them all; from here on the count begins anew. */
  take(): Uint8Array {
    const meta: Meta = { count: this.#records, bytes: this.#bytes, reason: this.#reason };
    this.#records = 0;
    this.#bytes = 0;
    return encodeMeta(meta);
  }
}
