import { once } from 'node:events';
import { TLSSocket, connect as connectTls, createSecureContext } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { resetSocket } from '../../../src/drivers/net/reset-socket.ts';
import { makeCertificate } from '../../../src/drivers/websocket/certificate.ts';
import { TcpOutside, dial, type TcpRemote } from '../../support/tcp-remote.ts';

async function pair(): Promise<{ readonly ours: TcpRemote; readonly theirs: TcpRemote }> {
  const outside = await TcpOutside.listen('127.0.0.1');
  onTestFinished(() => outside.close());
  return { ours: await dial(outside.address), theirs: await outside.next() };
}

test.each(['at once', 'right behind its end', 'behind bytes and its end', 'when its end has left'])(
  'a socket is reset %s, and closes',
  async (when) => {
    const { ours, theirs } = await pair();
    const { socket } = ours;
    if (when.startsWith('behind bytes')) socket.write(Buffer.alloc(16 * 1024 * 1024));
    if (when !== 'at once') socket.end();
    if (when.startsWith('when')) await once(socket, 'finish');
    resetSocket(socket);
    await ours.until(() => ours.isClosed, 'the end');
    expect(ours.errno).toBeNull();
    await theirs.until(() => theirs.isClosed || theirs.hasEnded, 'the end as the peer sees it');
  },
);

test('a socket under TLS is reset right behind its end, and both close', async () => {
  const { ours, theirs } = await pair();
  const { cert, key } = makeCertificate(['127.0.0.1']);
  const server = new TLSSocket(theirs.socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
  server.on('error', () => undefined);
  const top = connectTls({ socket: ours.socket, ca: cert, host: '127.0.0.1' });
  await once(top, 'secureConnect');
  const closed = once(top, 'close');
  top.end();
  resetSocket(ours.socket, top);
  await closed;
  await ours.until(() => ours.isClosed, 'the end');
});
