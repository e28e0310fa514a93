/**
 * Fills a small disk with a session's recording and a file beside it, makes
 * room again, and says in one line of JSON what the session and its recording
 * had to say.
 *
 * Arguments: `mount` to put a file system of 16 MiB on the folder first, or
 * `limit` where that cannot be done; the folder; what the session does when the
 * disk is behind.
 */
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { Session } from '../../src/engine/session.ts';
import { ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { decodeRecords, kindTable } from '../../src/shared/record.ts';
import { floodModule } from '../support/flood-driver.ts';
import { SmallDisk } from './small-disk.ts';

const DISK_BYTES = 16 * 1024 * 1024;

/** What is beside the recording, until there is to be space again. */
const BESIDE_BYTES = 10 * 1024 * 1024;

/** Together 11.5 MB on disk: more than there is room for beside the file, less than without it. */
const MESSAGES = 10_000;
const MESSAGE_BYTES = 1100;

/** Little, so that what the disk does not take does not simply wait in memory. */
const BEHIND_BYTES = 1024 * 1024;

const [how = '', folder = '', whenBehind = ''] = process.argv.slice(2);
const isMounted = how === 'mount';
const small = new SmallDisk(DISK_BYTES - BESIDE_BYTES);
const beside = join(folder, 'beside');
if (isMounted) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'none', folder]);
  await writeFile(beside, Buffer.alloc(BESIDE_BYTES));
}

async function makeRoom(): Promise<void> {
  if (isMounted) await rm(beside);
  else small.left += BESIDE_BYTES;
}

const module = floodModule({
  messages: MESSAGES,
  size: MESSAGE_BYTES,
  done: () => undefined,
  // Only when the disk is full it may be too fast for it.
  mayGoOn: () => recording.state.error !== null || recording.state.waiting < BEHIND_BYTES / 2,
});
const config = { protocol: module.spec.id, address: '', options: {} };
const path = join(folder, 'recording');
const recording = new DiskRecording({
  folder: path,
  id: '20260101-000000-0d15cf11',
  protocol: module.spec.id,
  address: '',
  kinds: kindTable(module.spec.kinds),
  startedAt: () => 0,
  writer: 'the test of a full disk',
  files: isMounted ? nodeDiskFiles : small.files,
  quota: () => 1024 ** 3,
  whenBehind: () => (whenBehind === 'drop' ? 'drop' : 'pause'),
  sizes: { blockBytes: 64 * 1024, behindBytes: BEHIND_BYTES, slackBytes: BEHIND_BYTES, retryMs: 20 },
});
const pauses = (): boolean => whenBehind !== 'drop';
const session = new Session(
  'full',
  module,
  config,
  recording,
  (bug) => {
    throw bug;
  },
  pauses,
);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

const opened = await session.open(config);
if (!opened.ok) throw new Error(opened.error.message);
await until(() => recording.state.error !== null);
const { error } = recording.state;
const whileFull = session.status([]);
if (whenBehind === 'drop') await until(() => session.status([]).counters.messagesIn === MESSAGES);
await makeRoom();
await until(() => recording.state.error === null && session.status([]).counters.messagesIn === MESSAGES);
await recording.flush();
const { lostRecords } = recording.totals;
await session.dispose();

const read = await openRecording(path);
if (!read.ok) throw new Error(read.error.message);
const { reader } = read.value;
const numbers: number[] = [];
const notes: unknown[] = [];
const gaps: unknown[] = [];
for (let from = 0; from < reader.rows.end; from += ROWS_PER_CALL) {
  for (const record of decodeRecords((await reader.read(from, ROWS_PER_CALL, 8)).rows)) {
    if (record.kind === 0) gaps.push(record.meta);
    else if (record.kind === 3) notes.push(record.meta.message);
    else if (record.payloadLength > 0) numbers.push(Buffer.from(record.payload).readUInt32LE(0));
  }
}
await reader.close();
process.stdout.write(
  `${JSON.stringify({
    errno: error?.errno,
    code: error?.code,
    hint: error?.hint,
    wasBehind: whileFull.recording.isBehind,
    messages: MESSAGES,
    kept: numbers.length,
    isAscending: numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0)),
    lostRecords,
    gaps,
    notes,
  })}\n`,
);
