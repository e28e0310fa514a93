/** The opening handshake of a case: the request as bytes, changed as the case wants it, and what the answer says. */
import {
  formatHead,
  HeadReader,
  listOf,
  parseHead,
  parseStatusLine,
  valueOf,
  valuesOf,
  type Header,
  type HttpHead,
} from '../http-head.ts';
import { parseExtensions } from '../extension-list.ts';
import { acceptOf, writeHandshake, type HandshakePlan } from '../handshake-client.ts';
import { converse, type Conversation, type Wire } from '../../net/wire.ts';
import type { WebSocketUrl } from '../url.ts';
import type { HeaderChange } from './check-case.ts';
import type { PeerDeflate } from './peer-reader.ts';

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  /** First line, for a person. */
  readonly start: string;
}

/** What was agreed about compression, of each side. */
export interface AgreedDeflate {
  readonly server: PeerDeflate;
  readonly client: PeerDeflate;
  /** As the header says it. */
  readonly params: ReadonlyMap<string, string | null>;
}

const NAME = 'permessage-deflate';
const EXTENSIONS = 'Sec-WebSocket-Extensions';

/** @param offer of extensions, which takes the place of what the plan would offer; '' for none */
export function requestHead(plan: HandshakePlan, url: WebSocketUrl, offer: string): HttpHead {
  const headers = plan.headers.filter(([name]) => name.toLowerCase() !== EXTENSIONS.toLowerCase());
  const own: Header[] = offer === '' ? [] : [[EXTENSIONS, offer]];
  const { bytes } = writeHandshake({ ...plan, deflate: null, headers: [...headers, ...own] }, url, true);
  const head = parseHead(bytes);
  if (head === null) throw new Error('The handshake that was written cannot be read.');
  return head;
}

export function changed(head: HttpHead, change: HeaderChange): HttpHead {
  const removed = new Set((change.remove ?? []).map((name) => name.toLowerCase()));
  const set = new Map((change.set ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = head.headers
    .filter(([name]) => !removed.has(name.toLowerCase()))
    .map(([name, value]): Header => [name, set.get(name.toLowerCase()) ?? value]);
  const [, target = '/'] = head.start.split(' ');
  return { start: (change.start ?? head.start).replace('%s', target), headers: [...headers, ...(change.add ?? [])] };
}

/** @param split bytes of one write; 0: all at once */
export async function sendHead(wire: Wire, head: HttpHead, split: number): Promise<void> {
  const bytes = formatHead(head);
  const size = split === 0 ? bytes.length : split;
  const { socket } = wire;
  socket.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += size) {
    if (!socket.writable) return;
    await new Promise<void>((resolve) => {
      socket.write(bytes.subarray(at, at + size), () => resolve());
    });
  }
}

/** Null: what came is no answer of HTTP. */
export function readAnswer(wire: Wire, stop: AbortSignal): Promise<Conversation<Answer | null>> {
  const reader = new HeadReader();
  return converse(
    wire,
    (bytes) => {
      const end = reader.push(bytes);
      if (end === null) return null;
      const seen = reader.bytes;
      const head = end === -1 ? null : parseHead(seen.subarray(0, end));
      const line = head === null ? null : parseStatusLine(head.start);
      const value =
        head === null || line === null ? null : { status: line.status, headers: head.headers, start: head.start };
      return { value, rest: end === -1 ? new Uint8Array(0) : seen.subarray(end) };
    },
    stop,
  );
}

/** What is wrong with an answer 101 (RFC 6455 §4.2.2), or null. */
export function answerProblem({ headers }: Answer, request: HttpHead): string | null {
  if (valueOf(headers, 'Upgrade')?.toLowerCase() !== 'websocket') return 'the answer has no “Upgrade: websocket”';
  if (!listOf(headers, 'Connection').some((one) => one.toLowerCase() === 'upgrade')) {
    return 'the answer has no “Connection: Upgrade”';
  }
  const accept = acceptOf(valueOf(request.headers, 'Sec-WebSocket-Key') ?? '');
  return valueOf(headers, 'Sec-WebSocket-Accept') === accept ? null : 'Sec-WebSocket-Accept is wrong';
}

/** @returns null: no compression was agreed; a text: what is wrong with the answer */
export function agreedDeflate(headers: readonly Header[], offer: string): AgreedDeflate | string | null {
  const values = valuesOf(headers, EXTENSIONS);
  if (values.length === 0) return null;
  const list = parseExtensions(values.join(', '));
  if (!list.ok) return list.problem;
  const [extension, second] = list.value;
  if (extension === undefined) return null;
  if (offer === '' || extension.name !== NAME || second !== undefined) {
    return `the answer has an extension that was not offered: ${values.join(', ')}`;
  }
  const params = new Map(extension.params.map(({ name, value }) => [name, value]));
  if (offer.includes('server_no_context_takeover') && !params.has('server_no_context_takeover')) {
    return 'server_no_context_takeover was offered, and is not in the answer';
  }
  if (params.has('client_max_window_bits') && !offer.includes('client_max_window_bits')) {
    return 'client_max_window_bits is in the answer, and was not offered';
  }
  const bits = (name: string): number => Number(params.get(name) ?? 15);
  const server = bits('server_max_window_bits');
  const offered = Number(/server_max_window_bits=(\d+)/.exec(offer)?.[1] ?? 15);
  if (server > offered) return `server_max_window_bits=${offered} was offered, and the answer has ${server}`;
  return {
    server: { windowBits: server, contextTakeover: !params.has('server_no_context_takeover') },
    client: { windowBits: bits('client_max_window_bits'), contextTakeover: !params.has('client_no_context_takeover') },
    params,
  };
}
