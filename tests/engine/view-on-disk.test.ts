import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../src/rpc/client.ts';
import type { SessionStatus } from '../../src/shared/contract.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { valueOf } from '../support/outcome.ts';

const config = { protocol: 'scripted', address: 'here', options: {} };
const workers = {
  scan: new URL('../../src/engine/scan/scan-worker.ts', import.meta.url),
  export: new URL('../../src/engine/export/export-worker.ts', import.meta.url),
};
let folder = '';
let bench: EngineBench;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-view-'));
  bench = engineBench({ recordings: { folder }, workers });
});

afterEach(async () => {
  await bench.dispose();
  await rm(folder, { recursive: true, force: true });
  expect(bench.bugs).toEqual([]);
});

/** Resolves with the first status of the session for which this holds. */
function statusWhen(
  client: Client,
  session: string,
  holds: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  return new Promise((resolve) => {
    const end = client.on('session.status', (status) => {
      if (status.session !== session || !holds(status)) return;
      end();
      resolve(status);
    });
    void client.call('session.watch', { session, on: true });
  });
}

const isCaughtUp = ({ views: [view] }: SessionStatus): boolean => view !== undefined && view.scanned === view.total;

describe('a filtered view of a recording on disk', () => {
  it('finds what is on disk, what is still in memory and what comes, and finds it again in History', async () => {
    const client = bench.connect();
    const { session } = valueOf(await client.call('session.create', { config }));
    valueOf(await client.call('session.open', { session, config }));
    const { last: driver } = bench.driver;
    const peer = driver.connect();
    const send = (count: number): void => {
      for (let index = 0; index < count; index += 1)
        driver.receive(peer, index % 100 === 7 ? 'a Needle' : `hay ${index}`);
    };
    send(30_000);
    const { view } = valueOf(await client.call('view.open', { session, filter: 'needle', peer: null }));
    await statusWhen(client, session, (status) => status.views[0]?.end === 300);
    send(30_000);
    await statusWhen(client, session, (status) => status.views[0]?.end === 600 && isCaughtUp(status));
    const rows = valueOf(await client.call('rows', { session, view, from: 0, count: 500 }));
    const seqs = decodeRecords(rows.rows).map((row) => row.seq);
    expect(seqs).toHaveLength(500);
    const [first = 0] = seqs;
    expect(seqs[1]).toBe(first + 100);
    expect(valueOf(await client.call('row.find', { session, view, at: { seq: first + 1 } })).row).toBe(1);
    expect(valueOf(await client.call('row.find', { session, view, at: { time: Number.MAX_SAFE_INTEGER } })).row).toBe(
      599,
    );
    valueOf(await client.call('session.close', { session }));
    const { recordings } = valueOf(await client.call('recordings.list', {}));
    valueOf(await client.call('session.remove', { session }));

    const past = valueOf(await client.call('recordings.open', { recording: recordings[0]?.recording ?? '' }));
    const again = valueOf(
      await client.call('view.open', { session: past.session, filter: '/n[e]{2}dle/i', peer: null }),
    );
    const status = await statusWhen(client, past.session, isCaughtUp);
    expect(status.views).toMatchObject([{ view: again.view, first: 0, end: 600, error: null }]);
  });
});
