/** Our client against every case of frames in RFC 6455 and RFC 7692 that can be tried on a client: the test is the server. */
import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { wireOf } from '../../../src/drivers/net/wire.ts';
import { allCases } from '../../../src/drivers/websocket/check/cases.ts';
import type { CheckCase, FramesCase } from '../../../src/drivers/websocket/check/check-case.ts';
import { agreedDeflate } from '../../../src/drivers/websocket/check/handshake.ts';
import { play } from '../../../src/drivers/websocket/check/play.ts';
import { notTried, type Tried } from '../../../src/drivers/websocket/check/tried.ts';
import { resultOf } from '../../../src/drivers/websocket/check/try-case.ts';
import type { CheckResult } from '../../../src/shared/checks.ts';
import { acceptFor, connectTo, type Opening } from '../../support/raw-websocket.ts';

const AT_ONCE = 8;
const HEAD_END = '\r\n\r\n';
const ROOMY = 16 * 1024 * 1024;

/**
 * A good message and a violation in one write: the client has failed the connection before the person at it, who is this
 * test, can send anything back, which the matrix lets pass. That the message was taken is what its row says.
 */
const TOO_QUICK_FOR_A_PERSON: readonly string[] = [
  'fragment.continuation-after-end',
  'fragment.continuation-after-text',
  'rsv.after-message-1',
  'rsv.after-message-2',
  'rsv.after-message-4',
];

function isForClients(one: CheckCase): one is FramesCase {
  return one.type === 'frames' && one.subject !== 'server';
}

/** The head of the request; nothing follows it before the answer. */
async function requestOf(socket: Socket): Promise<string> {
  let head = '';
  while (!head.includes(HEAD_END)) {
    const [bytes]: unknown[] = await once(socket, 'data');
    if (Buffer.isBuffer(bytes)) head += bytes.toString('latin1');
  }
  socket.pause();
  return head;
}

async function playServer(one: FramesCase, socket: Socket): Promise<Tried> {
  const head = await requestOf(socket);
  const answer = one.deflate?.answer ?? '';
  const offer = /^sec-websocket-extensions: *(.*)$/im.exec(head)?.[1] ?? '';
  const agreed = agreedDeflate([['Sec-WebSocket-Extensions', answer]], offer);
  if (answer !== '' && (agreed === null || typeof agreed === 'string')) {
    socket.destroy();
    return notTried('The client did not offer it.');
  }
  const wire = wireOf(socket, null);
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${acceptFor(head)}`,
      ...(answer === '' ? [] : [`Sec-WebSocket-Extensions: ${answer}`]),
    ].join('\r\n') + HEAD_END,
  );
  const deflate = answer === '' || agreed === null || typeof agreed === 'string' ? null : agreed.client;
  socket.resume();
  return play(one, { wire, role: 'server', deflate }, { patience: 5000, isTalkative: false, role: 'server' });
}

/** The person at the client, who sends back whatever comes. */
async function echo({ context, driver }: Opening): Promise<void> {
  for (let done = 0; ; done += 1) {
    const messages = (): typeof context.records =>
      context.records.filter(({ kind, direction }) => direction === 'in' && (kind === 'text' || kind === 'binary'));
    await context.until(() => messages().length > done || context.closes.length > 0, 'a message');
    const message = messages()[done];
    if (message === undefined) return;
    void driver.send(1, message.payload ?? Buffer.alloc(0), message.kind);
  }
}

async function tryOn(one: FramesCase): Promise<CheckResult> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const accepted = once(server, 'connection');
  const options = { deflate: one.deflate !== null, maxPayload: one.maxPayload ?? ROOMY };
  const opening = connectTo(`ws://127.0.0.1:${port}/`, options);
  const [socket]: unknown[] = await accepted;
  server.close();
  if (!(socket instanceof Socket)) throw new Error('no socket');
  const playing = playServer(one, socket);
  const opened = await opening.opened;
  if (opened.ok) await echo(opening);
  if (TOO_QUICK_FOR_A_PERSON.includes(one.id)) expect(opening.context.of('text', 'in')).toHaveLength(1);
  return resultOf(one, await playing);
}

it('keeps every MUST and every SHOULD of the matrix', { timeout: 180_000 }, async () => {
  const cases = allCases.filter(isForClients);
  const results: CheckResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let one = cases[next]; one !== undefined; one = cases[next]) {
      next += 1;
      results.push(await tryOn(one));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const count = (verdict: CheckResult['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  process.stdout.write(
    `rfc matrix, our client: ${cases.length} cases, ${count('passed')} passed, ${count('remark')} remarks, ${count('failed')} failed, ${count('not-tried')} not tried\n`,
  );
  const others = results.filter(({ verdict }) => verdict !== 'passed');
  expect(others.map(({ id, verdict, why, happened }) => ({ id, verdict, why, happened }))).toEqual([]);
});
