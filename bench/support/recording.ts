/** Recordings on disk as a host makes them, in a folder that goes away with them. */
import { join } from 'node:path';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { RECORDING_SESSION_QUOTA_BYTES } from '../../src/shared/limits.ts';

/** What every recording of a benchmark is called. */
const RECORDING_ID = '20260101-000000-00000000';

/** What a recording of a benchmark is of. */
export interface Subject {
  readonly protocol: string;
  readonly address: string;
  readonly kinds: readonly string[];
}

/** A recording in the folder `id` within `parent`. */
export function recordingIn(
  parent: string,
  subject: Subject,
  quota = RECORDING_SESSION_QUOTA_BYTES,
  id = RECORDING_ID,
): DiskRecording {
  const begun = Date.now();
  return new DiskRecording({
    ...subject,
    folder: join(parent, id),
    id,
    startedAt: () => begun,
    writer: 'the benchmark',
    files: nodeDiskFiles,
    quota: () => quota,
    whenBehind: () => 'pause',
  });
}
