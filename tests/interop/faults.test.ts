/** Peers that refuse, reset, vanish, or hold the address that we want. */
import { access } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LiveSession } from '../support/live-session.ts';
import { errorOf, valueOf } from '../support/outcome.ts';
import { networks, onStage, startClient, startServer, type Stage } from './peers.ts';
import { addressOf } from './python.ts';

const hosts = ['127.0.0.1', '::1'] as const;

/** Opening this is to fail. */
async function refusal(stage: Stage, protocol: string, address: string): ReturnType<LiveSession['open']> {
  return stage.keep(new LiveSession(protocol)).open(address);
}

describe('a reset', () => {
  it.each(hosts)('by python (SO_LINGER 0) fails our client with ECONNRESET on %s', (host) =>
    onStage(async (stage) => {
      const python = await stage.python();
      const address = await python.listen([host, 0]);
      const live = await stage.open('tcp-client', address);
      await python.accept();
      await python.reset();
      await live.row({ kind: 'error', meta: { code: 'ECONNRESET' } });
      await live.until(() => live.status.state === 'failed', 'the session to fail');
      expect(live.status.error).toMatchObject({ code: 'connection-reset', errno: 'ECONNRESET' });
      expect(live.status.error?.message).toContain(address);
      expect(live.session.peers(0, 1).peers[0]?.state).toBe('reset');
      expect(live.count({ kind: 'close', meta: { hadError: true } })).toBe(1);
    })(),
  );

  it.each(hosts)('by python ends one connection of our server on %s and nothing else', (host) =>
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', addressOf([host, 0]));
      const python = await stage.python();
      const [, second] = await python.connect(live.local, { count: 2 });
      await live.row({ kind: 'connection' }, 2);
      await python.reset();
      const { peer } = await live.row({ kind: 'error', meta: { code: 'ECONNRESET' } });
      await live.row({ kind: 'close', peer, meta: { hadError: true } });
      expect(live.status).toMatchObject({ state: 'open', error: null, peers: { total: 2, open: 1 } });
      const other = live.session.peers(0, 2).peers.find((one) => one.state === 'open');
      expect(other?.remote).toBe(second);
    })(),
  );

  it.each(hosts)('by our client is a ConnectionResetError in python on %s', (host) =>
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen([host, 0]));
      await python.accept();
      await live.act('resetAndDestroy');
      expect(await python.failToReceive()).toEqual({ error: 'ConnectionResetError', errno: 'ECONNRESET' });
      await live.until(() => live.status.state === 'closed', 'the end of the session');
      expect(live.session.peers(0, 1).peers[0]?.state).toBe('reset');
    })(),
  );

  it.each(hosts)('by our server is a ConnectionResetError in python on %s', (host) =>
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', addressOf([host, 0]));
      const python = await stage.python();
      await python.connect(live.local);
      await live.row({ kind: 'connection' });
      await live.act('resetAndDestroy', 1);
      expect(await python.failToReceive()).toEqual({ error: 'ConnectionResetError', errno: 'ECONNRESET' });
      expect(live.status.state).toBe('open');
    })(),
  );

  it(
    'of a Unix-domain socket is not possible, and the connection stays',
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen(await stage.path()));
      await python.accept();
      expect(errorOf(await live.session.act('resetAndDestroy', null)).code).toBe('not-supported');
      await live.send(Buffer.from('ok'));
      expect(await python.receive(2)).toEqual(Buffer.from('ok'));
    }),
  );
});

describe('a peer killed by kill -9', () => {
  it.each(networks)('with nothing unread is an end like any other over %s', (network) =>
    onStage(async (stage) => {
      const { peer, address, accepted } = await startServer(stage, 'python3', network);
      const live = await stage.open('tcp-client', address);
      await accepted();
      await peer.kill();
      await live.row({ kind: 'end', direction: 'in' });
      await live.until(() => live.status.state === 'closed', 'the end of the session');
      expect(live.status.error).toBeNull();
    })(),
  );

  it.each(['IPv4', 'IPv6'] as const)('with unread bytes is a reset over %s', (network) =>
    onStage(async (stage) => {
      const { peer, address, accepted } = await startServer(stage, 'python3', network);
      const live = await stage.open('tcp-client', address);
      await accepted();
      await live.send(Buffer.from('nobody reads this'));
      await peer.kill();
      await live.until(() => live.status.state === 'failed', 'the session to fail');
      expect(live.status.error).toMatchObject({ code: 'connection-reset', errno: 'ECONNRESET' });
    })(),
  );

  it.each(['socat', 'nc', 'ncat'] as const)('leaves our server listening (%s)', (name) =>
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0');
      const peer = await startClient(stage, name, live.local);
      await live.row({ kind: 'connection' });
      await peer.send(Buffer.from('x'));
      await live.row({ kind: 'data', direction: 'in' });
      await peer.kill();
      await live.row({ kind: 'close', peer: 1 });
      expect(live.status).toMatchObject({ state: 'open', peers: { total: 1, open: 0 } });
      const next = await startClient(stage, name, live.local);
      await next.send(Buffer.from('y'));
      await live.row({ kind: 'data', direction: 'in', peer: 2 });
    })(),
  );

  it(
    'while our file is on its way ends the sending with an error',
    onStage(async (stage) => {
      const python = await stage.python();
      const live = await stage.open('tcp-client', await python.listen(['127.0.0.1', 0], 16_384));
      await python.accept();
      const sending = live.session.send(null, { type: 'bytes', bytes: new Uint8Array(16 * 1024 * 1024) }, null);
      await live.row({ kind: 'write' });
      await python.kill();
      const error = errorOf(await sending);
      expect(['connection-reset', 'broken-pipe']).toContain(error.code);
      await live.until(() => live.status.state === 'failed', 'the session to fail');
    }),
  );
});

describe('an address', () => {
  it.each(hosts)('that is bound but has no listener refuses us on %s', (host) =>
    onStage(async (stage) => {
      const python = await stage.python();
      const address = await python.bind([host, 0]);
      const error = errorOf(await refusal(stage, 'tcp-client', address));
      expect(error).toMatchObject({ code: 'connection-refused', errno: 'ECONNREFUSED' });
      expect(error.message).toContain(address);
    })(),
  );

  it(
    'of a socket file that nobody listens at any more refuses us',
    onStage(async (stage) => {
      const python = await stage.python();
      const address = await python.listen(await stage.path());
      await python.kill();
      const error = errorOf(await refusal(stage, 'tcp-client', address));
      expect(error).toMatchObject({ code: 'connection-refused', errno: 'ECONNREFUSED' });
    }),
  );

  it.each(hosts)('that python listens at is in use for our server on %s', (host) =>
    onStage(async (stage) => {
      const python = await stage.python();
      const address = await python.listen([host, 0]);
      const error = errorOf(await refusal(stage, 'tcp-server', address));
      expect(error).toMatchObject({ code: 'address-in-use', errno: 'EADDRINUSE' });
      expect(error.message).toContain(address);
      await python.unlisten();
      valueOf(await refusal(stage, 'tcp-server', address));
    })(),
  );

  it(
    'with a socket file that a killed program left is in use, and the hint says so',
    onStage(async (stage) => {
      const python = await stage.python();
      const address = await python.listen(await stage.path());
      expect(errorOf(await refusal(stage, 'tcp-server', address)).hint).not.toContain('left the file behind');
      await python.kill();
      const error = errorOf(await refusal(stage, 'tcp-server', address));
      expect(error).toMatchObject({ code: 'address-in-use', errno: 'EADDRINUSE' });
      expect(error.hint).toContain('left the file behind');
      // It is for the person to remove it.
      await access(address);
    }),
  );
});
