/**
 * Sends WebSocket messages as fast as a socket takes them: each connection to
 * this bare server is upgraded by hand (RFC 6455, 4.2.2) and gets frames that
 * were encoded before (RFC 6455, 5.2: from a server they are not masked).
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { constants, deflateRawSync } from 'node:zlib';
import { numberOf, serveCalls } from '../support/serve.ts';

/** RFC 6455, 1.3. */
const HANDSHAKE_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Bytes of frames that are written at once, about. */
const BATCH_BYTES = 256 * 1024;

const FINAL_TEXT = 0x81;
/** RSV1: compressed (RFC 7692, 6). */
const FINAL_COMPRESSED_TEXT = 0xc1;

/** What ends each block of `Z_SYNC_FLUSH`, and is left out (RFC 7692, 7.2.1). */
const FLUSH_TAIL_BYTES = 4;

const closeFrame = Buffer.from([0x88, 2, 0x03, 0xe8]);

/** Without what came before it, so that each can be sent any number of times. */
function compress(message: Buffer): Buffer {
  const flushed = deflateRawSync(message, { finishFlush: constants.Z_SYNC_FLUSH });
  return flushed.subarray(0, -FLUSH_TAIL_BYTES);
}

function frame(size: number, compressed: boolean): Buffer {
  const message = Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. ');
  const payload = compressed ? compress(message) : message;
  const { length } = payload;
  const first = compressed ? FINAL_COMPRESSED_TEXT : FINAL_TEXT;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  return Buffer.concat([Buffer.from([first, 126, length >> 8, length & 0xff]), payload]);
}

async function handshake(socket: Socket, compressed: boolean): Promise<void> {
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    await once(socket, 'readable');
    const bytes: unknown = socket.read();
    if (Buffer.isBuffer(bytes)) head += bytes.toString('latin1');
  }
  const key = /^sec-websocket-key:\s*(\S+)/im.exec(head)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(key + HANDSHAKE_KEY)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${
      compressed ? 'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n' : ''
    }\r\n`,
  );
}

async function send(socket: Socket, batch: Buffer, batches: number, compressed: boolean): Promise<void> {
  await handshake(socket, compressed);
  for (let sent = 0; sent < batches; sent += 1) {
    if (!socket.write(batch)) await once(socket, 'drain');
  }
  // The client answers with its own close frame.
  socket.once('readable', () => socket.end());
  socket.write(closeFrame);
}

serveCalls({
  /** @returns the port, and how many messages each connection gets: `messages` or a few more */
  async listen(settings) {
    const compressed = numberOf(settings, 'compressed') === 1;
    const one = frame(numberOf(settings, 'size'), compressed);
    const each = Math.ceil(BATCH_BYTES / one.length);
    const batches = Math.ceil(numberOf(settings, 'messages') / each);
    const batch = Buffer.concat(Array.from({ length: each }, () => one));
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      void send(socket, batch, batches, compressed);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { port: address.port, messages: each * batches };
  },
});
