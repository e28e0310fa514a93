/**
 * Looks through the records of one block after another, in steps that can be
 * ended and gone on with, or cut off, at any point.
 */
import { SCAN_LOOK_STEPS, SCAN_RECORD_STEPS, SCAN_SWEEP_BYTES } from '../../shared/limits.ts';
import type { Effort } from '../byte-search.ts';
import type { BlockHead } from '../disk/format.ts';
import { RecordCursor } from '../record-cursor.ts';
import type { FoundList } from './found-list.ts';
import type { ScanPlan } from './scan-plan.ts';
import type { SearchWindow } from './search-window.ts';

/** A busy machine can take the time away, too. */
const SWEEP_CUTS_MOST = 3;

/** Records one after another, with what is known of them. */
export interface RecordBlock {
  readonly bytes: Buffer;
  /** Of the same bytes. */
  readonly view: DataView;
  readonly begin: number;
  readonly end: number;
  readonly first: number;
  readonly count: number;
  /** Null: nothing is known. */
  readonly head: BlockHead | null;
  /** Bytes of meta in the block; with `head` only. */
  readonly metaBytes: number;
  /** Whether `bytes` are those of the search window. */
  readonly isInWindow: boolean;
}

export class BlockScan {
  readonly #plan: ScanPlan;
  readonly #window: SearchWindow;
  readonly #found: FoundList;
  readonly #from: () => number;
  readonly #cursor: RecordCursor;
  readonly #effort: Effort = { left: 0 };
  readonly #needleLength: number;
  #end = 0;
  /** Whether only records with a hit, or with a text of their own, need be looked at. */
  #usesHits = false;
  /** What the bytes are searched with for hits, instead of for needles. */
  #sweep: RegExp | null = null;
  /** The bytes that it looks at, as Latin-1, and where they begin. */
  #swept = '';
  #sweptFrom = 0;
  #sweepCuts = 0;
  #looksAtTexts = false;
  /** Where the next hit is; `#end` or later: nowhere. */
  #hit = 0;

  /** @param from records before this one are not wanted */
  constructor(plan: ScanPlan, window: SearchWindow, found: FoundList, from: () => number) {
    this.#plan = plan;
    this.#window = window;
    this.#found = found;
    this.#from = from;
    this.#cursor = new RecordCursor(null, plan.kinds);
    this.#needleLength = plan.needles?.[0]?.lower.length ?? 0;
  }

  /** `seq` of the record that is to be looked at next. */
  get seq(): number {
    return this.#cursor.seq;
  }

  get isDone(): boolean {
    return !this.#cursor.isAtRecord;
  }

  /** Begins with a block. @returns false when nothing in it can pass, so that it need not be looked through */
  begin(block: RecordBlock): boolean {
    const { bytes, view, begin, end, first, head, metaBytes, isInWindow } = block;
    this.#cursor.read(bytes, view, end, end, first + block.count);
    this.#end = end;
    if (head !== null && !this.#plan.heads.mayBeIn(head)) return false;
    const { sweep, needles } = this.#plan;
    this.#sweep = this.#sweepCuts >= SWEEP_CUTS_MOST || end - begin > block.count * SCAN_SWEEP_BYTES ? null : sweep;
    this.#usesHits = this.#sweep !== null || (isInWindow && needles !== null);
    if (this.#usesHits) {
      this.#swept = this.#sweep === null ? '' : bytes.toString('latin1', begin, end);
      this.#sweptFrom = begin;
      this.#looksAtTexts = this.#plan.mayPassByText(head, metaBytes);
      this.#hit = this.#nextHit(begin);
      if (this.#hit >= end && !this.#looksAtTexts) return false;
    }
    this.#cursor.read(bytes, view, begin, end, first);
    return true;
  }

  /** Looks on until the block is done or it is late. @param deadline as `performance.now()` */
  run(deadline: number): void {
    const [cursor, effort] = [this.#cursor, this.#effort];
    effort.left = SCAN_LOOK_STEPS;
    while (cursor.isAtRecord) {
      if (effort.left <= 0) {
        if (performance.now() >= deadline) return;
        effort.left = SCAN_LOOK_STEPS;
      }
      if (this.#usesHits) {
        if (this.#hit < cursor.payloadStart) this.#hit = this.#nextHit(cursor.payloadStart);
        if (!this.#looksAtTexts) {
          if (this.#hit >= this.#end) {
            this.leave();
            return;
          }
          if (this.#hit >= cursor.recordEnd) {
            cursor.seek(this.#hit);
            effort.left -= SCAN_RECORD_STEPS;
            continue;
          }
        }
      }
      const passes = this.#look();
      if (passes === null) continue;
      if (passes && cursor.seq >= this.#from()) this.#found.add(cursor.seq);
      cursor.next();
      effort.left -= SCAN_RECORD_STEPS;
    }
  }

  /** Looks no further at this block. */
  leave(): void {
    this.#cursor.read(Buffer.alloc(0), this.#window.view, 0, 0, this.#cursor.seq);
  }

  /** Whether the record passes; null: look again. */
  #look(): boolean | null {
    const [cursor, plan] = [this.#cursor, this.#plan];
    if (this.#usesHits) {
      const { recordEnd } = cursor;
      const mayPass = this.#hit < recordEnd || (this.#looksAtTexts && cursor.isEvent);
      if (!mayPass || !this.#headPasses()) return false;
      if (plan.isDecidedByNeedle && this.#window.isSure && this.#hit + this.#needleLength <= recordEnd) return true;
    } else if (!this.#headPasses()) {
      return false;
    }
    return plan.filter.look(cursor, this.#effort);
  }

  #headPasses(): boolean {
    const { heads } = this.#plan;
    return heads.isEmpty || heads.passes(this.#cursor.view, this.#cursor.offset);
  }

  /**
   * To be called when it was cut off: an expression can take the square of what it looks at, which is little in one record
   * and much in many. @returns whether that may have been the cause; when it is again, it is not used on many any more
   */
  calmDown(): boolean {
    if (this.#sweep === null) return false;
    this.#sweepCuts += 1;
    if (this.#sweepCuts < SWEEP_CUTS_MOST) return true;
    this.#sweep = null;
    this.#usesHits = false;
    return true;
  }

  #nextHit(from: number): number {
    if (this.#sweep !== null) {
      this.#sweep.lastIndex = from - this.#sweptFrom;
      const found = this.#sweep.exec(this.#swept);
      return found === null ? this.#end : this.#sweptFrom + found.index;
    }
    const hit = this.#window.find(from, this.#end);
    if (!this.#window.isSure) this.#effort.left = 0;
    return hit === -1 ? this.#end : hit;
  }
}
