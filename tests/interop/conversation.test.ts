/** Text and a MiB of random bytes, both ways, with every program, in both roles, over every network. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LiveSession } from '../support/live-session.ts';
import { networks, onStage, programs, startClient, startServer, type Talker } from './peers.ts';

const MIB = 1024 * 1024;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** From the first greeting to the FIN of the other side. */
async function talk(live: LiveSession, peer: Talker): Promise<void> {
  // Escapes, a zero, a line end of each kind and more than ASCII: a terminal would change some of it.
  const question = Buffer.from('who is there?\r\n\0\t\x1b[31m 안녕 🙂\n');
  const answer = Buffer.from('\xff\xfe nobody\r', 'latin1');
  await peer.send(question);
  await live.until(() => live.status.counters.bytesIn === question.length, 'the question');
  expect(live.recorded('in')).toEqual(question);
  await live.send(answer);
  expect(await peer.receive(answer.length)).toEqual(answer);

  const theirs = randomBytes(MIB);
  const ours = randomBytes(MIB);
  const [received] = await Promise.all([
    // In turn: peer.py does one thing at a time.
    peer.send(theirs).then(() => peer.receive(MIB)),
    live.send(ours),
    live.until(() => live.status.counters.bytesIn === question.length + MIB, 'all that was sent to us'),
  ]);
  expect(sha256(received)).toBe(sha256(ours));
  const allIn = Buffer.concat([question, theirs]);
  const allOut = Buffer.concat([answer, ours]);
  expect(sha256(live.recorded('in'))).toBe(sha256(allIn));
  expect(sha256(live.recorded('out'))).toBe(sha256(allOut));

  await peer.end();
  await live.row({ kind: 'end', direction: 'in' });
  const close = await live.row({
    kind: 'close',
    meta: {
      hadError: false,
      bytesRead: allIn.length,
      bytesWritten: allOut.length,
      sha256In: sha256(allIn),
      sha256Out: sha256(allOut),
    },
  });
  expect(live.status.counters).toMatchObject({ bytesIn: allIn.length, bytesOut: allOut.length });
  expect(live.session.peers(0, 10).peers).toMatchObject([{ peer: close.peer, state: 'closed' }]);
}

describe.each(networks)('over %s', (network) => {
  it.each(programs)('our server talks with %s as the client, byte for byte', (name) =>
    onStage(async (stage) => {
      const at = await stage.place(network);
      const where = typeof at === 'string' ? at : network === 'IPv4' ? '127.0.0.1:0' : '[::1]:0';
      const live = await stage.open('tcp-server', where, { sha256: true });
      const peer = await startClient(stage, name, live.local);
      await live.row({ kind: 'connection' });
      await talk(live, peer);
      expect(live.status.state).toBe('open');
    })(),
  );

  it.each(programs)('our client talks with %s as the server, byte for byte', (name) =>
    onStage(async (stage) => {
      const { peer, address, accepted } = await startServer(stage, name, network);
      const live = await stage.open('tcp-client', address, { sha256: true });
      await accepted();
      expect(live.status.remote).toBe(address);
      await talk(live, peer);
      await live.until(() => live.status.state === 'closed', 'the end of the session');
    })(),
  );
});
