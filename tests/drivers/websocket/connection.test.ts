/** One connection without a system under it, so that what takes turns elsewhere comes in the order in which a fault was found. */
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wireOf } from '../../../src/drivers/net/wire.ts';
import { webSocketClientSpec } from '../../../src/drivers/websocket/client-spec.ts';
import type { ConnectionOptions, ConnectionSetup } from '../../../src/drivers/websocket/connection-setup.ts';
import { Connection } from '../../../src/drivers/websocket/connection.ts';
import { Deflater } from '../../../src/drivers/websocket/deflate.ts';
import { CLOSE_GRACE_MS } from '../../../src/shared/limits.ts';
import { FakeContext } from '../../support/fake-context.ts';
import { MemorySocket } from '../../support/memory-socket.ts';
import { turn, until, valueOf } from '../../support/outcome.ts';
import { closeBytes, frame } from '../../support/raw-websocket.ts';

const options: ConnectionOptions = {
  maxPayload: 1000,
  fragmentSize: null,
  deflateThreshold: 0,
  pingInterval: 0,
  holdPongs: false,
  closeTimeout: 0,
  setNoDelay: false,
  setTimeout: 0,
  setKeepAlive: false,
  keepAliveInitialDelay: 0,
};
const side = { windowBits: 15, contextTakeover: false };

/** A client's. */
function connect(deflate: ConnectionSetup['deflate'] = null): {
  readonly context: FakeContext;
  readonly socket: MemorySocket;
  readonly connection: Connection;
} {
  const context = new FakeContext(webSocketClientSpec, 'ws://peer');
  const socket = new MemorySocket(null);
  const connection = new Connection({
    context,
    role: 'client',
    wire: wireOf(socket, null),
    tcp: socket,
    peer: context.peerOpened({ local: 'here', remote: 'peer' }),
    remote: 'peer',
    options,
    deflate,
    agreed: { subprotocol: '', extensions: '' },
    paused: false,
    onClosed: (error) => context.closed(error),
  });
  connection.begin();
  return { context, socket, connection };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['that cannot be inflated', frame(0xc1, 'no deflate'), 1007],
  ['that is too long when it is inflated', frame(0xc2, deflateRawSync(Buffer.alloc(options.maxPayload + 1))), 1009],
])('nothing is read behind a message %s', async (_what, wrong, code) => {
  const { context, socket } = connect({ send: side, receive: side });
  socket.arrive(Buffer.concat([wrong, frame(0x89, 'ping'), wrong, frame(0x81, 'text'), frame(0x88, closeBytes(1000))]));
  socket.arrive(frame(0x81, 'text'));
  socket.peerEnds();
  await until(() => context.closes.length === 1);
  const incoming = context.records.filter(({ direction }) => direction === 'in').map(({ kind }) => kind);
  expect(incoming).toEqual(['frame', 'violation', 'end']);
  expect(context.of('violation')[0]?.meta.code).toBe(code);
  expect(context.of('close', 'out')).toHaveLength(1);
});

test.each([
  ['answered', frame(0x88, closeBytes(1000))],
  ['broken the protocol', frame(0x8b)],
])(
  'a peer that has %s does not get all the time of an answer when our close frame leaves late',
  async (_how, bytes) => {
    const { context, socket, connection } = connect();
    socket.block();
    valueOf(connection.close(1000, ''));
    socket.arrive(bytes);
    socket.unblock();
    await turn();
    expect(context.closes).toEqual([]);
    vi.advanceTimersByTime(CLOSE_GRACE_MS);
    await until(() => context.closes.length === 1);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test('a compression that is closed while it is under way answers with nothing, and throws nothing', async () => {
  const deflater = new Deflater(side);
  const waiting = deflater.deflate(Buffer.alloc(100_000, 'compress me'));
  deflater.close();
  expect(await waiting).toBeNull();
  expect(await deflater.deflate(Buffer.from('late'))).toBeNull();
  // zlib's thread comes back after this.
  for (let count = 0; count < 1000; count += 1) await turn();
});
