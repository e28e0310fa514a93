import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { driverModules } from '../../src/drivers/node.ts';
import { defaultOptions } from '../../src/drivers/spec.ts';
import { nodeDiskFiles } from '../../src/engine/disk/disk-files.ts';
import type { Client } from '../../src/rpc/client.ts';
import { FaultyFiles } from '../support/faulty-files.ts';
import { HistoryBench, rowsOf, statusWhen } from '../support/history-bench.ts';
import { valueOf } from '../support/outcome.ts';

const MIB = 1024 * 1024;
/** Reading pauses when a MiB waits. */
const sizes = { blockBytes: 64 * 1024, flushMs: 1, behindBytes: MIB, slackBytes: 4 * MIB };

let made: HistoryBench;
const sockets: Socket[] = [];
beforeEach(async () => {
  made = await HistoryBench.make();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await made.dispose();
});

async function listen(client: Client): Promise<{ readonly session: string; readonly port: number }> {
  const module = driverModules.find(({ spec }) => spec.id === 'tcp-server');
  if (module === undefined) throw new Error('There is a TCP server');
  const config = { protocol: 'tcp-server', address: '127.0.0.1:0', options: defaultOptions(module.spec) };
  const { session } = valueOf(await client.call('session.create', { config }));
  const { status } = valueOf(await client.call('session.open', { session, config }));
  return { session, port: Number(status.local?.split(':').at(-1)) };
}

async function visitor(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

it('a disk that does not answer stops the peers, also later ones, and nothing is lost', async () => {
  const files = new FaultyFiles(nodeDiskFiles);
  const client = made.engine({ files, sizes }, { drivers: driverModules }).connect();
  const { session, port } = await listen(client);
  const first = await visitor(port);
  first.write('begin');
  await statusWhen(client, session, ({ recording }) => recording.id !== null && recording.waiting === 0);
  files.hold();
  const bytes = new Uint8Array(16 * MIB).map((_, index) => index % 251);
  first.end(bytes);
  const behind = await statusWhen(client, session, ({ recording }) => recording.isBehind);
  expect(behind.recording.waiting).toBeLessThan(3 * MIB);
  const second = await visitor(port);
  second.end('late');
  await statusWhen(client, session, ({ peers }) => peers.total === 2);
  // What one of them has sent by now is not read: neither the rest of the first, nor anything of the second.
  const held = await statusWhen(client, session, ({ recording }) => recording.waiting > 0);
  expect(held.counters.bytesIn).toBeLessThan(8 * MIB);
  expect(held.recording.lostRecords).toBe(0);
  files.release();
  const total = 5 + bytes.length + 4;
  const after = await statusWhen(client, session, ({ counters }) => counters.bytesIn === total);
  expect(after.recording).toMatchObject({ lostRecords: 0, error: null });
  const rows = await rowsOf(client, session);
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index));
  const notes = rows.map(({ meta }) => String(meta.message ?? '')).filter((message) => message.startsWith('Reading'));
  expect(notes.map((note) => note.split(' ').slice(0, 2).join(' '))).toContain('Reading paused:');
  expect(notes.at(-1)).toMatch(/^Reading resumed after/);
  const parts: Uint8Array[] = [];
  for (const { seq, peer, direction, payloadLength } of rows) {
    if (direction !== 'in' || peer !== 1 || payloadLength === 0) continue;
    parts.push(valueOf(await client.call('payload', { session, seq, offset: 0, length: MIB })).bytes);
  }
  expect(Buffer.concat(parts).subarray(5).equals(bytes)).toBe(true);
});

it('a disk that is full is waited for, and then everything is there', async () => {
  const files = new FaultyFiles(nodeDiskFiles);
  const client = made.engine({ files, sizes: { ...sizes, retryMs: 5 } }, { drivers: driverModules }).connect();
  const { session, port } = await listen(client);
  const socket = await visitor(port);
  socket.write('begin');
  await statusWhen(client, session, ({ recording }) => recording.id !== null && recording.waiting === 0);
  files.fault = { on: 'write', at: 1, times: 1e9, how: 'ENOSPC' };
  socket.write('more');
  const full = await statusWhen(client, session, ({ recording }) => recording.error !== null);
  expect(full.recording).toMatchObject({ isBehind: true, error: { code: 'disk-full', errno: 'ENOSPC' } });
  files.fault = null;
  socket.write(new Uint8Array(2 * MIB));
  const total = 5 + 4 + 2 * MIB;
  const after = await statusWhen(client, session, ({ counters, recording }) => {
    return counters.bytesIn === total && recording.waiting === 0;
  });
  expect(after.recording).toMatchObject({ error: null, isBehind: false, lostRecords: 0 });
  const messages = (await rowsOf(client, session)).map(({ meta }) => String(meta.message ?? ''));
  expect(messages.find((message) => message.startsWith('Reading paused'))).toContain('ENOSPC');
  expect(messages.some((message) => message.startsWith('Reading resumed'))).toBe(true);
});
