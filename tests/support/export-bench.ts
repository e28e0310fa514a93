/** Recordings to export, and exports, which a test need not end itself. */
import { join } from 'node:path';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DiskRecording, type DiskSizes } from '../../src/engine/disk/disk-recording.ts';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { Recording } from '../../src/engine/recording.ts';
import { directionCode, type Direction } from '../../src/shared/record.ts';
import { DATA, ExportBench, kinds, STARTED_AT } from './exported.ts';

const benches: ExportBench[] = [];
const recordings: Recording[] = [];

/** @param folder of recordings, where nothing may be exported to */
export async function exportBench(worker?: URL, folder?: string): Promise<ExportBench> {
  const made = await ExportBench.make(worker, folder);
  benches.push(made);
  return made;
}

/** Workers that do not do what they should. */
export const faultyWorkers = {
  fullDisk: new URL('./export-worker-full-disk.ts', import.meta.url),
  stuck: new URL('./export-worker-stuck.ts', import.meta.url),
  broken: new URL('./export-worker-broken.ts', import.meta.url),
};

export function inMemory(blockBytes?: number, capBytes?: number): Recording {
  const recording = new MemoryRecording(blockBytes, capBytes);
  recordings.push(recording);
  return recording;
}

/** In the folder `recording` of the bench. */
export function onDisk({ folder }: ExportBench, sizes: Partial<DiskSizes> = {}, quota = Infinity): DiskRecording {
  const recording = new DiskRecording({
    folder: join(folder, 'recording'),
    id: '20261123-140211-00000000',
    protocol: 'tcp-client',
    address: '127.0.0.1:9000',
    kinds,
    startedAt: () => STARTED_AT,
    writer: 'test',
    files: nodeDiskFiles,
    quota: () => quota,
    whenBehind: () => 'pause',
    sizes,
  });
  recordings.push(recording);
  return recording;
}

let clock = 0;

export function append(
  recording: Recording,
  payload: Uint8Array | string,
  direction: Direction = 'in',
  peer = 1,
): void {
  clock += 1000;
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  recording.append(DATA, directionCode(direction), clock, peer, bytes, null);
}

/** For `afterEach`. Folders go last: a recording that finds its folder gone makes it anew. */
export async function endExports(): Promise<void> {
  const ended = benches.splice(0);
  await Promise.all(ended.map((bench) => bench.exports.dispose()));
  await Promise.all(recordings.splice(0).map((recording) => recording.close()));
  await Promise.all(ended.map((bench) => bench.dispose()));
}
