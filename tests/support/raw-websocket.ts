/** The other end of a WebSocket client as a plain socket: it answers what a test says, right or wrong. */
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { webSocketClientSpec } from '../../src/drivers/websocket/client-spec.ts';
import { WebSocketClient } from '../../src/drivers/websocket/client.ts';
import { checkOptions } from '../../src/drivers/spec.ts';
import { systemLookup } from '../../src/drivers/net/lookup.ts';
import type { Outcome } from '../../src/shared/errors.ts';
import { FakeContext } from './fake-context.ts';
import { valueOf } from './outcome.ts';
import { TcpOutside, type TcpRemote } from './tcp-remote.ts';

const HEAD_END = '\r\n\r\n';

/** The request as text, with its empty line. */
export async function requestTo(remote: TcpRemote): Promise<string> {
  await remote.until(() => remote.received.includes(HEAD_END), 'the head of the request');
  const text = remote.received.toString('latin1');
  return text.slice(0, text.indexOf(HEAD_END) + HEAD_END.length);
}

export function headerOf(head: string, name: string): string | undefined {
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim();
}

/** RFC 6455 §4.2.2, item 5.4 */
export function acceptFor(head: string): string {
  const key = headerOf(head, 'Sec-WebSocket-Key') ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** Agrees to the request. @param more headers, and bytes that follow in the same write */
export async function agree(
  remote: TcpRemote,
  more: { readonly headers?: readonly string[]; readonly rest?: Uint8Array } = {},
): Promise<string> {
  const head = await requestTo(remote);
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptFor(head)}`,
    ...(more.headers ?? []),
    '',
    '',
  ];
  await remote.write(Buffer.concat([Buffer.from(lines.join('\r\n')), more.rest ?? Buffer.alloc(0)]));
  return head;
}

/** One frame of a server: up to 125 bytes, not masked. @param first byte: FIN, RSV and opcode */
export function frame(first: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  const head =
    bytes.length < 126 ? Buffer.of(first, bytes.length) : Buffer.of(first, 126, bytes.length >> 8, bytes.length & 0xff);
  return Buffer.concat([head, bytes]);
}

/** @returns payload of a close frame */
export function closeBytes(code: number, reason = ''): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]);
}

export interface ReadFrame {
  /** FIN, RSV and opcode. */
  readonly first: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** What a client has sent behind its handshake, as whole frames, unmasked. */
export function framesOf(remote: TcpRemote): ReadFrame[] {
  const bytes = remote.received;
  const frames: ReadFrame[] = [];
  let at = bytes.indexOf(HEAD_END) + HEAD_END.length;
  while (at + 2 <= bytes.length) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const masked = second >= 128;
    let length = second & 127;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    const key = masked ? bytes.subarray(at, at + 4) : Buffer.alloc(4);
    at += masked ? 4 : 0;
    if (at + length > bytes.length) break;
    const payload = Buffer.from(bytes.subarray(at, at + length)).map((byte, index) => byte ^ (key[index % 4] ?? 0));
    frames.push({ first, masked, payload: Buffer.from(payload) });
    at += length;
  }
  return frames;
}

export async function rawServer(): Promise<TcpOutside> {
  const outside = await TcpOutside.listen('127.0.0.1');
  onTestFinished(() => outside.close());
  return outside;
}

export interface Opening {
  readonly context: FakeContext;
  readonly driver: Driver;
  readonly opened: Promise<Outcome>;
}

/** Begins to open a client, which is closed when the test has finished. */
export function connectTo(
  address: string,
  options: Options = {},
  environment: Readonly<Record<string, string>> = {},
): Opening {
  const context = new FakeContext(webSocketClientSpec, address);
  const checked = valueOf(checkOptions(webSocketClientSpec, options));
  const driver = new WebSocketClient(context, checked, systemLookup, environment);
  onTestFinished(async () => {
    void driver.close();
    await driver.close();
  });
  return { context, driver, opened: driver.open(new AbortController().signal) };
}

export interface RawConnection extends Opening {
  readonly remote: TcpRemote;
  readonly head: string;
}

/** An open client and the plain socket at its other end. */
export async function connected(
  options: Options = {},
  more: { readonly headers?: readonly string[]; readonly rest?: Uint8Array } = {},
): Promise<RawConnection> {
  const outside = await rawServer();
  const opening = connectTo(`ws://${outside.address}/`, options);
  const remote = await outside.next();
  const head = await agree(remote, more);
  valueOf(await opening.opened);
  return { ...opening, remote, head };
}
