/** Text, binary, nothing and 16 MiB, plain, in fragments and compressed, with each library, in both roles. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import type { FakeContext } from '../support/fake-context.ts';
import { valueOf } from '../support/outcome.ts';
import { connectTo } from '../support/raw-websocket.ts';
import { listening } from '../support/websocket-server.ts';
import { BYE, BYE_CLOSE, echoPeers, type EchoPeer, type Ended, type Manner } from './websocket-peers.ts';

const MIB = 1024 * 1024;
/** Above the length from which on a frame has 64 bits for it. */
const FRAGMENT = 70_000;

/** With any other, aiohttp answers 1000 and websockets raises an error. */
const NORMAL = 1000;

const manners: readonly (readonly [string, Manner])[] = [
  ['plain', { compress: false, fragments: false }],
  ['in fragments', { compress: false, fragments: true }],
  ['compressed', { compress: true, fragments: false }],
  ['compressed in fragments', { compress: true, fragments: true }],
];

function optionsFor({ compress, fragments }: Manner): Options {
  return { deflate: compress, fragmentSize: fragments ? FRAGMENT : null };
}

/** 16 MiB of which half can be compressed. */
function large(): Buffer {
  const bytes = Buffer.alloc(16 * MIB, 'again and ');
  randomBytes(8 * MIB).copy(bytes, 4 * MIB);
  return bytes;
}

const messages: readonly (readonly ['text' | 'binary', Buffer])[] = [
  ['text', Buffer.from('grüße 안녕 🙂\0\r\n')],
  ['binary', Buffer.of(0xff, 0xfe, 0, 0x80)],
  ['text', Buffer.alloc(0)],
  ['binary', Buffer.alloc(0)],
  // Around the lengths at which the head of a frame grows (RFC 6455 §5.2).
  ...[125, 126, 65_535, 65_536].map((length) => ['binary', randomBytes(length)] as const),
  ['text', Buffer.from('ü'.repeat(150_000))],
  ['binary', large()],
];

async function talk(
  { context, driver }: { readonly context: FakeContext; readonly driver: Driver },
  { can }: EchoPeer,
  manner: Manner,
  ended: Promise<Ended>,
): Promise<void> {
  const extensions = String(context.of('open')[0]?.meta.extensions);
  if (manner.compress && can.agreeToDeflate) expect(extensions).toMatch(/^permessage-deflate/);
  else expect(extensions).toBe('');
  for (const [kind, bytes] of messages) valueOf(await driver.send(1, bytes, kind));
  await context.until(() => context.messages('in').length === messages.length, 'everything to come back');
  const came = context.records.filter(({ kind, direction }) => direction === 'in' && /^(?:text|binary)$/.test(kind));
  expect(came.map(({ kind, payload }) => [kind, payload?.length])).toEqual(
    messages.map(([kind, bytes]) => [kind, bytes.length]),
  );
  for (const [index, [, bytes]] of messages.entries()) expect(came[index]?.payload?.equals(bytes)).toBe(true);
  const last = came.at(-1)?.meta ?? {};
  if (manner.compress && can.sendCompressed) expect(last.compressed).toBeLessThan(12 * MIB);
  if (manner.fragments && can.sendFragments) expect(last.frames).toBeGreaterThan(1);
  expect(context.of('violation')).toEqual([]);

  // The one side begins the end in some of the tests, the other in the rest.
  const began = manner.fragments ? 'peer' : 'us';
  if (began === 'peer') valueOf(await driver.send(1, Buffer.from(BYE), 'text'));
  else valueOf(await driver.act('close', 1, { code: NORMAL, reason: 'done' }));
  await context.untilRow('socketClose', 'none', 1);
  const { code } = began === 'peer' ? BYE_CLOSE : { code: NORMAL };
  expect(context.of('socketClose')[0]?.meta).toMatchObject({ code, clean: true, began });
  expect((await ended).code).toBe(code);
}

describe.each(manners)('%s', (_name, manner) => {
  // To one that declines compression, a person offers it as well; once is enough.
  const peers = echoPeers.filter(({ can }) => can.agreeToDeflate || !manner.compress || !manner.fragments);

  it.each(peers.map((peer) => ({ name: peer.name, peer })))('our server talks with $name', async ({ peer }) => {
    const { context, driver, address } = await listening(optionsFor(manner));
    const ended = peer.connect(`ws://${address}/`, manner);
    await context.untilRow('open', 'none', 1);
    await talk({ context, driver }, peer, manner, ended);
  });

  const servers = peers.flatMap((peer) => (peer.serve === null ? [] : [{ name: peer.name, peer, serve: peer.serve }]));
  it.each(servers)('our client talks with $name', async ({ peer, serve }) => {
    const { url, ended } = await serve(manner);
    const { context, driver, opened } = connectTo(url, optionsFor(manner));
    valueOf(await opened);
    await talk({ context, driver }, peer, manner, ended);
  });
});
