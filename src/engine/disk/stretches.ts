/** Rows that are asked for, cut where they are in another run of blocks or in a hole. */
import type { BlockIndex, BlockRun } from './block-index.ts';
import { damagedRow } from './gap-rows.ts';
import type { Hole, LoadedRun } from './loaded-run.ts';
import type { RowWriter } from './row-writer.ts';

/** Rows that are asked for, as far as they are in one run or in one hole. */
export interface Stretch {
  readonly place: { readonly type: 'run'; readonly run: BlockRun } | { readonly type: 'hole'; readonly hole: Hole };
  readonly from: number;
  readonly end: number;
  /** The rows with these numbers; null: all from `from` to before `end`. */
  readonly seqs: readonly number[] | null;
}

/** Rows from `seq` to before `end`, as far as they are in one place. */
export function stretchAt(index: BlockIndex, seq: number, end: number): Stretch {
  const at = index.runFrom(seq);
  const first = index.firstOf(at);
  if (first <= seq && at < index.length) {
    const run = index.get(at);
    return { place: { type: 'run', run }, from: seq, end: Math.min(end, run.first + run.count), seqs: null };
  }
  const before = at > 0 ? index.get(at - 1) : null;
  const begin = before === null ? index.firstKept : before.first + before.count;
  const hole = { first: begin, end: first, time: before?.lastTime ?? 0 };
  return { place: { type: 'hole', hole }, from: seq, end: Math.min(end, first), seqs: null };
}

/** A run that cannot be read at all. */
export function holeOf(run: BlockRun): Hole {
  return { first: run.first, end: run.first + run.count, time: run.firstTime };
}

function seqAtIndex({ seqs, from }: Stretch, index: number): number {
  return seqs === null ? from + index : (seqs[index] ?? from);
}

function rowsOf({ seqs, from, end }: Stretch): number {
  return seqs === null ? end - from : seqs.length;
}

/** Adds a gap row for each row of a stretch. */
export function writeHole(stretch: Stretch, hole: Hole, out: RowWriter): void {
  for (let index = 0; index < rowsOf(stretch); index += 1) out.add(damagedRow(seqAtIndex(stretch, index), hole));
}

/** Adds the rows of a stretch: records, and gap rows for those that are damaged. */
export function writeRecords(stretch: Stretch, loaded: LoadedRun, preview: number, out: RowWriter): void {
  let hole: Hole | null = null;
  for (let index = 0; index < rowsOf(stretch); index += 1) {
    const seq = seqAtIndex(stretch, index);
    const start = loaded.startOf(seq);
    if (start !== 0) {
      out.addRecord(loaded.bytes, loaded.view, start, preview);
    } else {
      if (hole === null || seq >= hole.end) hole = loaded.holeAround(seq);
      out.add(damagedRow(seq, hole));
    }
  }
}
