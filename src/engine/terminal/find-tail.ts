/** Finds where the newest bytes of a stream begin, from the end of the recording backwards, without reading payloads. */
import { TERMINAL_WALK_BYTES, TERMINAL_WALK_ROWS } from '../../shared/terminal-limits.ts';
import { RecordCursor } from '../record-cursor.ts';
import type { MessageSource, StreamPlace } from './message-reader.ts';

/** Records of one step. */
const STEP_ROWS = 256;

export interface Tail extends StreamPlace {
  /** Bytes that came in from there to the end. */
  readonly bytesIn: number;
}

/**
 * @param bytes how many are wanted; there are fewer when all before are gone, or when it would take too long to find more
 * @param end records from here on are not looked at
 */
export async function findTail(source: MessageSource, bytes: number, end: number): Promise<Tail> {
  const { recording } = source;
  let tail: Tail = { seq: end, offset: 0, bytesIn: 0 };
  let found = 0;
  let walked = 0;
  for (let stop = end; found < bytes && walked < TERMINAL_WALK_BYTES && end - stop < TERMINAL_WALK_ROWS;) {
    const start = Math.max(recording.firstKept, stop - STEP_ROWS);
    if (start >= stop) break;
    const { from, rows } = await recording.read(start, stop - start, 0);
    for (const { seq, length, isWanted, isIn } of heads(rows, from, source).reverse()) {
      walked += length;
      if (!isWanted || found >= bytes) continue;
      const offset = Math.max(0, found + length - bytes);
      found += length - offset;
      tail = { seq, offset, bytesIn: tail.bytesIn + (isIn ? length - offset : 0) };
    }
    stop = start;
  }
  return tail;
}

interface Head {
  readonly seq: number;
  readonly length: number;
  readonly isWanted: boolean;
  readonly isIn: boolean;
}

function heads(rows: Uint8Array, first: number, { kinds, wants }: MessageSource): Head[] {
  const found: Head[] = [];
  const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
  const cursor = new RecordCursor(null, kinds);
  cursor.read(bytes, new DataView(rows.buffer, rows.byteOffset, rows.byteLength), 0, rows.length, first);
  while (cursor.isAtRecord) {
    const { seq, length, direction } = cursor;
    found.push({ seq, length, isWanted: wants(cursor), isIn: direction === 'in' });
    cursor.next();
  }
  return found;
}
