/** What a FrameReader tells, one line each, so that two ways of reading the same bytes can be compared. */
import type { Batch } from '../../src/drivers/driver.ts';
import { FrameReader, type FrameReaderOptions, type FrameSink } from '../../src/drivers/websocket/frame-reader.ts';
import { opcodeName, type FrameHead, type Violation } from '../../src/drivers/websocket/frame.ts';

export const asClient: FrameReaderOptions = { expectMasked: false, maxPayload: 0, allowRsv1: false };
export const asServer: FrameReaderOptions = { ...asClient, expectMasked: true };

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** @param text hex digits, with spaces as one likes */
export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

export class FrameEvents implements FrameSink {
  readonly list: string[] = [];

  messages({ bytes, count, kinds, starts, lengths }: Batch): void {
    for (let index = 0; index < count; index += 1) {
      const start = starts[index] ?? NaN;
      const payload = bytes.subarray(start, start + (lengths[index] ?? NaN));
      this.list.push(`${kinds[index] === 0 ? 'text' : 'binary'} ${hex(payload)}`);
    }
  }

  frame(head: FrameHead, payload: Uint8Array): void {
    const { fin, rsv, opcode, length } = head;
    if (length !== payload.length) throw new Error('a frame is not whole');
    this.list.push(`frame ${opcodeName(opcode)}${fin ? ' fin' : ''}${rsv === 0 ? '' : ` rsv${rsv}`} ${hex(payload)}`);
  }

  violation(problem: Violation, head: FrameHead, payload: Uint8Array): void {
    if (payload.length > head.length) throw new Error('more has come than was declared');
    this.list.push(`violation ${problem.code} ${problem.rfc}`);
  }
}

/** Gives bytes to a reader in parts. The bytes stay as they are. */
export function readInParts(reader: FrameReader, bytes: Uint8Array, cuts: readonly number[]): void {
  const sorted = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const to of sorted) {
    reader.read(bytes.slice(from, to));
    from = to;
  }
}

/** @param cuts offsets at which the bytes are split; larger ones than there are count from the start again */
export function eventsOf(options: FrameReaderOptions, bytes: Uint8Array, cuts: readonly number[] = []): string[] {
  const events = new FrameEvents();
  readInParts(new FrameReader(options, events), bytes, cuts);
  return events.list;
}
