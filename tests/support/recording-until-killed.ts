/**
 * Records in a folder as fast as it can until it is killed; run by tests with
 * Node. After each flush it prints up to which record the system has it all.
 */
import { writeSync } from 'node:fs';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { kindTable } from '../../src/shared/record.ts';
import { numberedPayload } from './numbered-payload.ts';

const [folder = '', quota = '', perFlush = '1'] = process.argv.slice(2);
const recording = new DiskRecording({
  folder,
  id: 'killed',
  protocol: 'tcp-client',
  address: 'here',
  kinds: kindTable(['data']),
  startedAt: () => 0,
  writer: 'test',
  files: nodeDiskFiles,
  quota: () => Number(quota),
  whenBehind: () => 'pause',
  sizes: { blockBytes: 4096, segmentBytes: 65_536, flushMs: 1 },
});
for (let number = 0; ;) {
  for (let count = 0; count < Number(perFlush); count += 1) {
    recording.append(4, 1, number, 1, numberedPayload(number), null);
    number += 1;
  }
  await recording.flush();
  writeSync(1, `${recording.writtenEnd}\n`);
}
