/**
 * Reads the newest records of a recording, which the system does not have yet.
 * Everything is copied before a call returns: a block is filled anew as soon as
 * it has been written.
 */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { RECORD_HEADER_BYTES } from '../../shared/record.ts';
import type { ScanInput } from '../recording.ts';
import type { BlockBuffer } from './block-buffer.ts';
import type { RowWriter } from './row-writer.ts';

export class MemoryTail {
  readonly #blocks: () => readonly BlockBuffer[];

  /** @param blocks not empty ones, oldest first, with records that follow one another */
  constructor(blocks: () => readonly BlockBuffer[]) {
    this.#blocks = blocks;
  }

  /** Adds rows `from` to `end - 1`, as far as they are here. */
  rows(from: number, end: number, preview: number, out: RowWriter): void {
    if (from >= end) return;
    for (const block of this.#blocks()) {
      if (block.end <= from || block.first >= end) continue;
      let offset = block.offsetOf(Math.max(from, block.first));
      for (let left = Math.min(end, block.end) - Math.max(from, block.first); left > 0; left -= 1) {
        out.addRecord(block.bytes, block.view, offset, preview);
        offset += block.sizeAt(offset);
      }
    }
  }

  /** Adds the rows with these ascending numbers, as far as they are here. */
  pick(seqs: readonly number[], preview: number, out: RowWriter): void {
    const blocks = this.#blocks();
    let at = 0;
    for (const seq of seqs) {
      while ((blocks[at]?.end ?? Infinity) <= seq) at += 1;
      const block = blocks[at];
      if (block === undefined || block.first > seq) continue;
      out.addRecord(block.bytes, block.view, block.offsetOf(seq), preview);
    }
  }

  payload(seq: number, offset: number, length: number): Outcome<{ total: number; bytes: Uint8Array }> {
    const block = this.#blockOf(seq);
    if (block === undefined) return failure('not-found', `There is no record ${seq}.`);
    const place = block.offsetOf(seq);
    const total = block.view.getUint32(place + 32, true);
    const start = place + RECORD_HEADER_BYTES + block.view.getUint32(place + 28, true);
    const from = Math.min(offset, total);
    return success({ total, bytes: block.bytes.slice(start + from, start + Math.min(from + length, total)) });
  }

  /** `seq` of the first record at or after `time`; null when all are before it. */
  seqAt(time: number): number | null {
    for (const block of this.#blocks()) if (block.lastTime >= time) return block.seqAt(time);
    return null;
  }

  scan(from: number): ScanInput | null {
    const block = this.#blockOf(from);
    if (block === undefined) return null;
    const bytes = new Uint8Array(block.bytes.subarray(block.offsetOf(from), block.used));
    return { type: 'bytes', first: from, count: block.end - from, bytes };
  }

  #blockOf(seq: number): BlockBuffer | undefined {
    return this.#blocks().find((block) => block.first <= seq && seq < block.end);
  }
}
