/** Text, binary, nothing and 16 MiB, plain, in fragments and compressed, with each library, in both roles. */
import { randomBytes } from 'node:crypto';
import { describe, it } from 'vitest';
import { valueOf } from '../support/outcome.ts';
import { connectTo } from '../support/raw-websocket.ts';
import { listening } from '../support/websocket-server.ts';
import { echoPeers, type Manner } from './websocket-peers.ts';
import { optionsFor, talk, type Message } from './websocket-talk.ts';

const MIB = 1024 * 1024;

const manners: readonly (readonly [string, Manner])[] = [
  ['plain', { compress: false, fragments: false }],
  ['in fragments', { compress: false, fragments: true }],
  ['compressed', { compress: true, fragments: false }],
  ['compressed in fragments', { compress: true, fragments: true }],
];

/** 16 MiB of which half can be compressed. */
function large(): Buffer {
  const bytes = Buffer.alloc(16 * MIB, 'again and ');
  randomBytes(8 * MIB).copy(bytes, 4 * MIB);
  return bytes;
}

const messages: readonly Message[] = [
  ['text', Buffer.from('grüße 안녕 🙂\0\r\n')],
  ['binary', Buffer.of(0xff, 0xfe, 0, 0x80)],
  ['text', Buffer.alloc(0)],
  ['binary', Buffer.alloc(0)],
  // Around the lengths at which the head of a frame grows (RFC 6455 §5.2).
  ...[125, 126, 65_535, 65_536].map((length) => ['binary', randomBytes(length)] as const),
  ['text', Buffer.from('ü'.repeat(150_000))],
  ['binary', large()],
];

describe.each(manners)('%s', (_name, manner) => {
  // To one that declines compression, a person offers it as well; once is enough.
  const peers = echoPeers.filter(({ can }) => can.agreeToDeflate || !manner.compress || !manner.fragments);

  it.each(peers.map((peer) => ({ name: peer.name, peer })))('our server talks with $name', async ({ peer }) => {
    const { context, driver, address } = await listening(optionsFor(manner));
    const ended = peer.connect(`ws://${address}/`, manner);
    await context.untilRow('open', 'none', 1);
    await talk({ context, driver }, { peer, manner, ended, messages });
  });

  const servers = peers.flatMap((peer) => (peer.serve === null ? [] : [{ name: peer.name, peer, serve: peer.serve }]));
  it.each(servers)('our client talks with $name', async ({ peer, serve }) => {
    const { url, ended } = await serve(manner);
    const { context, driver, opened } = connectTo(url, optionsFor(manner));
    valueOf(await opened);
    await talk({ context, driver }, { peer, manner, ended, messages });
  });
});
