/** A server with many connections of another program. */
import { expect, it } from 'vitest';
import { onStage } from './peers.ts';

const CONNECTIONS = 50;

it(
  'a server with 50 python connections hears each one and is heard by all',
  onStage(async (stage) => {
    const live = await stage.open('tcp-server', '127.0.0.1:0');
    const python = await stage.python();
    const names = await python.connect(live.local, { count: CONNECTIONS });
    await live.row({ kind: 'connection' }, CONNECTIONS);
    expect(
      live.session
        .peers(0, 100)
        .peers.map((peer) => peer.remote)
        .sort(),
    ).toEqual([...names].sort());
    await live.act('getConnections');
    expect((await live.row({ kind: 'getConnections' })).meta).toEqual({ count: CONNECTIONS });

    const exchange = python.exchange();
    for (const [index, name] of names.entries()) {
      const peer = live.session.peers(0, 100).peers.find((one) => one.remote === name)?.peer ?? 0;
      await live.row({ kind: 'data', direction: 'in', peer });
      expect(live.recorded('in', peer).toString()).toBe(`${index}\n`);
    }
    expect(await live.send(Buffer.from('to everybody\n'))).toMatchObject({ peers: CONNECTIONS });
    expect(await exchange).toEqual(names.map(() => 'to everybody\n'));

    await live.act('close');
    expect(live.status).toMatchObject({ state: 'closing', peers: { open: CONNECTIONS } });
    await python.reset(0);
    await live.row({ kind: 'error', meta: { code: 'ECONNRESET' } });
    await python.shutdown(1);
    await live.row({ kind: 'end', direction: 'in' });
    await live.until(() => live.status.peers.open === CONNECTIONS - 2, 'two connections to end');
    await python.kill();
    await live.until(() => live.status.state === 'closed', 'the last connection to end');
    expect(live.rows.at(-2)).toMatchObject({ kind: 'close', peer: 0 });
    expect(live.status.peers).toEqual({ total: CONNECTIONS, open: 0 });
  }),
);

it(
  'connections above maxConnections are dropped: python sees the end, and a row says so',
  onStage(async (stage) => {
    const live = await stage.open('tcp-server', '127.0.0.1:0', { maxConnections: 2 });
    const python = await stage.python();
    const names = await python.connect(live.local, { count: 3 });
    const drop = await live.row({ kind: 'drop', meta: { maxConnections: 2 } });
    expect(names).toContain(drop.meta.remote);
    const dropped = names.indexOf(String(drop.meta.remote));
    expect(await python.receiveEnd(dropped)).toMatchObject({ count: 0 });
    expect(live.status.peers).toEqual({ total: 2, open: 2 });
  }),
);
