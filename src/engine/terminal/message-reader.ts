/**
 * Walks over a recording and takes the payloads of some of its messages, as one stream of bytes. It holds no more of
 * them than it is asked for: what it did not take, it reads again.
 */
import { decodeRecord, type Direction } from '../../shared/record.ts';
import { TERMINAL_STEP_BYTES, TERMINAL_STEP_ROWS } from '../../shared/terminal-limits.ts';
import { RecordCursor } from '../record-cursor.ts';
import type { RecordingReader } from '../recording.ts';
import type { Chunk } from './chunk.ts';

const GAP = 'gap';
/** What a session says while it waits to connect again: nothing is missing. */
const NO_LOSS = 'disconnected';
const noBytes = new Uint8Array(0);
/** Guess at a message, bytes, until some have been seen. */
const USUAL_BYTES = 1024;
/** A step of that many records in which nothing was wanted is followed by one that copies no payloads. */
const SKIM_FROM = 64;

/** What is read, and which of it. */
export interface MessageSource {
  readonly recording: RecordingReader;
  /** Names of the kinds, by their numbers. */
  readonly kinds: readonly string[];
  /** Whether the record at a cursor is a message that is wanted, with bytes in it. */
  readonly wants: (cursor: RecordCursor) => boolean;
}

/** Where the stream is read next. */
export interface StreamPlace {
  readonly seq: number;
  /** Bytes into the payload of that record. */
  readonly offset: number;
}

export class MessageReader {
  readonly #source: MessageSource;
  readonly #cursor: RecordCursor;
  #seq = 0;
  #offset = 0;
  #meanBytes = USUAL_BYTES;
  #skims = false;

  constructor(source: MessageSource) {
    this.#source = source;
    this.#cursor = new RecordCursor(null, source.kinds);
  }

  get place(): StreamPlace {
    return { seq: this.#seq, offset: this.#offset };
  }

  /** True when every record that there is has been walked over. */
  get isAtEnd(): boolean {
    return this.#seq >= this.#source.recording.rows.end;
  }

  moveTo({ seq, offset }: StreamPlace): void {
    this.#seq = seq;
    this.#offset = offset;
    this.#skims = false;
  }

  /**
   * Fills the chunk from where it stands, until it is full, its connection or direction ends, or all records that
   * there are have been walked over.
   * @param isOver asked after each wait: true ends it
   */
  async fill(chunk: Chunk, isOver: () => boolean): Promise<void> {
    const { recording } = this.#source;
    while (chunk.room > 0 && !this.isAtEnd && !isOver()) {
      const [count, preview] = this.#step();
      const { from, rows } = await recording.read(this.#seq, count, preview);
      if (isOver() || rows.length === 0) return;
      if (from !== this.#seq) this.moveTo({ seq: from, offset: 0 });
      const outcome = this.#take(rows, chunk);
      if (outcome === 'full') return;
      if (outcome === 'long' && !(await this.#takeLong(chunk))) return;
    }
  }

  /** How many records to read, and how much of their payloads: never much more than TERMINAL_STEP_BYTES. */
  #step(): readonly [count: number, preview: number] {
    if (this.#skims) return [TERMINAL_STEP_ROWS, 0];
    const wanted = Math.floor(TERMINAL_STEP_BYTES / (1.5 * this.#meanBytes));
    const count = Math.min(Math.max(wanted, 1), TERMINAL_STEP_ROWS);
    return [count, Math.floor(TERMINAL_STEP_BYTES / count)];
  }

  /** @returns `full`: what follows does not belong to the chunk; `long`: the record has more bytes than were read */
  #take(rows: Uint8Array, chunk: Chunk): 'done' | 'full' | 'long' {
    const cursor = this.#cursor;
    const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
    cursor.read(bytes, view, 0, rows.length, this.#seq);
    let looked = 0;
    let taken = 0;
    let size = 0;
    let outcome: 'done' | 'full' | 'long' = 'done';
    for (; cursor.isAtRecord; looked += 1) {
      if (cursor.kind === GAP && !this.#passGap(rows, chunk)) outcome = 'full';
      else if (this.#source.wants(cursor)) {
        taken += 1;
        size += cursor.length;
        outcome = this.#takeRecord(chunk);
      }
      if (outcome !== 'done') break;
      cursor.next();
      this.#seq = cursor.seq;
      this.#offset = 0;
    }
    if (taken > 0) this.#meanBytes = size / taken;
    this.#skims = taken === 0 && looked >= SKIM_FROM;
    return outcome;
  }

  /** @returns false: the chunk has bytes from before the gap */
  #passGap(rows: Uint8Array, chunk: Chunk): boolean {
    const meta = decodeRecord(rows, this.#cursor.offset)?.record.meta ?? {};
    if (meta.reason === NO_LOSS) return true;
    if (!chunk.isEmpty) return false;
    chunk.gap(meta);
    return true;
  }

  #takeRecord(chunk: Chunk): 'done' | 'full' | 'long' {
    const cursor = this.#cursor;
    const { peer, direction, time } = head(cursor);
    if (!chunk.takes(peer, direction, time)) return 'full';
    const payload = cursor.payload();
    if (this.#offset < payload.length) {
      this.#offset += chunk.add(peer, direction, time, payload.subarray(this.#offset));
    }
    if (this.#offset >= cursor.length) return 'done';
    return chunk.room === 0 ? 'full' : 'long';
  }

  /** The cursor stands at a record whose bytes were not all read. @returns false: what follows does not belong to the chunk */
  async #takeLong(chunk: Chunk): Promise<boolean> {
    const { peer, direction, time } = head(this.#cursor);
    const seq = this.#seq;
    const part = await this.#source.recording.payload(seq, this.#offset, chunk.room);
    const bytes = part.ok ? part.value.bytes : noBytes;
    if (bytes.length > 0) this.#offset += chunk.add(peer, direction, time, bytes);
    else if (!chunk.isEmpty) return false;
    else chunk.gap(null);
    // What cannot be read is passed over.
    if (!part.ok || bytes.length === 0 || this.#offset >= part.value.total) this.#moveOn(seq);
    return true;
  }

  #moveOn(seq: number): void {
    this.#seq = seq + 1;
    this.#offset = 0;
  }
}

function head(cursor: RecordCursor): { peer: number; direction: Direction; time: number } {
  return { peer: cursor.peer, direction: cursor.direction, time: cursor.view.getFloat64(cursor.offset + 8, true) };
}
