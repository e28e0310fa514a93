/**
 * The matrix of "Check this server" on the server of the `ws` package: what differs from the RFCs there, case by case.
 * Anything else that differs is news, of `ws` or of the matrix.
 */
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { checkCases } from '../../src/drivers/websocket/check/cases.ts';
import { checkServer } from '../../src/drivers/websocket/check/check-server.ts';
import type { CheckedCase, CheckVerdict } from '../../src/shared/checks.ts';
import { until, valueOf } from '../support/outcome.ts';

const UNKNOWN_LIMIT = 'its limit for messages is not known to whoever checks it';
const REFUSES_ALL = 'it refuses the whole handshake (400) in place of declining the extension';
const ANY_LENGTH = 'it takes a length that is not in its shortest form';
const LATE_UTF8 = 'it looks at a text only when all of it is there';

const differences: readonly (readonly [id: string, verdict: CheckVerdict, reason: string])[] = [
  ['handshake.no-host', 'remark', 'it does not ask for a Host header'],
  ['handshake.http-1.0', 'failed', 'it accepts an upgrade by HTTP/1.0'],
  ['handshake.subprotocol-unknown', 'remark', 'without handleProtocols it takes the first subprotocol, whatever it is'],
  ['handshake.extension-unknown-param', 'remark', REFUSES_ALL],
  ['handshake.extension-bits-7', 'remark', REFUSES_ALL],
  ['handshake.extension-bits-16', 'remark', REFUSES_ALL],
  ['handshake.extension-bits-zero', 'failed', 'it takes server_max_window_bits=010 for 10'],
  ['handshake.extension-bits-none', 'remark', REFUSES_ALL],
  ['handshake.extension-client-bits-7', 'remark', REFUSES_ALL],
  ['handshake.extension-value', 'remark', REFUSES_ALL],
  ['handshake.extension-twice', 'remark', REFUSES_ALL],
  ['framing.length-16-for-0', 'remark', ANY_LENGTH],
  ['framing.length-16-for-1', 'remark', ANY_LENGTH],
  ['framing.length-16-for-5', 'remark', ANY_LENGTH],
  ['framing.length-16-for-125', 'remark', ANY_LENGTH],
  ['framing.length-64-for-0', 'remark', ANY_LENGTH],
  ['framing.length-64-for-1', 'remark', ANY_LENGTH],
  ['framing.length-64-for-125', 'remark', ANY_LENGTH],
  ['framing.length-64-for-126', 'remark', ANY_LENGTH],
  ['framing.length-64-for-127', 'remark', ANY_LENGTH],
  ['framing.length-64-for-65535', 'remark', ANY_LENGTH],
  ['utf8.first-fragment-wrong', 'remark', LATE_UTF8],
  ['utf8.second-fragment-wrong', 'remark', LATE_UTF8],
  ['utf8.early-in-frame', 'remark', LATE_UTF8],
  ['limit.exact', 'not-tried', UNKNOWN_LIMIT],
  ['limit.above', 'not-tried', UNKNOWN_LIMIT],
  ['limit.above-in-fragments', 'not-tried', UNKNOWN_LIMIT],
  ['limit.announced', 'not-tried', UNKNOWN_LIMIT],
  ['limit.announced-text', 'not-tried', UNKNOWN_LIMIT],
  ['deflate.bomb', 'not-tried', UNKNOWN_LIMIT],
  ['deflate.bomb-fragments', 'not-tried', UNKNOWN_LIMIT],
];

/** With compression, and everything else as it is by default. */
async function echoing(): Promise<{ readonly server: WebSocketServer; readonly port: number }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true });
  server.on('connection', (socket) => {
    // What a case breaks on purpose: without a listener that would be a crash.
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('It does not listen');
  return { server, port: bound.port };
}

it('finds in ws what is known to differ, and nothing else', { timeout: 180_000 }, async () => {
  const { server, port } = await echoing();
  const results: CheckedCase[] = [];
  const listener = {
    began: () => undefined,
    about: () => undefined,
    result: (result: CheckedCase) => results.push(result),
  };
  valueOf(await checkServer(`ws://127.0.0.1:${port}/`, {}, listener, new AbortController().signal));

  const count = (verdict: CheckVerdict): number => results.filter((one) => one.verdict === verdict).length;
  process.stdout.write(
    `rfc matrix, ws: ${results.length} cases, ${count('passed')} passed, ${count('remark')} remarks, ${count('failed')} failed, ${count('not-tried')} not tried\n`,
  );
  expect(results).toHaveLength(checkCases.length);
  expect(new Set(results.map(({ place }) => checkCases[place]?.id))).toEqual(new Set(checkCases.map(({ id }) => id)));
  const known = new Map(differences.map(([id, verdict]) => [id, verdict]));
  const news = results.filter(({ id, verdict }) => verdict !== (known.get(id) ?? 'passed'));
  expect(news.map(({ id, verdict, why, happened }) => ({ id, verdict, why, happened }))).toEqual([]);
  // Every connection was ended as it should be, or given up: none is left.
  await until(() => server.clients.size === 0, 'the end of all connections');
});
