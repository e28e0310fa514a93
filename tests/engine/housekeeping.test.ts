import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import { Catalog } from '../../src/engine/library/catalog.ts';
import { Housekeeping } from '../../src/engine/library/housekeeping.ts';
import { KeyedQueue } from '../../src/engine/library/keyed-queue.ts';
import { LiveRecordings } from '../../src/engine/library/live-recordings.ts';
import { Locks } from '../../src/engine/library/lock.ts';
import { fileOfSegment, writeRecordingFile } from '../../src/engine/library/recording-file.ts';
import { Trash } from '../../src/engine/library/trash.ts';
import type { RecordingSettings } from '../../src/shared/contract.ts';
import { madeInfo, madeRecord, makeRecording, spread } from '../support/made-recording.ts';

const nothingBefore = { records: 0, payloadBytes: 0, time: 0 };
const ids = [1, 2, 3].map((number) => `20260101-000000-0000000${number}`);

let folder = '';
let settings: RecordingSettings | null = null;
let catalog: Catalog;
let housekeeping: Housekeeping;
let locks: Locks;
let trash: Trash;
/** Bytes of one recording: five segments. */
let bytes = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-housekeeping-'));
  for (const [place, id] of ids.entries()) {
    const own = join(folder, id);
    await mkdir(own);
    const records = Array.from({ length: 20 }, (_, seq) => madeRecord(seq, 1000));
    for (const file of makeRecording({ id, segments: spread(records, 4, 1) })) {
      await writeFile(join(own, file.name), file.bytes);
    }
    const about = { ...fileOfSegment(madeInfo(1, nothingBefore, id)), startedAt: place, wasClosed: true };
    await writeRecordingFile(nodeDiskFiles, own, about, false);
  }
  const files = nodeDiskFiles;
  locks = new Locks(files);
  const turns = new KeyedQueue();
  const retention = (): RecordingSettings | null => settings;
  const quiet = (): void => undefined;
  const usual = { sessionQuota: 2 ** 40, totalQuota: 2 ** 40, keepDays: 0, whenBehind: 'pause' } as const;
  const sizes = { folder, files, locks, writer: 'a test', settings: () => usual, retention, sizes: {} };
  const live = new LiveRecordings({ ...sizes, onSegment: quiet });
  catalog = new Catalog({ folder, files, locks, turns, changed: quiet, isOwn: () => false });
  trash = new Trash(folder, 'a-test', files, locks);
  housekeeping = new Housekeeping({ files, catalog, turns, trash, retention, live, isOpen: () => false });
  await catalog.refresh();
  bytes = housekeeping.bytes / 3;
  settings = { ...usual, totalQuota: 2.5 * bytes };
});

afterEach(async () => {
  await housekeeping.stop();
  await trash.dispose();
  locks.dispose();
  await rm(folder, { recursive: true });
});

/** Names of the segments of a recording, oldest first. */
async function segmentsOf(id: string | undefined): Promise<string[]> {
  return (await readdir(join(folder, id ?? ''))).filter((name) => name.endsWith('.wbr')).sort();
}

describe('the quota of all recordings', () => {
  it('takes the oldest segments of the oldest recording', async () => {
    await housekeeping.run();
    expect(housekeeping.bytes).toBeLessThanOrEqual(2.5 * bytes);
    expect(await Promise.all(ids.map(segmentsOf))).toEqual([
      ['000004.wbr', '000005.wbr'],
      ['000001.wbr', '000002.wbr', '000003.wbr', '000004.wbr', '000005.wbr'],
      ['000001.wbr', '000002.wbr', '000003.wbr', '000004.wbr', '000005.wbr'],
    ]);
  });

  it('takes nothing when another engine has made room meanwhile: by a recording', async () => {
    await rm(join(folder, ids[1] ?? ''), { recursive: true });
    await housekeeping.run();
    expect(await segmentsOf(ids[0])).toHaveLength(5);
  });

  it('takes nothing when another engine has made room meanwhile: by segments of a recording', async () => {
    for (const name of (await segmentsOf(ids[1])).slice(0, 3)) await rm(join(folder, ids[1] ?? '', name));
    await housekeeping.run();
    expect(await segmentsOf(ids[0])).toHaveLength(5);
  });

  it('counts what another engine has recorded meanwhile', async () => {
    settings = settings === null ? null : { ...settings, totalQuota: 3.5 * bytes };
    await housekeeping.run();
    expect(await segmentsOf(ids[0])).toHaveLength(5);
    const id = '20260101-000000-00000004';
    await mkdir(join(folder, id));
    for (const file of makeRecording({ id, segments: spread([madeRecord(0, 4000 * 5)], 1, 1) })) {
      await writeFile(join(folder, id, file.name), file.bytes);
    }
    await housekeeping.run();
    expect((await segmentsOf(ids[0])).length).toBeLessThan(5);
    expect(await segmentsOf(id)).toHaveLength(1);
  });

  it('takes nothing as long as nobody may delete anything', async () => {
    settings = null;
    await housekeeping.run();
    expect(await segmentsOf(ids[0])).toHaveLength(5);
  });
});
