/** A WebSocket server under test, and a plain socket that asks it for what a test says. */
import { onTestFinished } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { webSocketServerSpec } from '../../src/drivers/websocket/server-spec.ts';
import { webSocketServer } from '../../src/drivers/websocket/server.ts';
import { checkOptions } from '../../src/drivers/spec.ts';
import { FakeContext } from './fake-context.ts';
import { valueOf } from './outcome.ts';
import { dial, type TcpRemote } from './tcp-remote.ts';

export interface Listening {
  readonly context: FakeContext;
  readonly driver: Driver;
  /** host:port */
  readonly address: string;
}

/** Not opened yet; closed when the test has finished. */
export function makeServer(options: Options = {}, address = '127.0.0.1:0'): Omit<Listening, 'address'> {
  const context = new FakeContext(webSocketServerSpec, address);
  const driver = valueOf(webSocketServer.create(context, valueOf(checkOptions(webSocketServerSpec, options))));
  onTestFinished(async () => {
    void driver.close();
    await driver.close();
  });
  return { context, driver };
}

export async function listening(options: Options = {}, address?: string): Promise<Listening> {
  const { context, driver } = makeServer(options, address);
  valueOf(await driver.open(new AbortController().signal));
  return { context, driver, address: context.ends.local ?? '' };
}

const USUAL: Readonly<Record<string, string>> = {
  Host: 'localhost',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  // RFC 6455 §1.3
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

/** A handshake. @param headers in place of the usual ones or besides them; null leaves one out */
export function requestOf(headers: Readonly<Record<string, string | null>> = {}, line = 'GET / HTTP/1.1'): string {
  const lines = Object.entries({ ...USUAL, ...headers }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return [line, ...lines, '', ''].join('\r\n');
}

export async function plainClient(address: string): Promise<TcpRemote> {
  const remote = await dial(address);
  onTestFinished(() => {
    remote.destroy();
  });
  return remote;
}

/** The answer to a request: its head, and the body as far as it has come when the connection ended. */
export async function answerTo(address: string, request: string | Uint8Array): Promise<string> {
  const remote = await plainClient(address);
  await remote.write(Buffer.from(request));
  await remote.until(() => remote.hasEnded || remote.received.toString().startsWith('HTTP/1.1 101'), 'the answer');
  remote.end();
  return remote.received.toString();
}
