/** What a server must not agree to: our client does not open, says why, and ends the connection. */
import { describe, expect, test } from 'vitest';
import type { Options } from '../../../src/drivers/spec.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { agree, connectTo, rawServer, type Opening } from '../../support/raw-websocket.ts';
import type { TcpRemote } from '../../support/tcp-remote.ts';

/** The server has agreed with these headers besides the usual ones. */
async function agreedWith(
  options: Options,
  headers: readonly string[],
): Promise<Opening & { readonly remote: TcpRemote; readonly address: string }> {
  const outside = await rawServer();
  const opening = connectTo(`ws://${outside.address}/`, options);
  const remote = await outside.next();
  await agree(remote, { headers });
  return { ...opening, remote, address: outside.address };
}

async function expectRefused(options: Options, headers: readonly string[], why: RegExp): Promise<void> {
  const { context, opened, remote, address } = await agreedWith(options, headers);
  const error = errorOf(await opened);
  expect(error.code).toBe('bad-handshake');
  expect(error.message).toContain(`${address} answered 101, but `);
  expect(error.message).toMatch(why);
  expect(error.hint).not.toBe('');
  // What was wrong can be looked at; nothing of WebSocket has been sent.
  expect(String(context.of('response', 'in')[0]?.payload)).toContain(headers[0]);
  expect(context.of('error')[0]?.meta.code).toBe('bad-handshake');
  expect(context.of('open')).toEqual([]);
  await remote.until(() => remote.hasEnded, 'the end');
  expect(remote.received.toString('latin1')).toMatch(/\r\n\r\n$/);
}

const EXTENSIONS = 'Sec-WebSocket-Extensions:';
const PROTOCOL = 'Sec-WebSocket-Protocol:';
const DEFLATE = `${EXTENSIONS} permessage-deflate`;

describe('an answer with extensions', () => {
  test.each<[string, Options, readonly string[], RegExp]>([
    ['that nobody knows', {}, [`${EXTENSIONS} x-mystery`], /not offered: x-mystery/],
    ['that nobody knows beside the one that was offered', {}, [`${DEFLATE}, x-mystery; a=1`], /not offered: x-mystery/],
    ['that were not offered', { deflate: false }, [DEFLATE], /not offered: permessage-deflate/],
    ['in other letters', {}, [`${EXTENSIONS} Permessage-Deflate`], /not offered: Permessage-Deflate/],
    ['twice', {}, [`${DEFLATE}, permessage-deflate`], /chose permessage-deflate twice/],
    ['in two headers', {}, [DEFLATE, DEFLATE], /has Sec-WebSocket-Extensions more than once/],
    ['in two headers, one of them empty', {}, [DEFLATE, EXTENSIONS], /has Sec-WebSocket-Extensions more than once/],
    ['that cannot be read', {}, [`${DEFLATE};;`], /where .* should be/],
  ])('%s', (_what, options, headers, why) => expectRefused(options, headers, why));
});

describe('an answer with permessage-deflate', () => {
  test.each<[string, Options, RegExp]>([
    ['server_max_window_bits=7', {}, /server_max_window_bits=7/],
    ['server_max_window_bits=16', {}, /server_max_window_bits=16/],
    ['server_max_window_bits=08', {}, /server_max_window_bits=08/],
    ['server_max_window_bits', {}, /server_max_window_bits/],
    ['server_max_window_bits=""', {}, /server_max_window_bits/],
    ['server_max_window_bits=12', { serverMaxWindowBits: 10 }, /server_max_window_bits=12, more than was offered/],
    ['client_max_window_bits', {}, /client_max_window_bits/],
    ['client_max_window_bits=12', { clientMaxWindowBits: 10 }, /client_max_window_bits=12, more than was offered/],
    ['server_no_context_takeover=1', {}, /server_no_context_takeover=1/],
    ['client_no_context_takeover; client_no_context_takeover', {}, /client_no_context_takeover twice/],
    ['level=9', {}, /no parameter level=9/],
  ])('and %s (%j)', (parameters, options, why) => expectRefused(options, [`${DEFLATE}; ${parameters}`], why));
});

describe('an answer with a subprotocol', () => {
  test.each<[string, Options, readonly string[], RegExp]>([
    ['when none was offered', {}, [`${PROTOCOL} chat`], /chose the subprotocol chat, which was not offered/],
    ['that was not offered', { subprotocols: 'chat, v2' }, [`${PROTOCOL} v3`], /chose the subprotocol v3/],
    ['in other letters', { subprotocols: 'chat' }, [`${PROTOCOL} CHAT`], /chose the subprotocol CHAT/],
    ['and another one', { subprotocols: 'chat, v2' }, [`${PROTOCOL} chat, v2`], /chose the subprotocol chat, v2/],
    [
      'in each of two headers',
      { subprotocols: 'chat, v2' },
      [`${PROTOCOL} chat`, `${PROTOCOL} v2`],
      /has Sec-WebSocket-Protocol more than once/,
    ],
  ])('%s', (_what, options, headers, why) => expectRefused(options, headers, why));

  test('that was offered, by a header of one’s own', async () => {
    const { context, opened } = await agreedWith({ headers: 'Sec-WebSocket-Protocol: mine' }, [`${PROTOCOL} mine`]);
    valueOf(await opened);
    expect(context.of('open')[0]?.meta.subprotocol).toBe('mine');
  });
});

test('an answer with a second Sec-WebSocket-Accept does not open', () =>
  expectRefused({}, ['Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA='], /Sec-WebSocket-Accept more than once/));
