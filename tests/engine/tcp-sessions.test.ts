import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { driverModules } from '../../src/drivers/node.ts';
import { kindTable } from '../../src/shared/record.ts';
import { engineBench } from '../support/engine-bench.ts';
import { EngineWindow } from '../support/engine-window.ts';
import { leavingNothing } from '../support/leaks.ts';
import { errorOf, valueOf } from '../support/outcome.ts';

/** Runs with one window on an engine with the real drivers. */
async function withWindow(run: (window: EngineWindow) => Promise<void>): Promise<void> {
  await leavingNothing(async () => {
    const bench = engineBench({ drivers: driverModules });
    try {
      await run(new EngineWindow(bench.connect()));
      expect(bench.bugs).toEqual([]);
    } finally {
      await bench.dispose();
    }
  });
}

const clientKinds = kindTable(driverModules.find((driver) => driver.spec.id === 'tcp-client')?.spec.kinds ?? []);

describe('a server and a client of one engine', () => {
  it('talk over a real socket, and both recordings tell the whole story', async () => {
    await withWindow(async (window) => {
      const server = await window.open('tcp-server', '127.0.0.1:0', { behaviour: 'echo' });
      const { local } = window.status(server);
      expect(local).toMatch(/^127\.0\.0\.1:\d+$/);
      const client = await window.open('tcp-client', local ?? '');
      const bytes = new TextEncoder().encode('hello world\n');
      const sent = valueOf(
        await window.client.call('session.send', {
          session: client,
          peer: null,
          source: { type: 'bytes', bytes },
          then: 'end',
        }),
      );
      expect(sent).toMatchObject({ bytes: 12, peers: 1 });
      await window.until(client, ({ state }) => state === 'closed', 'the client to end');
      await window.until(server, ({ peers }) => peers.total === 1 && peers.open === 0, 'the server to see the end');
      expect(window.status(client).counters).toEqual({ bytesIn: 12, bytesOut: 12, messagesIn: 1, messagesOut: 1 });
      expect(window.status(server).counters).toEqual({ bytesIn: 12, bytesOut: 12, messagesIn: 1, messagesOut: 1 });
      const rows = await window.rows(client);
      const kinds = rows.map((row) => clientKinds[row.kind]);
      expect(kinds).toEqual(expect.arrayContaining(['state', 'connectionAttempt', 'connect', 'data', 'end', 'close']));
      const received = rows.find((row) => row.direction === 'in' && clientKinds[row.kind] === 'data');
      expect(new TextDecoder().decode(received?.payload)).toBe('hello world\n');
      expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index));
      valueOf(await window.client.call('session.close', { session: server }));
      await window.until(server, ({ state }) => state === 'closed', 'the server to be closed');
    });
  });

  it('move a file whole, to every connection at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wirebench-tcp-'));
    const path = join(folder, 'file.bin');
    const content = randomBytes(3_000_000);
    await writeFile(path, content);
    try {
      await withWindow(async (window) => {
        const server = await window.open('tcp-server', '127.0.0.1:0');
        const address = window.status(server).local ?? '';
        const clients = [await window.open('tcp-client', address), await window.open('tcp-client', address)];
        await window.until(server, ({ peers }) => peers.open === 2, 'both connections');
        const sent = valueOf(
          await window.client.call('session.send', {
            session: server,
            peer: null,
            source: { type: 'file', path },
            then: null,
          }),
        );
        expect(sent).toMatchObject({ bytes: content.length, peers: 2 });
        for (const session of clients) {
          await window.until(session, ({ counters }) => counters.bytesIn === content.length, 'the whole file');
          const hash = createHash('sha256');
          for (const row of await window.rows(session)) {
            if (row.direction !== 'in' || clientKinds[row.kind] !== 'data') continue;
            for (let offset = 0; offset < row.payloadLength;) {
              const part = valueOf(
                await window.client.call('payload', { session, seq: row.seq, offset, length: 65_536 }),
              );
              hash.update(part.bytes);
              offset += part.bytes.length;
            }
          }
          expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
        }
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('can be opened again on the same recording after a refusal', async () => {
    await withWindow(async (window) => {
      const server = await window.open('tcp-server', '127.0.0.1:0');
      const address = window.status(server).local ?? '';
      valueOf(await window.client.call('session.close', { session: server }));
      const config = { protocol: 'tcp-client', address, options: {} };
      const session = await window.create(config);
      const refused = errorOf(await window.client.call('session.open', { session, config }));
      expect(refused).toMatchObject({ code: 'connection-refused', errno: 'ECONNREFUSED' });
      await window.until(session, ({ state, error }) => state === 'failed' && error !== null, 'the failure');
      expect(window.status(session).error).toEqual(refused);
      const again = { protocol: 'tcp-server', address, options: {} };
      valueOf(await window.client.call('session.open', { session: server, config: again }));
      valueOf(await window.client.call('session.open', { session, config }));
      await window.until(session, ({ state, error }) => state === 'open' && error === null, 'the connection');
      expect((await window.rows(session)).map((row) => row.seq)).toEqual(
        (await window.rows(session)).map((_, index) => index),
      );
    });
  });
});
