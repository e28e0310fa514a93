/**
 * One terminal: the bytes of a session or of one of its connections, pulled by a window chunk by chunk. It reads the
 * recording and buffers nothing; a window that lags too far behind is moved to the newest bytes.
 */
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { TerminalChunk } from '../../shared/terminal-contract.ts';
import { TERMINAL_LAG_BYTES, TERMINAL_TAIL_BYTES } from '../../shared/terminal-limits.ts';
import type { AnySession } from '../any-session.ts';
import type { RecordCursor } from '../record-cursor.ts';
import { Chunk, endChunk } from './chunk.ts';
import { findTail, type Tail } from './find-tail.ts';
import { MessageReader, type MessageSource } from './message-reader.ts';

export interface TerminalOptions {
  /** One connection; null: all, one after another. */
  readonly peer: number | null;
  /** `tail`: near the end, and then what comes. `begin`: with the oldest record that is kept. */
  readonly from: 'tail' | 'begin';
  /** Also what was sent before now. */
  readonly sent: boolean;
}

export class TerminalStream {
  readonly session: AnySession;
  readonly #peer: number | null;
  readonly #source: MessageSource;
  readonly #reader: MessageReader;
  readonly #unfollow: () => void;
  /** Of the bytes that the session has counted, those that the window has got or will not get. */
  #passed: number;
  /** Bytes that the next chunk is to say were left out. */
  #skipped = 0;
  /** False while a window replays from the beginning: it wants all of it. */
  #jumps: boolean;
  #isReading = false;
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(session: AnySession, { peer, from, sent }: TerminalOptions) {
    this.session = session;
    this.#peer = peer;
    this.#jumps = from === 'tail';
    this.#passed = session.bytesIn(peer);
    const { recording, kinds, messageKinds } = session;
    const wants = wantedMessages(messageKinds, peer, sent ? recording.rows.end : 0);
    this.#source = { recording, kinds, wants };
    this.#reader = new MessageReader(this.#source);
    this.#unfollow = recording.onGrowth(() => {
      this.#wake?.();
    });
  }

  /**
   * Finds where to begin; to be called once, before anything is read.
   * @returns times of the oldest and the newest record that is kept, ns since the session began; 0 when there is none
   */
  async begin(): Promise<{ readonly begins: number; readonly ends: number }> {
    if (this.#jumps) await this.#toTail(0);
    const { firstKept, rows } = this.session.recording;
    const begins = this.#isClosed ? 0 : await this.#timeAt(firstKept);
    const ends = this.#isClosed ? 0 : await this.#timeAt(rows.end - 1);
    return { begins, ends };
  }

  /**
   * What comes next, as soon as there is something.
   * @param bytes at most so many
   * @param span only messages that came at most this much later than the first, ns
   */
  async read(bytes: number, span: number): Promise<Outcome<TerminalChunk>> {
    if (this.#isReading) return failure('bad-request', 'This terminal is being read already.');
    this.#isReading = true;
    try {
      return success(await this.#read(bytes, span));
    } finally {
      this.#isReading = false;
    }
  }

  /** A read that waits is answered. Nothing of it is left. */
  close(): void {
    this.#isClosed = true;
    this.#unfollow();
    this.#wake?.();
  }

  async #read(bytes: number, span: number): Promise<TerminalChunk> {
    const isOver = (): boolean => this.#isClosed;
    for (;;) {
      if (this.#jumps && this.#waiting > TERMINAL_LAG_BYTES) await this.#toTail(this.#passed);
      const chunk = new Chunk(bytes, span);
      await this.#reader.fill(chunk, isOver);
      if (this.#isClosed) return endChunk;
      if (!chunk.isEmpty || chunk.hasGap) {
        const found = chunk.finish(this.#skipped);
        this.#skipped = 0;
        if (found.direction === 'in') this.#passed += found.bytes.length;
        return found;
      }
      if (this.session.isReadOnly) return endChunk;
      await this.#untilGrown();
    }
  }

  /** Bytes that have come in and that the window has not got. */
  get #waiting(): number {
    return this.session.bytesIn(this.#peer) - this.#passed;
  }

  /** Everything there is has been read: waits for more that came in. */
  async #untilGrown(): Promise<void> {
    // It may have grown since it was last looked at.
    if (!this.#reader.isAtEnd) return;
    // Whatever was counted and is not in the recording will not come any more.
    this.#passed = this.session.bytesIn(this.#peer);
    this.#jumps = true;
    while (!this.#isClosed && this.#waiting === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  /** @param passed of the bytes that the session has counted: those that the window has got */
  async #toTail(passed: number): Promise<void> {
    // Both of the same moment: what comes while the tail is looked for is behind it.
    const counted = this.session.bytesIn(this.#peer);
    const tail = await findTail(this.#source, TERMINAL_TAIL_BYTES, this.session.recording.rows.end);
    if (this.#isClosed) return;
    this.#passed = counted - tail.bytesIn;
    if (!this.#isBehind(tail)) return;
    this.#skipped += Math.max(0, this.#passed - passed);
    this.#reader.moveTo(tail);
  }

  #isBehind({ seq, offset }: Tail): boolean {
    const { place } = this.#reader;
    return place.seq < seq || (place.seq === seq && place.offset < offset);
  }

  async #timeAt(seq: number): Promise<number> {
    const { recording } = this.session;
    if (seq < recording.rows.first || seq >= recording.rows.end) return 0;
    const { rows } = await recording.read(seq, 1, 0);
    return rows.length < 16 ? 0 : new DataView(rows.buffer, rows.byteOffset).getFloat64(8, true);
  }
}

/** @param sentBefore of the messages that were sent, those before this `seq`; those that came in are all wanted */
function wantedMessages(
  messageKinds: readonly string[],
  peer: number | null,
  sentBefore: number,
): (cursor: RecordCursor) => boolean {
  return (cursor) => {
    if (cursor.length === 0 || (peer !== null && cursor.peer !== peer)) return false;
    const { direction } = cursor;
    if (direction === 'none' || (direction === 'out' && cursor.seq >= sentBefore)) return false;
    return messageKinds.includes(cursor.kind);
  };
}
