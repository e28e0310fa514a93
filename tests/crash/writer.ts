/**
 * Writes a recording until it is killed. Says on standard output, a line each
 * time, before which number the system has everything: "written N".
 *
 * Arguments: the folder, and the sizes of blocks and segments and the quota in bytes.
 */
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { contentOf, crashKinds } from './content.ts';

/** Records between two turns of the event loop. */
const RECORDS_PER_TURN = 50;

const [folder = '', ...numbers] = process.argv.slice(2);
const [blockBytes = 0, segmentBytes = 0, quota = 0] = numbers.map(Number);

const recording = new DiskRecording({
  folder,
  id: '20260101-000000-0c0ffee0',
  protocol: 'crash',
  address: '',
  kinds: crashKinds,
  startedAt: () => 0,
  writer: 'the crash test',
  files: nodeDiskFiles,
  quota: () => quota,
  whenBehind: () => 'pause',
  sizes: { blockBytes, segmentBytes, flushMs: 5 },
});

let said = 0;
// From now on it may be killed.
writeSync(1, 'written 0\n');
for (let seq = 0; ;) {
  for (let left = RECORDS_PER_TURN; left > 0 && !recording.state.isBehind; left -= 1) {
    const { kind, direction, time, peer, payload, meta } = contentOf(seq);
    if (recording.append(kind, direction, time, peer, payload, meta) !== seq)
      throw new Error(`record ${seq} was not taken`);
    seq += 1;
  }
  await turn();
  if (recording.writtenEnd === said) continue;
  said = recording.writtenEnd;
  // Not by a stream, which could still hold it when the process dies.
  writeSync(1, `written ${said}\n`);
}
