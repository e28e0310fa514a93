/** One side has said its last word and still listens: in each direction, with peers that do it on their own. */
import { describe, expect, it } from 'vitest';
import { onStage, startClient, startServer } from './peers.ts';

const halfOpen = { allowHalfOpen: true };
const lastWords = Buffer.from('still here\n');

describe('a peer that ends first', () => {
  it.each(['socat', 'nc', 'ncat', 'python3'] as const)(
    'still gets what our server sends to %s, when half-open is allowed',
    (name) =>
      onStage(async (stage) => {
        const live = await stage.open('tcp-server', '127.0.0.1:0', halfOpen);
        const peer = await startClient(stage, name, live.local);
        await live.row({ kind: 'connection' });
        await peer.end();
        await live.row({ kind: 'end', direction: 'in', meta: { halfOpen: true } });
        expect(live.session.peers(0, 1).peers[0]?.state).toBe('half-closed-remote');
        await live.send(lastWords);
        expect(await peer.receive(lastWords.length)).toEqual(lastWords);
        await live.act('end', 1);
        await live.row({ kind: 'close', meta: { hadError: false, bytesWritten: lastWords.length } });
      })(),
  );

  it.each(['socat', 'nc', 'python3'] as const)(
    'still gets what our client sends to %s, when half-open is allowed',
    (name) =>
      onStage(async (stage) => {
        const { peer, address, accepted } = await startServer(stage, name, 'IPv6');
        const live = await stage.open('tcp-client', address, halfOpen);
        await accepted();
        await peer.end();
        await live.row({ kind: 'end', direction: 'in', meta: { halfOpen: true } });
        expect(live.status.state).toBe('open');
        await live.send(lastWords);
        expect(await peer.receive(lastWords.length)).toEqual(lastWords);
        await live.act('end');
        await live.until(() => live.status.state === 'closed', 'the end of the session');
      })(),
  );

  it(
    'is answered with FIN by ourselves when half-open is not allowed',
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const python = await stage.python();
      await python.connect(live.local);
      await python.shutdown();
      await live.row({ kind: 'end', direction: 'in', meta: { halfOpen: false } });
      await live.row({ kind: 'end', direction: 'out', meta: { auto: 'allowHalfOpen' } });
      expect(await python.receiveEnd()).toMatchObject({ count: 0 });
      await live.row({ kind: 'close', meta: { hadError: false } });
    }),
  );
});

describe('when we end first', () => {
  it.each(['socat', 'python3'] as const)('our client still gets what %s sends afterwards', (name) =>
    onStage(async (stage) => {
      const { peer, address, accepted } = await startServer(stage, name, 'IPv4');
      const live = await stage.open('tcp-client', address);
      await accepted();
      await live.act('end');
      await live.until(() => live.session.peers(0, 1).peers[0]?.state === 'half-closed-local', 'FIN to be sent');
      await peer.send(lastWords);
      await live.row({ kind: 'data', direction: 'in' });
      expect(live.recorded('in')).toEqual(lastWords);
      await peer.end();
      await live.row({ kind: 'close', meta: { hadError: false, bytesRead: lastWords.length } });
      expect(live.rows.filter((row) => row.kind === 'end').map((row) => row.direction)).toEqual(['out', 'in']);
    })(),
  );

  it.each(['socat', 'python3'] as const)('our server still gets what %s sends afterwards', (name) =>
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const peer = await startClient(stage, name, live.local);
      await live.row({ kind: 'connection' });
      await live.act('end', 1);
      await live.until(() => live.session.peers(0, 1).peers[0]?.state === 'half-closed-local', 'FIN to be sent');
      await peer.send(lastWords);
      await live.row({ kind: 'data', direction: 'in' });
      expect(live.recorded('in')).toEqual(lastWords);
      await peer.end();
      await live.row({ kind: 'close', meta: { hadError: false, bytesRead: lastWords.length } });
    })(),
  );

  it(
    'the peer reads all that was sent before the FIN, then the end',
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen(['127.0.0.1', 0]));
      await python.accept();
      const bytes = new Uint8Array(300_000).fill(7);
      const sending = live.session.send(null, { type: 'bytes', bytes }, 'end');
      expect(await python.receiveEnd()).toMatchObject({ count: bytes.length });
      expect(await sending).toMatchObject({ ok: true });
    }),
  );

  it(
    'socat in one direction ends by itself after our FIN, and we see a clean close',
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const port = live.local.split(':')[1] ?? '';
      const socat = await stage.program('socat', ['-u', `TCP4:127.0.0.1:${port},shut-down`, '-']);
      await live.row({ kind: 'connection' });
      await live.send(lastWords);
      await live.act('end', 1);
      expect(await socat.receive(lastWords.length)).toEqual(lastWords);
      expect(await socat.exited()).toEqual({ code: 0, signal: null });
      await live.row({ kind: 'close', meta: { hadError: false } });
    }),
  );
});
