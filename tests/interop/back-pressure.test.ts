/** A reader that stops, on either side: the writer waits, nothing is lost, and the rows say what happens. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { onStage } from './peers.ts';

const MIB = 1024 * 1024;

/** More than the system's buffers of both ends take together, with the reader's kept small (tcp(7), tcp_wmem). */
const FLOOD = 16 * MIB;
const SMALL_BUFFER = 16_384;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('a python peer that does not read', () => {
  it(
    'makes our client’s write return false; drain comes after it has read, and all has arrived',
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen(['127.0.0.1', 0], SMALL_BUFFER));
      await python.accept();
      const bytes = randomBytes(FLOOD);
      let isSent = false;
      const sending = live.session.send(null, { type: 'bytes', bytes }, 'end').then((outcome) => {
        isSent = true;
        return outcome;
      });
      const { meta } = await live.row({ kind: 'write', direction: 'none' });
      expect(Number(meta.queued)).toBeGreaterThan(0);
      // A round trip on another connection: the event loop has turned meanwhile.
      await python.connect(await listenBeside());
      expect(isSent).toBe(false);
      expect(live.count({ kind: 'drain' })).toBe(0);
      expect(Number(live.status.facts.writableLength)).toBeGreaterThan(0);

      expect(await python.receiveEnd()).toEqual({ count: FLOOD, sha256: sha256(bytes) });
      expect((await live.row({ kind: 'drain' })).meta).toEqual({ was: meta.queued });
      expect(await sending).toMatchObject({ ok: true, value: { bytes: FLOOD, peers: 1 } });
      const kinds = live.rows.map((row) => row.kind);
      expect(kinds.indexOf('drain')).toBeGreaterThan(kinds.indexOf('write'));

      async function listenBeside(): Promise<string> {
        return (await stage.open('tcp-server', '127.0.0.1:0')).local;
      }
    }),
  );

  it(
    'does not hold up the other connections of our server',
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const slow = await stage.python();
      await slow.connect(live.local, { receiveBuffer: SMALL_BUFFER });
      await live.row({ kind: 'connection' });
      const quick = await stage.python();
      await quick.connect(live.local);
      await live.row({ kind: 'connection' }, 2);

      const bytes = randomBytes(FLOOD);
      const sending = live.send(bytes, 1);
      await live.row({ kind: 'write', peer: 1 });
      for (const text of ['one', 'two', 'three']) {
        await live.send(Buffer.from(text), 2);
        expect((await quick.receive(text.length)).toString()).toBe(text);
      }
      expect(live.count({ kind: 'drain', peer: 1 })).toBe(0);
      const reading = slow.receiveEnd();
      await sending;
      await live.row({ kind: 'drain', peer: 1 });
      await live.act('end', 1);
      expect(await reading).toEqual({ count: FLOOD, sha256: sha256(bytes) });
    }),
  );

  it(
    'stops an echo: our server reads no more than it can send back',
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0', { behaviour: 'echo', allowHalfOpen: true });
      const python = await stage.python();
      await python.connect(live.local, { receiveBuffer: SMALL_BUFFER });
      const sent = await python.fill(4 * FLOOD);
      expect(sent).toBeLessThan(4 * FLOOD);
      await live.row({ kind: 'pause', meta: { by: 'echo' } });
      expect(live.status.counters.bytesIn).toBeLessThanOrEqual(sent);
      await python.shutdown();
      expect(await python.receiveEnd()).toEqual({ count: sent, sha256: sha256(new Uint8Array(sent)) });
      await live.row({ kind: 'resume', meta: { by: 'echo' } });
      await live.row({ kind: 'close', meta: { bytesRead: sent, bytesWritten: sent } });
    }),
  );
});

describe('when we stop reading', () => {
  it(
    'python is stopped, nothing is recorded meanwhile, and all of it comes when we read again',
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen(['127.0.0.1', 0]), { sha256: true });
      await python.accept();
      expect(live.session.setReading(null, false).ok).toBe(true);
      await live.row({ kind: 'pause' });
      const sent = await python.fill(4 * FLOOD);
      expect(sent).toBeLessThan(4 * FLOOD);
      expect(live.count({ kind: 'data', direction: 'in' })).toBe(0);

      expect(live.session.setReading(null, true).ok).toBe(true);
      await python.zeros(4 * FLOOD - sent);
      await python.end();
      const close = await live.row({ kind: 'close', meta: { hadError: false } });
      expect(close.meta).toMatchObject({ bytesRead: 4 * FLOOD, sha256In: sha256(new Uint8Array(4 * FLOOD)) });
    }),
  );

  it(
    'one connection waits and the others are read',
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const [waiting, read] = [await stage.python(), await stage.python()];
      await waiting.connect(live.local);
      await live.row({ kind: 'connection' });
      await read.connect(live.local);
      await live.row({ kind: 'connection' }, 2);
      expect(live.session.setReading(1, false).ok).toBe(true);
      await waiting.send(Buffer.from('later'));
      await read.send(Buffer.from('now'));
      await live.row({ kind: 'data', peer: 2 });
      expect(live.count({ kind: 'data', peer: 1 })).toBe(0);
      expect(live.session.setReading(1, true).ok).toBe(true);
      await live.row({ kind: 'data', peer: 1 });
      expect(live.recorded('in', 1).toString()).toBe('later');
    }),
  );
});
