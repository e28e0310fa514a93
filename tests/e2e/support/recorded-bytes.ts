/** What a recording on disk holds, read without the workbench. */
import { createHash } from 'node:crypto';
import { openRecording } from '../../../src/engine/disk/open-recording.ts';
import { ROWS_PER_CALL } from '../../../src/shared/limits.ts';
import { decodeRecords, FLAG_SYNTHETIC } from '../../../src/shared/record.ts';

export interface RecordedBytes {
  readonly bytes: number;
  readonly sha256: string;
  /** Rows that stand for something that is not there. */
  readonly gaps: number;
}

/** All that came in, in its order. @param folder of the recording */
export async function receivedBytes(folder: string): Promise<RecordedBytes> {
  const opened = await openRecording(folder);
  if (!opened.ok) throw new Error(opened.error.message);
  const { reader } = opened.value;
  const hash = createHash('sha256');
  let bytes = 0;
  let gaps = 0;
  const { first, end } = reader.rows;
  for (let from = first; from < end;) {
    const { rows } = await reader.read(from, ROWS_PER_CALL, Infinity);
    for (const { flags, direction, payload } of decodeRecords(rows)) {
      if ((flags & FLAG_SYNTHETIC) !== 0) gaps += 1;
      if (direction === 'in') {
        hash.update(payload);
        bytes += payload.length;
      }
      from += 1;
    }
  }
  await reader.close();
  return { bytes, sha256: hash.digest('hex'), gaps };
}
