/** Opens a recording that is on disk. It costs the index, not the data; a missing or stale index is made anew. */
import { join } from 'node:path';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { DISK_REPAIR_BYTES } from '../../shared/limits.ts';
import { wireErrorOf } from '../../shared/system-error.ts';
import type { RecordingReader } from '../recording.ts';
import type { BlockIndex } from './block-index.ts';
import { buildIndex, type BuiltIndex } from './build-index.ts';
import { nodeDiskFiles, type DiskFiles } from './disk-files.ts';
import { DiskReader } from './disk-reader.ts';
import { INDEX_NAME, type SegmentInfo } from './format.ts';
import { encodeEntries, encodeIndexHeader } from './index-file.ts';
import { OpenedReader } from './opened-reader.ts';
import { surveyFolder, type Survey } from './survey.ts';
import { concat, writeFully } from './write-fully.ts';

export interface OpenedRecording {
  readonly reader: RecordingReader;
  /** What the oldest segment that can be read says about the recording. */
  readonly info: SegmentInfo;
  /** False when its writer was killed, or is still at it. */
  readonly wasClosed: boolean;
  /** Bytes of its segments and its index. */
  readonly diskBytes: number;
}

export interface OpenOptions {
  /**
   * Whether a process writes it at this moment: then its end is no interruption, and its index is left alone.
   * By default: whether there is a lock, of which only its owner's absence tells that it is stale.
   */
  readonly isLive?: boolean;
  /** Ends it, with the error `cancelled`: looking through what the index does not cover can take as long as reading it. */
  readonly signal?: AbortSignal;
}

const nothingBefore: SegmentInfo['before'] = { records: 0, payloadBytes: 0, time: 0 };

/**
 * Opens the recording in a folder, as far as it is there; everything else is a gap row.
 * Errors: `bad-recording` when it is none or nothing of it can be understood, `newer-recording`, and what the system
 * says (`file-not-found`, `permission-denied`, `too-many-open-files` …); `cancelled` when the signal says so.
 */
export async function openRecording(
  folder: string,
  files: DiskFiles = nodeDiskFiles,
  options: OpenOptions = {},
): Promise<Outcome<OpenedRecording>> {
  const surveyed = await surveyFolder(folder, files);
  if (!surveyed.ok) return surveyed;
  const survey = surveyed.value;
  const isLive = options.isLive ?? survey.isLocked;
  let built: BuiltIndex;
  try {
    built = await buildIndex(survey, files, { signal: options.signal });
  } catch (problem) {
    if (options.signal?.aborted === true) return failure('cancelled', 'Opening the recording was ended.');
    return { ok: false, error: wireErrorOf(problem, folder) };
  }
  const { index, wasClosed, tailBytes, searchedBytes } = built;
  if (!isLive && searchedBytes > DISK_REPAIR_BYTES) await writeIndex(survey, index, files);
  const { info, firstHeader } = survey;
  const reader = new OpenedReader({
    reader: new DiskReader({ folder, files, index, recording: info.recording }),
    index,
    id: info.recording,
    before: firstHeader.type === 'whole' ? firstHeader.info.before : nothingBefore,
    interrupted: wasClosed || isLive ? null : tailBytes,
  });
  const diskBytes = survey.segments.reduce((sum, { size }) => sum + size, survey.indexBytes);
  return success({ reader, info, wasClosed, diskBytes });
}

/** Puts an index in the place of the old one, as a whole. */
async function writeIndex({ folder, info }: Survey, index: BlockIndex, files: DiskFiles): Promise<void> {
  const path = join(folder, INDEX_NAME);
  const next = `${path}.new`;
  try {
    const file = await files.open(next, 'create');
    try {
      await file.truncate(0);
      await writeFully(file, concat([encodeIndexHeader(info), encodeEntries(index)]), 0);
    } finally {
      await file.close();
    }
    await files.rename(next, path);
  } catch {
    // A folder that may not be written, or a full disk: the next opening takes as long again, that is all.
    await files.remove(next).catch(() => undefined);
  }
}
