/** Reads a recording that a killed process has left and holds it against what was written. */
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { decodeRecords, directionCode, encodeMeta, FLAG_SYNTHETIC, type RecordView } from '../../src/shared/record.ts';
import { contentOf } from './content.ts';

/** More than any payload has: rows come whole. */
const WHOLE = 64 * 1024;

export interface Examined {
  /** Records that are there and right. */
  readonly records: number;
  /** Records at the beginning that the quota has taken, as their gap row says. */
  readonly deleted: number;
  /** `seq` after the last record. */
  readonly end: number;
  /** Everything that is not as it must be, in words. */
  readonly problems: readonly string[];
}

/**
 * @param written before this number the system had everything when the process was killed
 * @returns null when there is no recording at all
 */
export async function examine(folder: string, written: number): Promise<Examined | null> {
  const opened = await openRecording(folder);
  if (!opened.ok) {
    if (written === 0) return null;
    return { records: 0, deleted: 0, end: 0, problems: [`it cannot be opened: ${opened.error.message}`] };
  }
  const { reader, wasClosed } = opened.value;
  const { firstKept, rows } = reader;
  const problems: string[] = [];
  if (wasClosed) problems.push('it looks as if it had been closed');
  const first = rows.first;
  /** The last row says that the recording was interrupted. */
  const end = rows.end - 1;
  if (end < written) problems.push(`it ends before ${end}; ${written} records had been written`);
  let records = 0;
  let next = first;
  while (next < rows.end) {
    const found = decodeRecords((await reader.read(next, ROWS_PER_CALL, WHOLE)).rows);
    if (found.length === 0) problems.push(`there is no row ${next}`);
    for (const record of found) {
      const problem = problemOf(record, next, firstKept, end);
      if (problem !== null) problems.push(problem);
      else if (next >= firstKept && next < end) records += 1;
      next += 1;
    }
    if (problems.length > 0) break;
  }
  await reader.close();
  return { records, deleted: firstKept, end, problems };
}

function problemOf(record: RecordView, seq: number, firstKept: number, end: number): string | null {
  if (record.seq !== seq) return `row ${seq} has number ${record.seq}`;
  if (seq < firstKept) {
    const isRight = isGap(record, 'quota') && record.meta.count === firstKept;
    return isRight ? null : `row ${seq} does not say that ${firstKept} records were deleted`;
  }
  if (seq === end) return isGap(record, 'interrupted') ? null : 'the last row does not say that it was interrupted';
  const wanted = contentOf(seq);
  const isSame =
    record.flags === 0 &&
    record.kind === wanted.kind &&
    directionCode(record.direction) === wanted.direction &&
    record.time === wanted.time &&
    record.peer === wanted.peer &&
    Buffer.compare(record.payload, wanted.payload) === 0 &&
    Buffer.compare(encodeMeta(wanted.meta ?? {}), encodeMeta(record.meta)) === 0;
  return isSame ? null : `row ${seq} is not what was written: ${JSON.stringify({ ...record, payload: undefined })}`;
}

function isGap({ kind, flags, meta }: RecordView, reason: string): boolean {
  return kind === 0 && flags === FLAG_SYNTHETIC && meta.reason === reason;
}
